/** A terminal of 80 columns without colours, which nobody types at. */
import type { Terminal } from "../../src/cli/terminal.js";

/** @param out takes what is written to it. */
export function quietTerminal(out: (text: string) => void): Terminal {
  return {
    out,
    err: () => undefined,
    width: 80,
    outColor: false,
    errColor: false,
    interactive: false,
    onClosed: () => undefined,
  };
}
