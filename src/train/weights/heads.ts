/**
 * The heads of given weights, for the classes of the data that are trained on: a column of a head stands for a class, so
 * that columns are put in the order of those classes, and a head that tells others apart starts fresh.
 */
import { listed } from "../../diagnostics/lists.js";
import type { NamedTensor } from "../../engines/engine.js";
import { classifierNodes } from "../../graph/classifiers.js";
import type { Graph } from "../../graph/graph.js";

/**
 * What becomes of a head that could be taken: by its classes where left out; `keep` takes it as it is, whatever they are
 * called; `fresh` never.
 */
export type HeadChoice = "keep" | "fresh";

export interface HeadClasses {
  /** The classes that the weights tell apart, where their file says it. */
  readonly there: readonly string[] | undefined;
  /** Those of the data. */
  readonly here: readonly string[];
}

export interface Headed {
  /** By `NODE.PARAMETER`. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** Heads that keep fresh weights, each with why. */
  readonly fresh: readonly string[];
  readonly notes: readonly string[];
}

/** Weights by `NODE.PARAMETER` with their heads as the data need them. */
export function withHeads(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  { there, here }: HeadClasses,
  choice?: HeadChoice,
): Headed {
  const heads = [...classifierNodes(graph)].filter((node) =>
    [...weights.keys()].some((key) => isOf(key, node)),
  );
  const isSame = there === undefined || isEqual(there, here);
  if (heads.length === 0 || choice === "keep" || (isSame && choice === undefined)) {
    return { weights, fresh: [], notes: [] };
  }
  const ofHead = (key: string): boolean => heads.some((node) => isOf(key, node));
  const order = choice === "fresh" || there === undefined ? undefined : orderOf(there, here);
  if (order !== undefined) {
    const ordered = [...weights].map(
      ([key, tensor]) => [key, ofHead(key) ? reordered(tensor, order) : tensor] as const,
    );
    const note = "its classes are put in the order of the data's";
    return { weights: new Map(ordered), fresh: [], notes: [note] };
  }
  const why =
    choice === "fresh" || there === undefined
      ? "as asked for"
      : `${listed(there, shownClasses)} there, ${listed(here, shownClasses)} here`;
  return {
    weights: new Map([...weights].filter(([key]) => !ofHead(key))),
    fresh: heads.map((node) => `${node} starts fresh: ${why}`),
    notes: [],
  };
}

const shownClasses = 4;

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function isOf(key: string, node: string): boolean {
  return key.startsWith(`${node}.`);
}

/** For each class of `here` its place in `there`; undefined where they are not the same classes. */
function orderOf(there: readonly string[], here: readonly string[]): readonly number[] | undefined {
  if (there.length !== here.length) return undefined;
  const order = here.map((name) => there.indexOf(name));
  return order.includes(-1) || new Set(order).size < order.length ? undefined : order;
}

/** A tensor whose last axis is the classes, with these in another order. */
function reordered(tensor: NamedTensor, order: readonly number[]): NamedTensor {
  const { shape, data } = tensor;
  const classes = order.length;
  if (shape.at(-1) !== classes) return tensor;
  const made = data.slice();
  for (let start = 0; start < data.length; start += classes) {
    order.forEach((from, to) => (made[start + to] = data[start + from] ?? NaN));
  }
  return { shape, data: made };
}
