/**
 * The commands of the toolchain around the language. Each is a function that imports what it needs when it is
 * called, so that one tool does not load the libraries of another.
 */
import type { Command } from "commander";
import type { CheckFlags } from "./check-command.js";
import type { DiagramFlags } from "./diagram-command.js";
import type { DiffFlags } from "./diff-command.js";
import type { ExplainFlags } from "./explain-command.js";
import type { FmtFlags } from "./fmt-command.js";
import type { Shell } from "./completion/shell.js";
import type { InitFlags } from "./init-command.js";
import type { DocsFlags } from "./docs-command.js";
import type { LintFlags } from "./lint-command.js";
import type { Terminal } from "./terminal.js";
import type { WatchFlags } from "./watch-command.js";

/** `resnetc init` */
export async function initCommand(
  folder: string | undefined,
  flags: InitFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./init-command.js")).initCommand(folder, flags, terminal);
}

/** `resnetc watch` */
export async function watchCommand(
  patterns: readonly string[],
  flags: WatchFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./watch-command.js")).watchCommand(patterns, flags, terminal);
}

/** `resnetc completion` */
export async function completionCommand(
  program: Command,
  shell: Shell | undefined,
  terminal: Terminal,
): Promise<number> {
  return (await import("./completion-command.js")).completionCommand(program, shell, terminal);
}

/** `check --fix` */
export async function fixCommand(
  specs: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./fix-command.js")).fixCommand(specs, flags, terminal);
}

/** `resnetc lint` */
export async function lintCommand(
  patterns: readonly string[],
  flags: LintFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./lint-command.js")).lintCommand(patterns, flags, terminal);
}

/** `resnetc diagram` */
export async function diagramCommand(
  spec: string,
  flags: DiagramFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./diagram-command.js")).diagramCommand(spec, flags, terminal);
}

/** `resnetc lsp` */
export async function lspCommand(terminal: Terminal): Promise<void> {
  (await import("./lsp-command.js")).lspCommand(terminal);
}

/** `resnetc explain` */
export async function explainCommand(
  wanted: string | undefined,
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./explain-command.js")).explainCommand(wanted, flags, terminal);
}

/** `resnetc fmt` */
export async function fmtCommand(
  patterns: readonly string[],
  flags: FmtFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./fmt-command.js")).fmtCommand(patterns, flags, terminal);
}

/** `resnetc diff` */
export async function diffCommand(
  specs: readonly string[],
  flags: DiffFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./diff-command.js")).diffCommand(specs, flags, terminal);
}

/** `resnetc docs` */
export async function docsCommand(
  patterns: readonly string[],
  flags: DocsFlags,
  terminal: Terminal,
): Promise<number> {
  return (await import("./docs-command.js")).docsCommand(patterns, flags, terminal);
}
