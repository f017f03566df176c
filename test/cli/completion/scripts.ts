/** The completion scripts of the program as it is, and what real shells make of them. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { completionCommand } from "../../../src/cli/completion-command.js";
import type { Shell } from "../../../src/cli/completion/shell.js";
import { makeProgram } from "../../../src/cli/grammar/program.js";
import { quietTerminal } from "../quiet-terminal.js";

/** The whole program; no command of it can be run. */
export const program = makeProgram({
  terminal: quietTerminal(() => undefined),
  load: {
    tensor: () => Promise.reject(new Error("No command is run here.")),
    tool: () => Promise.reject(new Error("No command is run here.")),
  },
  finish: () => undefined,
});

/** The script for a shell. */
export function scriptFor(shell: Shell): string {
  let script = "";
  completionCommand(
    program,
    shell,
    quietTerminal((text) => (script += text)),
  );
  return script;
}

/** Whether a shell is on this machine. */
export function hasShell(shell: Shell): boolean {
  return spawnSync(shell, ["-c", "exit 0"]).status === 0;
}

/**
 * What a shell offers for words of which the last is being typed, in `cwd`, sorted.
 * @param folder where the script can be put.
 */
export function offered(
  shell: Shell,
  words: readonly string[],
  { folder, cwd }: { readonly folder: string; readonly cwd: string },
): string[] {
  const script = join(folder, `completion.${shell}`);
  writeFileSync(script, scriptFor(shell));
  const here = (name: string): string => join(import.meta.dirname, name);
  const run = (program_: string, given: readonly string[]): string =>
    execFileSync(program_, given, { cwd, encoding: "utf8", timeout: 30_000 });
  const line = words.join(" ");
  let found: string[];
  if (shell === "bash") {
    found = run("bash", ["--norc", here("bash-words.sh"), script, ...words]).split("\n");
  } else if (shell === "zsh") {
    const text = run("zsh", ["-f", here("zsh-words.zsh"), script, line]);
    const shown = text.slice(text.lastIndexOf("[begin]"));
    found = [...shown.matchAll(/<([^>]*)>/g)].map(([, word = ""]) => word);
  } else {
    const source = `source ${script}; complete -C ${JSON.stringify(line)}`;
    const lines = run("fish", ["--no-config", "-c", source]).split("\n");
    found = lines.map((each) => each.split("\t")[0] ?? "");
  }
  return [...new Set(found.map((word) => word.trim()).filter((word) => word !== ""))].sort();
}
