/** `resnetc compile SPEC -o FOLDER`: the checked graph as JSON, and as a tf.LayersModel. */
import { join } from "node:path";
import { compileSpec } from "../api/compile.js";
import { openNetwork } from "../api/spec.js";
import { parametersOf } from "../api/values.js";
import { assignments, type SpecFlags } from "./given.js";
import { bytes } from "./numbers.js";
import { status } from "./status.js";
import { layOutTable } from "./table.js";
import type { Terminal } from "./terminal.js";

export interface CompileFlags extends SpecFlags {
  readonly output?: string;
  readonly seed?: number;
  readonly checkpoint?: string;
  readonly graphOnly?: boolean;
}

/** @returns the exit status. */
export async function compileCommand(
  spec: string,
  flags: CompileFlags,
  terminal: Terminal,
): Promise<number> {
  const { seed, checkpoint, graphOnly = false } = flags;
  const parameters = assignments("--set", flags.set);
  const folder = flags.output ?? join("build", networkName(spec, flags));
  const { graph, files } = await compileSpec(spec, {
    folder,
    parameters,
    graphOnly,
    ...(seed !== undefined && { seed }),
    ...(checkpoint !== undefined && { checkpoint }),
  });
  if (flags.json) {
    terminal.out(`${JSON.stringify({ network: graph.name, folder, files }, undefined, 2)}\n`);
    return status.fine;
  }
  const weights = checkpoint ?? `fresh weights of seed ${seed ?? 0}`;
  const rows = files.map(({ path, bytes: size }) => [`  ${path}`, bytes(size)]);
  const table = layOutTable(rows, ["left", "right"]);
  terminal.out(`${graph.name}${graphOnly ? "" : ` with ${weights}`}:\n${table.join("\n")}\n`);
  return status.fine;
}

function networkName(spec: string, flags: CompileFlags): string {
  const parameters = parametersOf(assignments("--set", flags.set));
  return openNetwork(spec, { parameters }).name;
}
