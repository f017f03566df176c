/** `resnetc compile SPEC -o FOLDER`: the checked graph as JSON, and as a tf.LayersModel. */
import { join } from "node:path";
import { compileSpec, type CompiledFile } from "../api/compile.js";
import { openNetwork } from "../api/spec.js";
import { parametersOf } from "../api/values.js";
import { assignments, type SpecFlags } from "./given.js";
import { bytes } from "../diagnostics/numbers.js";
import { status } from "./status.js";
import { layOutTable } from "./table.js";
import type { Terminal } from "./terminal.js";

export interface CompileFlags extends SpecFlags {
  readonly output?: string;
  readonly seed?: number;
  readonly checkpoint?: string;
  readonly weights?: string;
  readonly graphOnly?: boolean;
}

/** @returns the exit status. */
export async function compileCommand(
  spec: string,
  flags: CompileFlags,
  terminal: Terminal,
): Promise<number> {
  const { seed, checkpoint, weights, graphOnly = false } = flags;
  const parameters = assignments("--set", flags.set);
  const folder = flags.output ?? join("build", networkName(spec, flags));
  const { graph, files } = await compileSpec(spec, {
    folder,
    parameters,
    graphOnly,
    seed,
    checkpoint,
    weights,
  });
  if (flags.json) {
    terminal.out(`${JSON.stringify({ network: graph.name, folder, files }, undefined, 2)}\n`);
    return status.fine;
  }
  const what = checkpoint ?? weights ?? `fresh weights of seed ${seed ?? 0}`;
  const table = layOutTable(fileRows(files), ["left", "right"]);
  terminal.out(`${graph.name}${graphOnly ? "" : ` with ${what}`}:\n${table.join("\n")}\n`);
  return status.fine;
}

/** A row for each file; the shards of large weights are one. */
function fileRows(files: readonly CompiledFile[]): string[][] {
  const isShard = ({ path }: CompiledFile): boolean => path.endsWith(".bin");
  const shards = files.filter(isShard);
  const [first] = shards;
  const rest = shards.length > 1 ? files.filter((file) => !isShard(file)) : files;
  const rows = rest.map(({ path, bytes: size }) => [`  ${path}`, bytes(size)]);
  if (first === undefined || shards.length < 2) return rows;
  const whole = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const name = first.path.replace(/shard\d+of/, "shard*of");
  return [[`  ${name} (${shards.length} files)`, bytes(whole)], ...rows];
}

function networkName(spec: string, flags: CompileFlags): string {
  const parameters = parametersOf(assignments("--set", flags.set));
  return openNetwork(spec, { parameters }).name;
}
