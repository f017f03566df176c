/** `resnetc data`: a data set in, what is in it and what is wrong with it. */
import type { AddCommand } from "./command.js";
import { collect, set } from "./options.js";

const examples = `
Examples:
  resnetc data photos
  resnetc data specs/mine.resnet --data photos
  resnetc data "shapes(size: 32)" --json
`;

export const addData: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("data")
    .description("looks at every image before a run does: what cannot be used, what is there twice")
    .argument("<data>", "a folder, a call, or a spec, for whose recipe and network they are to be")
    .option("--recipe <name>", "which recipe of the spec, where the file has several")
    .option("--data <path>", "other data than the recipe's")
    .option("--with <setting=value>", "any value of the recipe", collect)
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (what: string, options: object) => {
      finish(await (await load.tensor()).dataCommand(what, options, terminal));
    });
};
