/** A graph's nodes in the words of the language: `conv 3x3, 128, /2`. */
import type { Node, NodeOf } from "./graph.js";
import type { OpName, Pair } from "../ops/attributes.js";

type Describe<K extends OpName> = (attributes: NodeOf<K>["attributes"]) => readonly string[];

const nothing = (): readonly string[] => [];

/** What follows the operation's name. */
const arguments_: { readonly [K in OpName]: Describe<K> } = {
  input: nothing,
  conv: ({ kernel, channels, stride, padding, dilation, groups, bias }) => [
    pair(kernel),
    String(channels),
    ...strideText(stride),
    ...paddingText(padding, kernel, dilation),
    ...(isOnes(dilation) ? [] : [`dilation: ${pair(dilation)}`]),
    ...(groups === 1 ? [] : [`groups: ${groups}`]),
    ...(bias ? ["bias: true"] : []),
  ],
  batchnorm: ({ gamma }) => (gamma === 1 ? [] : [`gamma: ${gamma}`]),
  relu: nothing,
  sigmoid: nothing,
  maxpool: (pool) => window(pool),
  avgpool: (pool) => window(pool),
  globalavgpool: nothing,
  flatten: nothing,
  dense: ({ channels, bias }) => [String(channels), ...(bias ? [] : ["bias: false"])],
  dropout: ({ rate }) => [String(rate)],
  droppath: ({ rate }) => [String(rate)],
  upsample: ({ factor }) => [pair(factor)],
  subsample: ({ stride }) => strideText(stride),
  padchannels: ({ channels }) => [String(channels)],
  add: nothing,
  concat: nothing,
  multiply: nothing,
};

function window({ kernel, stride, padding, ceil }: NodeOf<"maxpool">["attributes"]): string[] {
  const plain: Pair = [1, 1];
  return [
    pair(kernel),
    ...strideText(stride),
    ...paddingText(padding, kernel, plain),
    ...(ceil ? ["ceil: true"] : []),
  ];
}

/** `3x3`. */
export function pair([height, width]: Pair): string {
  return `${height}x${width}`;
}

/** `2`, or `2x1` where the two differ. */
export function side(given: Pair): string {
  return given[0] === given[1] ? String(given[0]) : pair(given);
}

/** Whether a stride or a dilation is none. */
export function isOnes([height, width]: Pair): boolean {
  return height === 1 && width === 1;
}

/** `/2`, `/2x1`; nothing for a stride of 1. */
export function strideText(stride: Pair): string[] {
  return isOnes(stride) ? [] : [`/${side(stride)}`];
}

/** Nothing where it is the usual: half of an odd window on each side, none of an even one. */
function paddingText(padding: Pair, kernel: Pair, dilation: Pair): string[] {
  const usual = kernel.map((k, axis) => (k % 2 === 1 ? (dilation[axis] ?? 1) * ((k - 1) / 2) : 0));
  if (usual.every((rows, axis) => rows === padding[axis])) return [];
  return [`pad: ${side(padding)}`];
}

/** The node as the language writes it. */
export function describeLayer(node: Node): string {
  return describe(node as NodeOf<OpName>);
}

function describe<K extends OpName>({ op, attributes }: NodeOf<K>): string {
  const given = arguments_[op](attributes).join(", ");
  return given === "" ? op : `${op} ${given}`;
}

const unsaid: ReadonlySet<OpName> = new Set([
  "input",
  "batchnorm",
  "relu",
  "add",
  "padchannels",
  "subsample",
]);

/** Whether the paper's tables would list the node: no normalisation, no activation, no shortcut. */
export function isTableLayer({ op, name }: Node): boolean {
  return !unsaid.has(op) && !name.split(".").includes("shortcut");
}
