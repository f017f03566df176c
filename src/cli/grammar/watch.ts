/** `resnetc watch`: a command again after every change. */
import { Option } from "commander";
import type { WatchFlags } from "../watch-command.js";
import type { AddCommand } from "./command.js";
import { atLeastOne, collect, set } from "./options.js";

const examples = `
Examples:
  resnetc watch                              every spec below the working folder
  resnetc watch specs/mine.resnet            and all that it imports
  resnetc watch "nets/**/*.resnet" --command lint
  resnetc watch specs --json | jq .errors

New files that fit are taken up, deleted ones come back. Errors do not end it:
Ctrl-C does, with status 130.
`;

export const addWatch: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("watch")
    .description("check again after every change, until Ctrl-C")
    .argument("[spec...]", "files, folders and patterns; the working folder where left out")
    .addOption(
      new Option("--command <name>", "what to do after a change")
        .choices(["check", "lint", "summary"])
        .default("check"),
    )
    .option(...set, collect)
    .addOption(
      new Option(
        "--poll [ms]",
        "look at the files this often, where no changes are told; every 300 where it is alone",
      ).argParser(atLeastOne),
    )
    .option("--no-clear", "leave the screen as it is")
    .option("--json", "a line of JSON per round")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: WatchFlags) => {
      finish(await (await load.tool()).watchCommand(specs, options, terminal));
    });
};
