/** `resnetc lsp`: the language server that editors start. */
import type { AddCommand } from "./command.js";

const help = `
An editor starts it and speaks the Language Server Protocol with it, over its
standard input and output. docs/editor.md says how for VS Code, Neovim, Helix
and Emacs.

Examples:
  resnetc lsp                             the command that an editor is told
  npx resnetc lsp                         the same, of the project's own version

Exit status: 0 after the editor's \`shutdown\`, 1 where the editor ended without.
`;

export const addLsp: AddCommand = (program, { terminal, load }) => {
  program
    .command("lsp")
    .description("the language server, for editors")
    .option("--stdio", "speak over standard input and output, as it does anyway")
    .option("--clientProcessId <id>", "end when this process does")
    .addHelpText("after", help)
    .action(async () => {
      await (await load.tool()).lspCommand(terminal);
    });
};
