/** The command in the process of the test, in its working folder: for cases too many to start a process for each. */
import type { LoadCommands } from "../../src/cli/grammar/command.js";
import { main } from "../../src/cli/main.js";
import type { Terminal } from "../../src/cli/terminal.js";

export interface EndedHere {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a terminal of 80 columns without colour. */
export function resnetc(...given: readonly string[]): Promise<EndedHere> {
  return resnetcWith({}, ...given);
}

/** The same, with other bundles of commands than those of the sources. */
export async function resnetcWith(
  others: Partial<LoadCommands>,
  ...given: readonly string[]
): Promise<EndedHere> {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ width: 80, outColor: false, errColor: false, interactive: false },
    onClosed: () => undefined,
  };
  const load = {
    tensor: () => import("../../src/cli/tensor-commands.js"),
    tool: () => import("../../src/cli/tool-commands.js"),
    ...others,
  };
  const status = await main(given, load, terminal);
  return { status, out, err };
}
