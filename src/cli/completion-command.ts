/** `resnetc completion`: prints what makes a shell complete the command line. */
import type { Command } from "commander";
import { UsageError } from "../api/errors.js";
import { explainedNames } from "../api/explain.js";
import { everyRule } from "../lint/registry.js";
import { settingDocs } from "../recipe/setting-docs.js";
import { bashCompletion } from "./completion/bash.js";
import { programWords, type ProgramWords } from "./completion/command-words.js";
import { fishCompletion } from "./completion/fish.js";
import { shellOf, type Shell } from "./completion/shell.js";
import { zshCompletion } from "./completion/zsh.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

const scripts: Readonly<Record<Shell, (words: ProgramWords) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/**
 * @param program the whole program, of which the scripts are made.
 * @param given the shell; the one that the command was called from where left out.
 * @returns the exit status.
 * @throws UsageError where none is given and none is seen.
 */
export function completionCommand(
  program: Command,
  given: Shell | undefined,
  terminal: Terminal,
): number {
  const shell = given ?? shellOf(process.env, process.ppid);
  if (shell === undefined) {
    throw new UsageError(
      "no shell that is known is running this",
      "name it: `resnetc completion bash`, `zsh` or `fish`",
    );
  }
  const words = programWords(program, {
    pages: explainedNames().map(({ name }) => name),
    rules: everyRule.map(({ name }) => name),
    settings: Object.keys(settingDocs),
  });
  terminal.out(scripts[shell](words));
  return status.fine;
}
