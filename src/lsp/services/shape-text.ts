/** In words, what flows through a place: "56x56x64 → 28x28x512, after 7 blocks, receptive field 99". */
import { listed } from "../../diagnostics/lists.js";
import { counted, grouped } from "../../diagnostics/numbers.js";
import type { ReceptiveField } from "../../graph/receptive-field.js";
import { printTypeWhere, type TensorType } from "../../shapes/index.js";
import type { Seen } from "../project/project.js";
import { measuresOf } from "./graph-measures.js";

/** How many of the other shapes of a place are listed. */
const othersShown = 4;

/** Lines of Markdown on what flows through a place, the first elaboration first; none where nothing does. */
export function shapeLines(seen: readonly Seen[]): readonly string[] {
  const [first, ...others] = seen;
  if (first === undefined) return [];
  const lines = [mainLine(first), costLine(first), whereLine(first, seen.length)];
  const rest = otherShapes(first, others);
  if (rest !== "") lines.push(rest);
  return lines.filter((line) => line !== "");
}

function mainLine(seen: Seen): string {
  const { before, after, blocks, guessed } = seen.passage;
  const [from, to] = [printedIn(seen, before), printedIn(seen, after)];
  const parts = [from === to ? `**${to}**` : `${from} → **${to}**`];
  if (blocks > 0) parts.push(`after ${counted(blocks, "block")}`);
  const field = fieldOf(seen);
  if (field) parts.push(`receptive field ${printField(field)}`);
  return `${parts.join(", ")}${guessed ? " (as far as can be told: something before it is in error)" : ""}`;
}

/** A shape under the conditions on the input of its network. */
export function printedIn({ passage, analysis }: Seen, type: TensorType): string {
  return printTypeWhere(type, analysis.trace.graphs.get(passage.network)?.graph.domains ?? []);
}

function fieldOf({ passage, analysis }: Seen): ReceptiveField | undefined {
  const traced = analysis.trace.graphs.get(passage.network);
  return traced && measuresOf(traced.graph).fields.get(passage.node);
}

/** One number where both axes see alike. */
function printField({ size: [height, width] }: ReceptiveField): string {
  if (!Number.isFinite(height)) return "the whole image";
  return height === width ? grouped(height) : `${grouped(height)}x${grouped(width)}`;
}

function costLine({ passage, analysis }: Seen): string {
  const traced = analysis.trace.graphs.get(passage.network);
  if (traced === undefined) return "";
  const { parameters, macs } = measuresOf(traced.graph).cost(...passage.nodes);
  if (parameters === 0 && macs === 0) return "";
  const work =
    macs === undefined ? "multiply-adds by the input's size" : `${grouped(macs)} multiply-adds`;
  return `${grouped(parameters)} parameters, ${work}`;
}

/** Where a passage was, without the place in the text: "in Basic(64), block 1 of 2 of stage conv2 of Net". */
export function printWhere({ passage, analysis }: Seen): string {
  const several = analysis.trace.graphs.size > 1;
  const [inner = ""] = passage.notes;
  const note = inner.replace(/ \([^()]*:\d+\)$/, "");
  const instance = passage.notes.length === 1 && note.includes(`${passage.network}(`);
  if (note === "" || instance) return several ? `in ${passage.network}` : "";
  return several || note.includes("stage") ? `${note} of ${passage.network}` : note;
}

function whereLine(seen: Seen, count: number): string {
  const where = printWhere(seen);
  if (count === 1) return where === "" ? "" : `*${where}*`;
  return `*${where === "" ? "" : `${where}; `}the first of ${grouped(count)} times*`;
}

function otherShapes(first: Seen, others: readonly Seen[]): string {
  const shape = (seen: Seen): string => {
    const { before, after } = seen.passage;
    const [from, to] = [printedIn(seen, before), printedIn(seen, after)];
    return from === to ? to : `${from} → ${to}`;
  };
  const shapes = new Map<string, number>();
  for (const each of others) shapes.set(shape(each), (shapes.get(shape(each)) ?? 0) + 1);
  shapes.delete(shape(first));
  if (shapes.size === 0) return "";
  const texts = [...shapes].map(([text, count]) => {
    return count === 1 ? text : `${text} (${grouped(count)} times)`;
  });
  return `also ${listed(texts, othersShown)}`;
}
