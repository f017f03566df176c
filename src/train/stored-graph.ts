/**
 * Whether what a file has for a graph is one: of the form that the rest of the compiler relies on, and sound by
 * every operation's own rule. A file that was damaged, or changed by hand, is found out here and not where it is used.
 */
import type { Graph, Node, Origin, Output, Region, SymbolSizes } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import type {
  BatchNormAttributes,
  ConvAttributes,
  OpAttributes,
  OpName,
  PoolAttributes,
} from "../ops/attributes.js";
import type { Domain, SizeSet, SymbolicExtent, TensorType } from "../shapes/index.js";
import {
  either,
  fields,
  finite,
  flag,
  isRecord,
  kinds,
  list,
  oneOf,
  optional,
  text,
  tuple,
  whole,
  type Form,
} from "./json-values.js";

const positive = whole(1);
const pair = tuple(positive, positive);
const padding = tuple(whole(), whole());
const nothing = fields({});
const share: Form = (value) => finite(value) && Number(value) >= 0 && Number(value) < 1;

const pool = fields<PoolAttributes>({ kernel: pair, stride: pair, padding, ceil: flag });

const attributes: { readonly [K in OpName]: Form } = {
  input: nothing,
  conv: fields<ConvAttributes>({
    channels: positive,
    kernel: pair,
    stride: pair,
    padding,
    dilation: pair,
    groups: positive,
    bias: flag,
  }),
  batchnorm: fields<BatchNormAttributes>({ epsilon: finite, momentum: finite, gamma: finite }),
  relu: nothing,
  sigmoid: nothing,
  maxpool: pool,
  avgpool: pool,
  globalavgpool: nothing,
  flatten: nothing,
  dense: fields<OpAttributes["dense"]>({ channels: positive, bias: flag }),
  dropout: fields<OpAttributes["dropout"]>({ rate: share }),
  droppath: fields<OpAttributes["droppath"]>({ rate: share }),
  upsample: fields<OpAttributes["upsample"]>({ factor: pair }),
  subsample: fields<OpAttributes["subsample"]>({ stride: pair }),
  padchannels: fields<OpAttributes["padchannels"]>({ channels: positive }),
  add: nothing,
  concat: nothing,
  multiply: nothing,
};

const anyInteger = whole(Number.MIN_SAFE_INTEGER);

const extent = either(
  positive,
  fields<SymbolicExtent>({
    symbol: text,
    steps: list(fields({ multiplier: positive, offset: anyInteger, divisor: positive })),
  }),
);

const type = fields<TensorType>({
  spatial: either(tuple(), tuple(extent, extent)),
  channels: positive,
  dtype: oneOf("float32"),
});

const node: Form = (value) =>
  isRecord(value) &&
  fields<Omit<Node, "attributes">>({
    name: text,
    op: oneOf(...Object.keys(attributes)),
    inputs: list(text),
    type,
    origin: optional(fields<Origin>({ file: text, start: whole(), end: whole() })),
  })(value) &&
  attributes[value["op"] as OpName](value["attributes"]);

const domain = fields<Domain>({
  symbol: text,
  conditions: list(
    kinds<Domain["conditions"][number]>({
      remainder: { modulus: positive, equal: flag, remainder: whole() },
      compare: { relation: oneOf("==", "!=", "<", "<=", ">", ">="), value: finite },
    }),
  ),
});

const ranges = list(fields({ first: anyInteger, last: anyInteger }));
const sizeSet = fields<SizeSet>({
  from: anyInteger,
  to: optional(anyInteger),
  modulus: positive,
  residues: ranges,
  except: ranges,
});

const graph = fields<Graph>({
  format: oneOf("resnetc-graph"),
  version: oneOf(1),
  name: text,
  domains: list(domain),
  sizes: optional(
    list(fields<SymbolSizes>({ symbol: text, text, admitted: sizeSet, sound: sizeSet })),
  ),
  nodes: list(node),
  outputs: list(fields<Output>({ name: text, node: text })),
  regions: list(
    fields<Region>({
      kind: oneOf("stem", "stage", "head"),
      name: text,
      count: whole(),
      block: optional(text),
    }),
  ),
});

/** Whether a value that was read as JSON is a sound graph. */
export function isStoredGraph(value: unknown): value is Graph {
  return graph(value) && verifyGraph(value as Graph).length === 0;
}
