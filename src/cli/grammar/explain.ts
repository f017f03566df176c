/** `resnetc explain`: the page of an error or of a rule. */
import type { AddCommand } from "./command.js";

const examples = `
Examples:
  resnetc explain R0301
  resnetc explain bias-before-batchnorm
  resnetc explain config-rule             what is wrong in a resnet.config.json
  resnetc explain                         all errors and rules
`;

export const addExplain: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("explain")
    .description("what an error or a rule means, with an example and its mending")
    .argument("[code]", "the code of an error, or the name of a rule")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (code: string | undefined, options: object) => {
      finish(await (await load.tool()).explainCommand(code, options, terminal));
    });
};
