/** Layers in the words of the figures of He et al. 2015: `3x3 conv, 64, /2`, `global avg pool`, `fc 1000`. */
import type { Node, NodeOf } from "../graph/graph.js";
import { isOnes, pair, side, strideText } from "../graph/layer-text.js";
import type { OpName } from "../ops/attributes.js";
import { printExtentsWhere, printType, type Domain, type TensorType } from "../shapes/index.js";

type Words<K extends OpName> = (node: NodeOf<K>) => string;

const words: { readonly [K in OpName]: Words<K> } = {
  input: ({ type }) => `image ${printType(type)}`,
  conv: ({ attributes: { kernel, channels, stride, dilation, groups } }) =>
    [
      `${pair(kernel)} conv`,
      channels,
      ...strideText(stride),
      ...(isOnes(dilation) ? [] : [`dilation ${side(dilation)}`]),
      ...(groups === 1 ? [] : [`${groups} groups`]),
    ].join(", "),
  batchnorm: () => "batch norm",
  relu: () => "relu",
  sigmoid: () => "sigmoid",
  maxpool: ({ attributes: { kernel, stride } }) =>
    [`${pair(kernel)} max pool`, ...strideText(stride)].join(", "),
  avgpool: ({ attributes: { kernel, stride } }) =>
    [`${pair(kernel)} avg pool`, ...strideText(stride)].join(", "),
  globalavgpool: () => "global avg pool",
  flatten: () => "flatten",
  dense: ({ attributes: { channels } }) => `fc ${channels}`,
  dropout: ({ attributes: { rate } }) => `dropout ${rate}`,
  droppath: ({ attributes: { rate } }) => `droppath ${rate}`,
  upsample: ({ attributes: { factor } }) => `upsample ${side(factor)}`,
  subsample: ({ attributes: { stride } }) => strideText(stride).join(""),
  padchannels: ({ attributes: { channels } }) => `zeros up to ${channels}`,
  add: () => "+",
  concat: () => "concat",
  multiply: () => "×",
};

/** The layer in a figure's words. */
export function figureText(node: Node): string {
  return wordsOf(node as NodeOf<OpName>);
}

function wordsOf<K extends OpName>(node: NodeOf<K>): string {
  return words[node.op](node);
}

/** Height and width as the figures say them, one number for a square: `56`, `H x W`; 1 for a vector. */
export function sizeText({ spatial }: TensorType, domains: readonly Domain[]): string {
  const [height, width] = spatial;
  if (height === undefined) return "1";
  return height === width ? String(height) : printExtentsWhere(spatial, domains);
}
