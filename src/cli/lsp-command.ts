/** `resnetc lsp`: the language server, on the process's own streams, for as long as the editor runs. */
import { startServer } from "../lsp/server.js";
import type { Terminal } from "./terminal.js";

/** Serves until the editor ends; the process ends with it, with 0 after a `shutdown` and 1 without. */
export function lspCommand({ err }: Terminal): void {
  if (process.stdin.isTTY) {
    err("This is for an editor to start: see docs/editor.md. Ctrl-D ends it.\n");
  }
  startServer(process.stdin, process.stdout);
}
