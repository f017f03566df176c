/** `resnetc check`: specs in, whether they are sound. */
import { checkCommand } from "../check-command.js";
import type { AddCommand } from "./command.js";
import { collect, set } from "./options.js";

const examples = `
Examples:
  resnetc check                                  every spec below this folder
  resnetc check specs/resnet50.resnet
  resnetc check specs "nets/**/*.resnet" --json
  resnetc check specs/resnet-cifar10.resnet#CifarResNet --set n=4
  resnetc check specs/resnet.resnet --sizes      for which images is it sound?
  resnetc check specs --fix --dry-run            the mends, as a diff
  resnetc check specs --fix
  resnetc check - < net.resnet                   from standard input

--fix mends what has one mend: a misspelt name, a brace, a shortcut that must be
a projection. It writes whole files or nothing, and keeps no mend that brings
another error. --unsafe mends also what may have been meant, as an expectation.
`;

export const addCheck: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("check")
    .description("prove that every shortcut fits, or say what is wrong")
    .argument(
      "[spec...]",
      "files, with #Network for one of a file, folders and patterns; the working folder where left out",
    )
    .option(...set, collect)
    .option("--fix", "mend what can be mended, and say what that was")
    .option("--unsafe", "with --fix: mend also what may change the meaning")
    .option("--dry-run", "with --fix: show the change as a diff; write nothing")
    .option("--sizes", "say which sizes every network takes, and could take")
    .option("--stdin-filepath <file>", "check standard input, as the text of that file")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await checkCommand(specs, options, terminal, load));
    });
};
