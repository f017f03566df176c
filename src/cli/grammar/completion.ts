/** `resnetc completion`: a script for a shell. */
import { Argument } from "commander";
import type { AddCommand } from "./command.js";

const help = `
Completes commands, options, their choices, specs and the networks in them:
resnetc summary specs/resnet.resnet#<Tab>

Examples:
  bash   in ~/.bashrc:
           eval "$(resnetc completion bash)"
  zsh    in ~/.zshrc, below compinit:
           eval "$(resnetc completion zsh)"
  fish   once, and after each new version of resnetc:
           resnetc completion fish > ~/.config/fish/completions/resnetc.fish
`;

/** Those of completion/shell.ts, which is not loaded for the help. */
const shells = ["bash", "zsh", "fish"] as const;

export const addCompletion: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("completion")
    .description("a script that makes your shell complete this command")
    .addArgument(
      new Argument("[shell]", "the shell you call this from where left out").choices(shells),
    )
    .addHelpText("after", help)
    .action(async (shell: (typeof shells)[number] | undefined) => {
      finish(await (await load.tool()).completionCommand(program, shell, terminal));
    });
};
