/** `resnetc engines`: what can run networks here. */
import type { AddCommand } from "./command.js";

const examples = `
Examples:
  resnetc engines                         what runs here, and how to get more
  resnetc engines --json                  the same for a program
`;

export const addEngines: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("engines")
    .description("what can run networks here, and how to get the rest")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (options: object) => {
      finish(await (await load.tensor()).enginesCommand(options, terminal));
    });
};
