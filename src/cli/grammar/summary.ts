/** `resnetc summary`: one spec in, a table. */
import { summaryCommand } from "../summary-command.js";
import type { AddCommand } from "./command.js";
import { collect, set } from "./options.js";

const examples = `
Examples:
  resnetc summary specs/resnet50.resnet
  resnetc summary specs/resnet-cifar10.resnet#ResNet20 --layers
  resnetc summary - < net.resnet                     from standard input
`;

export const addSummary: AddCommand = (program, { terminal, finish }) => {
  program
    .command("summary")
    .description("the network as a table, with parameters and costs")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network; - for standard input")
    .option("--layers", "one row for every layer")
    .option("--at <size>", "the size of a symbolic input, such as 224x224")
    .option(...set, collect)
    .option("--stdin-filepath <spec>", "with -: the FILE, or FILE#Network, that it is")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (spec: string, options: object) => {
      finish(await summaryCommand(spec, options, terminal));
    });
};
