/** `resnetc docs`: specs in, pages. */
import type { AddCommand } from "./command.js";
import { place } from "./options.js";

const examples = `
Examples:
  resnetc docs                        every spec below the working folder
  resnetc docs specs -o public/docs   folders, files and patterns
  resnetc docs specs --at 224         symbolic inputs as 224x224, with costs

--at is for all networks whose input is symbolic. One that is not for that size
keeps its symbols, and is named; a size that none of them takes is an error.
`;

export const addDocs: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("docs")
    .description("a page for every spec: picture, table, shapes and source")
    .argument("[spec...]", "files, folders and patterns; the working folder where left out")
    .option("-o, --output <folder>", "where to write them; build/docs where left out", place)
    .option("--at <size>", "the size of symbolic inputs, such as 224x224")
    .option("--json", "what was written as JSON")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await (await load.tool()).docsCommand(specs, options, terminal));
    });
};
