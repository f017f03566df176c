/** `resnetc check`: specs in, whether they are sound. */
import { checkCommand } from "../check-command.js";
import type { AddCommand } from "./command.js";
import { collect, set } from "./options.js";

const examples = `
Examples:
  resnetc check specs/resnet50.resnet
  resnetc check specs/*.resnet --json
  resnetc check specs/resnet-cifar10.resnet#CifarResNet --set n=4
`;

export const addCheck: AddCommand = (program, { terminal, finish }) => {
  program
    .command("check")
    .description("prove that every shortcut fits, or say what is wrong")
    .argument("<spec...>", "FILE.resnet, or FILE.resnet#Network")
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await checkCommand(specs, options, terminal));
    });
};
