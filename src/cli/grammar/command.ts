/** What the grammar of one command is given, and what it adds to: a file of this folder for each command. */
import type { Command } from "commander";
import type { Terminal } from "../terminal.js";

/** Loads commands that are too large to load for a check, when one of them is called for. */
export interface LoadCommands {
  /** Those that run tensors or read data. */
  readonly tensor: () => Promise<typeof import("../tensor-commands.js")>;
  /** Those of the toolchain around the language. */
  readonly tool: () => Promise<typeof import("../tool-commands.js")>;
}

export interface CommandParts {
  readonly terminal: Terminal;
  readonly load: LoadCommands;
  /** Takes the exit status of the command that ran. */
  readonly finish: (status: number) => void;
}

/** Adds one command, with its options and its help, to the program. Nothing is run until it is parsed. */
export type AddCommand = (program: Command, parts: CommandParts) => void;
