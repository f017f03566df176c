/** `resnetc lint`: specs in, what rules find in them. */
import { Option } from "commander";
import type { AddCommand } from "./command.js";

const examples = `
Examples:
  resnetc lint                          every spec below the working folder
  resnetc lint specs "nets/**/*.resnet" folders, files and patterns
`;

export const addLint: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("lint")
    .description("what rules find in specs, beyond what the check proves")
    .argument("[spec...]", "files, folders and patterns; the working folder where left out")
    .addOption(
      new Option("--format <name>", "how findings are written")
        .choices(["pretty", "json"])
        .default("pretty"),
    )
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await (await load.tool()).lintCommand(specs, options, terminal));
    });
};
