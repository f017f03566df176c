/** `resnetc fmt`: specs in, specs in their one layout out. */
import type { AddCommand } from "./command.js";

const examples = `
Examples:
  resnetc fmt                             every spec below the working folder
  resnetc fmt specs "nets/**/*.resnet"    folders, files and patterns
  resnetc fmt --check                     list what is not formatted
  resnetc fmt - < a.resnet                from standard input to standard output
  resnetc fmt --stdin-filepath a.resnet   the same, with a.resnet's settings

Lines are up to 100 columns wide. .prettierrc and .editorconfig near a spec may
say otherwise (printWidth, tabWidth, useTabs, endOfLine); what .gitignore and
.prettierignore of the working folder name is left out. Prettier does the same
with the plugin resnetc/prettier-plugin. A file with errors is left as it is.

Exit status: 0 formatted, 1 --check found a file that is not, or a file has
errors, 2 wrong use, such as a folder without specs, or a file that cannot be
written.
`;

export const addFmt: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("fmt")
    .description("give specs their one layout")
    .argument("[spec...]", "files, folders and patterns; the working folder where left out")
    .option("--check", "list the files that are not formatted; write nothing")
    .option("--stdin-filepath <file>", "format standard input, as the text of that file")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await (await load.tool()).fmtCommand(specs, options, terminal));
    });
};
