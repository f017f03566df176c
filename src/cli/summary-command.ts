/** `resnetc summary SPEC`: the network as a table that reads like Table 1 of He et al. 2015. */
import type { Pair } from "../ops/attributes.js";
import { summarize, type RegionRow, type Summary, type SummaryRow } from "../graph/summary.js";
import { grouped, scaled } from "./numbers.js";
import { loadSpec, pickNetwork, sizesFrom, type SpecOptions } from "./spec.js";
import { status } from "./status.js";
import { colorsFor, type Colors, type Terminal } from "./terminal.js";

export interface SummaryOptions extends SpecOptions {
  /** One row for every layer. */
  readonly layers?: boolean;
  /** Sizes for a symbolic input: `224x224`. */
  readonly at?: string;
}

/** @returns the exit status. */
export function summaryCommand(spec: string, options: SummaryOptions, terminal: Terminal): number {
  const { graph } = pickNetwork(loadSpec(spec, options, terminal));
  const summary = summarize(graph, sizesFrom(graph, options.at));
  if (options.json) terminal.out(`${JSON.stringify(summary, undefined, 2)}\n`);
  else terminal.out(render(summary, options.layers ?? false, colorsFor(terminal.outColor)));
  return status.fine;
}

const numberColumns = 3;

function render(summary: Summary, layers: boolean, colors: Colors): string {
  const body = layers ? layerCells(summary) : summary.regions.flatMap(regionCells);
  const second = layers ? "operation" : "layers";
  const head = ["", "output", second, "parameters", "mult-adds", "field"];
  const closing = ["total", "", "", grouped(summary.parameters), macsOf(summary), ""];
  const rows = [head, ...body, closing];
  const widths = head.map((_title, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const right = column >= head.length - numberColumns;
        return right ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
      })
      .join("  ")
      .trimEnd();
  const rule = colors.dim("─".repeat(line(head).length));
  const title = `${colors.bold(summary.network)}, input ${summary.input}`;
  const lines = [
    title,
    "",
    colors.dim(line(head)),
    rule,
    ...body.map(line),
    rule,
    colors.bold(line(closing)),
  ];
  return `${lines.join("\n")}\n`;
}

function macsOf({ macs }: { readonly macs?: number }): string {
  return macs === undefined ? "?" : scaled(macs);
}

function fieldOf(field: Pair | undefined): string {
  if (field === undefined) return "";
  return field[0] === field[1] ? String(field[0]) : `${field[0]}x${field[1]}`;
}

function layerCells({ layers }: Summary): string[][] {
  return layers.map(({ name, output, op, ...row }) => [name, output, op, ...numbers(row)]);
}

function numbers(row: Omit<SummaryRow, "name" | "output">): string[] {
  const { parameters, macs, receptiveField } = row;
  return [
    parameters === 0 ? "" : grouped(parameters),
    macs === 0 ? "" : macsOf(macs === undefined ? {} : { macs }),
    fieldOf(receptiveField),
  ];
}

/** A region's rows: the layers of a repeated block stand in brackets, one above the other. */
function regionCells({ name, output, layers, count, kind, ...row }: RegionRow): string[][] {
  const repeated = kind === "stage";
  const longest = Math.max(0, ...layers.map((layer) => layer.length));
  const middle = layers.length >> 1;
  const shown = layers.map((layer, index) => {
    if (!repeated) return layer;
    const times = index === middle ? ` x ${count}` : "";
    return `[ ${layer.padEnd(longest)} ]${times}`;
  });
  const [first = "", ...rest] = shown;
  return [
    [name, output, first, ...numbers(row)],
    ...rest.map((layer) => ["", "", layer, "", "", ""]),
  ];
}
