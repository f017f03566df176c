/**
 * The receptive field of every node: how many input pixels one output sees, per axis, from the first to the last, and
 * at most. Windows add d (k - 1) times the distance between neighbouring outputs (Araujo, Norris and Sim 2019,
 * "Computing Receptive Fields of Convolutional Neural Networks"). Behind an `upsample` outputs see differently much, and
 * each is followed by itself. What is seen of the border's padding counts.
 */
import type { OpName } from "../ops/attributes.js";
import type { Operation, Window } from "../ops/operation.js";
import { operations } from "../ops/registry.js";
import { gcd } from "../shapes/integers.js";
import type { Graph, Node, NodeOf } from "./graph.js";

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
  /** Of nodes that are still to be looked through, by how many. */
  const sights = new Map<string, { readonly sight: Sights; uses: number }>();
  const uses = new Map<string, number>();
  for (const name of graph.nodes.flatMap(({ inputs }) => inputs)) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const take = (name: string): Sights => {
    const known = sights.get(name);
    if (known === undefined) return pixels;
    known.uses -= 1;
    if (known.uses === 0) sights.delete(name);
    return known.sight;
  };
  for (const node of graph.nodes) {
    const [first, ...more] = node.inputs.map(take);
    const entering = more.reduce(
      (a, b): Sights => [merged(a[0], b[0]), merged(a[1], b[1])],
      first ?? pixels,
    );
    const sight = through(node as NodeOf<OpName>, entering);
    fields.set(node.name, fieldOf(sight));
    const left = uses.get(node.name);
    if (left !== undefined) sights.set(node.name, { sight, uses: left });
  }
  return fields;
}

/**
 * What the outputs of one axis see. They repeat: the outputs of one period see from `low` to `high`, each, and those of
 * the next the same `shift` pixels further on. Behind an `upsample` neighbours see the same, so that its period is its
 * factor; without one it is 1.
 */
interface Sight {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly shift: number;
}

type Sights = readonly [height: Sight, width: Sight];

const pixel: Sight = { low: [0], high: [0], shift: 1 };
const pixels: Sights = [pixel, pixel];

/** Longer periods than any network has are given up: what is widest then counts for all. */
const longestPeriod = 256;

function fieldOf([height, width]: Sights): ReceptiveField {
  return { size: [sizeOf(height), sizeOf(width)], step: [stepOf(height), stepOf(width)] };
}

/** Of the output that sees most. */
function sizeOf({ low, high }: Sight): number {
  return Math.max(...high.map((end, i) => end - (low[i] ?? end) + 1));
}

function stepOf({ low, shift }: Sight): number {
  return shift / low.length;
}

function through(node: NodeOf<OpName>, sights: Sights): Sights {
  if (node.op === "globalavgpool" || node.op === "flatten") {
    return [everything(sights[0]), everything(sights[1])];
  }
  if (node.op === "upsample") {
    const { factor } = (node as NodeOf<"upsample">).attributes;
    return [repeated(sights[0], factor[0]), repeated(sights[1], factor[1])];
  }
  const window = windowOf(node);
  return window ? [seenBy(sights[0], window, 0), seenBy(sights[1], window, 1)] : sights;
}

function windowOf<K extends OpName>({ op, attributes }: NodeOf<K>): Window | undefined {
  const operation: Operation<K> = operations[op];
  return operation.window?.(attributes);
}

function everything(sight: Sight): Sight {
  return uniform(Infinity, stepOf(sight));
}

/** Of outputs that all see alike. */
function uniform(size: number, step: number): Sight {
  const isAll = size === Infinity;
  return { low: [isAll ? -Infinity : 0], high: [isAll ? Infinity : size - 1], shift: step };
}

/** The bound of an output at any place, before the first as well. */
function boundAt(bounds: readonly number[], shift: number, place: number): number {
  const period = Math.floor(place / bounds.length);
  return (bounds[place - period * bounds.length] ?? 0) + period * shift;
}

function seenBy({ low, high, shift }: Sight, window: Window, axis: 0 | 1): Sight {
  const stride = window.stride[axis];
  const reach = window.dilation[axis] * (window.kernel[axis] - 1);
  const period = low.length / gcd(low.length, stride);
  const firsts = Array.from({ length: period }, (_, i) => i * stride - window.padding[axis]);
  return {
    low: firsts.map((first) => boundAt(low, shift, first)),
    high: firsts.map((first) => boundAt(high, shift, first + reach)),
    shift: (shift * period * stride) / low.length,
  };
}

function repeated(sight: Sight, factor: number): Sight {
  const { low, high, shift } = sight;
  if (low.length * factor > longestPeriod) return uniform(sizeOf(sight), stepOf(sight) / factor);
  return {
    low: low.flatMap((bound) => Array<number>(factor).fill(bound)),
    high: high.flatMap((bound) => Array<number>(factor).fill(bound)),
    shift,
  };
}

/** What is seen of both at once: of each output what reaches furthest. */
function merged(a: Sight, b: Sight): Sight {
  const period = (a.low.length * b.low.length) / gcd(a.low.length, b.low.length);
  const step = stepOf(a);
  // Maps of one size may have come to it by other strides: no output of the one stands where that of the other does.
  if (step !== stepOf(b) || period > longestPeriod) {
    return uniform(Math.max(sizeOf(a), sizeOf(b)), Math.max(step, stepOf(b)));
  }
  const places = Array.from({ length: period }, (_, i) => i);
  return {
    low: places.map((i) => Math.min(boundAt(a.low, a.shift, i), boundAt(b.low, b.shift, i))),
    high: places.map((i) => Math.max(boundAt(a.high, a.shift, i), boundAt(b.high, b.shift, i))),
    shift: step * period,
  };
}

/** The receptive field of what enters the head: its last map; of several heads, of that which sees most. */
export function lastMapField(graph: Graph): ReceptiveField {
  const fields = receptiveFields(graph);
  const isMap = ({ type }: Node): boolean => type.spatial.length > 0;
  const maps = graph.nodes.filter(isMap);
  // One before the last may see more than it, where `upsample` stands before a stride.
  const goOn = new Set(maps.flatMap(({ inputs }) => inputs));
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  let widest: ReceptiveField = fieldOf(pixels);
  for (const { name } of maps) {
    if (goOn.has(name) && !outputs.has(name)) continue;
    const field = fields.get(name);
    if (field && areaOf(field) >= areaOf(widest)) widest = field;
  }
  return widest;
}

function areaOf({ size: [height, width] }: ReceptiveField): number {
  return height * width;
}
