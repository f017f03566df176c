/** `resnetc summary SPEC`: the network as a table that reads like Table 1 of He et al. 2015. */
import { UsageError } from "../api/errors.js";
import { summarySpec } from "../api/summary-spec.js";
import type { SourceHost } from "../check/host.js";
import { printSees, type Sees } from "../graph/receptive-field.js";
import type { LayerRow, Quantities, Summary, SummaryRow } from "../graph/summary.js";
import { wrap } from "../diagnostics/display-width.js";
import { partsOf } from "../host/spec-files.js";
import { asFactor } from "../shapes/index.js";
import { assignments, sizeOf, type SpecFlags } from "./given.js";
import { bytes, grouped, scaled } from "../diagnostics/numbers.js";
import { status } from "./status.js";
import { layOutTable, type Alignment } from "./table.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { isOfInput, unsavedInput, type InputFlags } from "./unsaved-input.js";

export interface SummaryFlags extends SpecFlags, InputFlags {
  /** One row for every layer. */
  readonly layers?: boolean;
  /** Sizes for a symbolic input: `224x224`. */
  readonly at?: string;
}

/** @param spec `-` for what stands on standard input. @returns the exit status. */
export async function summaryCommand(
  spec: string,
  flags: SummaryFlags,
  terminal: Terminal,
): Promise<number> {
  const { stdinFilepath: given } = flags;
  if (!isOfInput([spec])) {
    if (given === undefined) return summarise(spec, flags, terminal);
    const help = `write \`resnetc summary - --stdin-filepath ${given}\``;
    throw new UsageError("--stdin-filepath is for standard input, and a file is named", help);
  }
  const { host, path } = await unsavedInput(
    given === undefined ? {} : { stdinFilepath: partsOf(given).file },
  );
  return summarise(given ?? path, flags, terminal, host);
}

/** @param host where files come from; the file system where left out. @returns the exit status. */
export function summarise(
  spec: string,
  flags: SummaryFlags,
  terminal: Terminal,
  host?: SourceHost,
): number {
  const at = sizeOf(flags.at);
  const parameters = assignments("--set", flags.set);
  const summary = summarySpec(spec, { parameters, at, host });
  if (flags.json) terminal.out(`${JSON.stringify(summary, undefined, 2)}\n`);
  else print(summary, flags.layers === true, terminal);
  return status.fine;
}

function print(summary: Summary, layers: boolean, { out, outColor, width }: Terminal): void {
  const colors = colorsFor(outColor);
  const { network, docs, sizes } = summary;
  const where = sizes.length === 0 ? "" : `, for every ${sizes.join(", ")}`;
  out(`${colors.bold(network)}, input ${shapeText(summary.input)}${where}\n`);
  for (const line of docs === "" ? [] : docs.split("\n").flatMap((each) => wrap(each, width))) {
    out(`${colors.dim(line)}\n`);
  }
  const alignment: Alignment[] = ["left", "left", "left", "right", "right", "right"];
  const head = [layers ? "layer" : "", "output", layers ? "" : "layers", ...titles];
  const total = ["total", "", "", ...quantities(summary, summary.sees)];
  const body = layers ? layerLines(summary.layers) : summary.rows.map(regionLines);
  const table = layOutTable([head, ...body.flat(), total], alignment);
  const ruler = colors.dim("─".repeat(Math.max(...table.map((line) => line.length))));
  const [first = "", ...rest] = table;
  const last = rest.pop() ?? "";
  out(`\n${colors.dim(first)}\n${ruler}\n`);
  for (const line of rest) out(`${line}\n`);
  out(`${ruler}\n${colors.bold(last)}\n`);
  const memory =
    summary.activationBytes === undefined
      ? "A size for the input, such as --at 224x224, gives the multiply-adds."
      : `Training keeps ${bytes(summary.activationBytes)} of activations for each image.`;
  out(`${colors.dim("field: the side of the receptive field, in pixels of the input.")}\n`);
  out(`${colors.dim(memory)}\n`);
}

const titles = ["parameters", "mult-adds", "field"] as const;

function quantities(row: Pick<Quantities, "parameters" | "macs">, sees: Sees): string[] {
  const { parameters, macs } = row;
  const cost = macs === undefined ? "?" : macs === 0 ? "" : scaled(macs);
  return [parameters === 0 ? "" : grouped(parameters), cost, printSees(sees)];
}

/** `56x56x64`, `H x W x 3`. */
function shapeText(extents: readonly string[]): string {
  const isSymbolic = extents.some((extent) => !/^\d+$/.test(extent));
  return extents.map(asFactor).join(isSymbolic ? " x " : "x");
}

/** Columns that a shape may take before it is broken over lines. */
const shapeRoom = 16;

/** A long symbolic shape stands an extent a line. */
function shapeLines(output: readonly string[]): string[] {
  const whole = shapeText(output);
  if (whole.length <= shapeRoom) return [whole];
  return output.map(asFactor).map((extent, index) => (index === 0 ? extent : `x ${extent}`));
}

/** A row: the layers of a repeated block stand in brackets, one above the other. */
function regionLines(row: SummaryRow): string[][] {
  const shape = shapeLines(row.output);
  const layers = row.kind === "stage" ? bracketed(row) : row.layers;
  const height = Math.max(1, shape.length, layers.length);
  const numbers = row.kind === "input" ? ["", "", ""] : quantities(row, row.sees);
  return Array.from({ length: height }, (_, line) => [
    line === 0 ? row.name : "",
    shape[line] ?? "",
    layers[line] ?? "",
    ...(line === 0 ? numbers : []),
  ]);
}

function bracketed({ layers, count, stride }: SummaryRow): string[] {
  const longest = Math.max(0, ...layers.map((layer) => layer.length));
  const times = ` x ${count}${stride === undefined ? "" : `, ${stride}`}`;
  return layers.map((layer, index) => {
    const isMiddle = index === (layers.length - 1) >> 1;
    return `[ ${layer.padEnd(longest)} ]${isMiddle ? times : ""}`;
  });
}

/** Layers under a line for each block, so that their names can be short. */
function layerLines(layers: readonly LayerRow[]): string[][][] {
  let place = "";
  return layers.map((layer) => {
    const path = layer.name.split(".");
    const depth = path[1]?.startsWith("block") === true ? 2 : 1;
    const own = path.length > depth ? path.slice(0, depth).join(".") : "";
    const heading = own === place || own === "" ? [] : [[own]];
    place = own;
    const name = own === "" ? layer.name : `  ${path.slice(depth).join(".")}`;
    const [first = "", ...more] = shapeLines(layer.output);
    return [
      ...heading,
      [name, first, layer.text, ...quantities(layer, layer.sees)],
      ...more.map((extent) => ["", extent]),
    ];
  });
}
