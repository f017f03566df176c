/**
 * The receptive field of every node: how many input pixels one output sees, per axis. Windows add
 * d (k - 1) times the distance between neighbouring outputs (Araujo, Norris and Sim 2019, "Computing
 * Receptive Fields of Convolutional Neural Networks"); at a merge the largest counts.
 */
import type { OpName } from "../ops/attributes.js";
import type { Operation, Window } from "../ops/operation.js";
import { operations } from "../ops/registry.js";
import type { Graph, NodeOf } from "./graph.js";

export interface ReceptiveField {
  /** Pixels seen, [height, width]; Infinity where the whole image is. */
  readonly size: readonly [number, number];
  /** The distance between neighbouring outputs, in pixels of the input. */
  readonly step: readonly [number, number];
}

/** Pixels of the input that one output sees, [height, width]; "all" where it sees the whole image. */
export type Sees = readonly [number, number] | "all";

/** What is seen through a field of such a size. */
export function seenThrough([height, width]: ReceptiveField["size"]): Sees {
  return Number.isFinite(height) && Number.isFinite(width) ? [height, width] : "all";
}

/** The side of what is seen, in pixels: `35`, `35x99`, `all`. */
export function printSees(sees: Sees): string {
  if (sees === "all") return "all";
  return sees[0] === sees[1] ? String(sees[0]) : sees.join("x");
}

/** The receptive fields of all nodes by name. */
export function receptiveFields(graph: Graph): ReadonlyMap<string, ReceptiveField> {
  const fields = new Map<string, ReceptiveField>();
  for (const node of graph.nodes) {
    const entering = node.inputs.map((name) => fields.get(name) ?? pixel);
    fields.set(node.name, through(node as NodeOf<OpName>, entering.reduce(larger, pixel)));
  }
  return fields;
}

const pixel: ReceptiveField = { size: [1, 1], step: [1, 1] };

function larger(a: ReceptiveField, b: ReceptiveField): ReceptiveField {
  return {
    size: [Math.max(a.size[0], b.size[0]), Math.max(a.size[1], b.size[1])],
    step: [Math.max(a.step[0], b.step[0]), Math.max(a.step[1], b.step[1])],
  };
}

function through(node: NodeOf<OpName>, field: ReceptiveField): ReceptiveField {
  if (node.op === "globalavgpool" || node.op === "flatten") {
    return { ...field, size: [Infinity, Infinity] };
  }
  if (node.op === "upsample") {
    const { factor } = (node as NodeOf<"upsample">).attributes;
    return { ...field, step: [field.step[0] / factor[0], field.step[1] / factor[1]] };
  }
  const window = windowOf(node);
  return window ? grow(field, window) : field;
}

function windowOf<K extends OpName>({ op, attributes }: NodeOf<K>): Window | undefined {
  const operation: Operation<K> = operations[op];
  return operation.window?.(attributes);
}

function grow(
  { size, step }: ReceptiveField,
  { kernel, stride, dilation }: Window,
): ReceptiveField {
  const along = (axis: 0 | 1): number =>
    size[axis] + dilation[axis] * (kernel[axis] - 1) * step[axis];
  return { size: [along(0), along(1)], step: [step[0] * stride[0], step[1] * stride[1]] };
}

/** The receptive field of what enters a head: the last map, before any pooling of the whole image. */
export function lastMapField(graph: Graph): ReceptiveField {
  const fields = receptiveFields(graph);
  const last = graph.nodes.findLast(({ type }) => type.spatial.length > 0);
  return (last && fields.get(last.name)) ?? pixel;
}
