/** `resnetc export SPEC --to FORMAT -o FILE`: a network with its weights, or these alone, for others. */
import { bracketed } from "../diagnostics/lists.js";
import { UsageError } from "../api/errors.js";
import { exportSpec, type ExportedModel, type ExportFormat } from "../api/export.js";
import type { ExportedWeights, WeightNames } from "../api/export-weights.js";
import type { Layout } from "../backends/onnx/layout.js";
import { columns, wrap } from "../diagnostics/display-width.js";
import { assignments, type SpecFlags } from "./given.js";
import { bytes, counted } from "../diagnostics/numbers.js";
import { status } from "./status.js";
import { layOutTable } from "./table.js";
import type { Terminal } from "./terminal.js";
import { namesInWords } from "./weights-line.js";

export interface ExportFlags extends SpecFlags {
  readonly to?: ExportFormat;
  readonly output?: string;
  readonly seed?: number;
  readonly checkpoint?: string;
  readonly weights?: string;
  readonly layout?: Layout;
  readonly names?: WeightNames;
}

/** @returns the exit status. */
export async function exportCommand(
  spec: string,
  flags: ExportFlags,
  terminal: Terminal,
): Promise<number> {
  const { to, output: path, seed, checkpoint, weights, layout, names } = flags;
  if (to === undefined) {
    throw new UsageError(
      "there is no format to export to",
      "name one: `--to onnx`, or `--to safetensors` for the weights alone",
    );
  }
  const parameters = assignments("--set", flags.set);
  const sources = { seed, checkpoint, weights };
  const exported = await exportSpec(spec, { to, path, parameters, ...sources, layout, names });
  if (flags.json) {
    const { graph, metadata, ...rest } = exported;
    const answer = { network: graph.name, ...rest, metadata: Object.fromEntries(metadata) };
    terminal.out(`${JSON.stringify(answer, undefined, 2)}\n`);
    return status.fine;
  }
  const what = checkpoint ?? weights ?? `fresh weights of seed ${seed ?? 0}`;
  if (exported.format === "onnx") print(exported, what, terminal);
  else printWeights(exported, what, terminal);
  return status.fine;
}

function printWeights(
  exported: ExportedWeights,
  weights: string,
  { out, err, width }: Terminal,
): void {
  const { graph, path, names, tensors, bytes: size, parameters, notes } = exported;
  const title = `${graph.name} with ${weights}, by ${namesInWords[names]}:`;
  out(`${wrap(title, width).join("\n")}\n`);
  const counts = `${counted(tensors, "tensor")}, ${counted(parameters, "parameter")}`;
  out(`  ${path}  ${bytes(size)}, ${counts}\n`);
  for (const note of notes) err(`${wrap(`note: ${note}`, width).join("\n")}\n`);
}

function print(model: ExportedModel, weights: string, { out, width }: Terminal): void {
  const { graph, path, opset, parameters, sizes, inputs, outputs } = model;
  const title = `${graph.name} with ${weights}, as ONNX (opset ${opset}):`;
  out(`${wrap(title, width).join("\n")}\n`);
  out(`  ${path}  ${bytes(model.bytes)}, ${counted(parameters, "parameter")}\n`);
  const values: readonly (readonly [kind: string, name: string, text: string])[] = [
    ...inputs.map((value) => ["  input", value.name, bracketed(value.dims)] as const),
    ...outputs.map((value) => ["  output", value.name, bracketed(value.dims)] as const),
    ...(sizes.length > 0 ? [["  sizes", "", sizes.join(", ")] as const] : []),
  ];
  const names = Math.max(...values.map(([, name]) => columns(name)));
  const room = width - "  output  ".length - names - 2;
  const rows = values.flatMap(([kind, name, text]) =>
    wrap(text, room).map((line, i) => (i === 0 ? [kind, name, line] : ["", "", line])),
  );
  for (const line of layOutTable(rows, ["left", "left", "left"])) out(`${line}\n`);
}
