/** The kind of work that a profile counts a node of a graph under. */
import type { OpName } from "../ops/attributes.js";
import type { WorkKind } from "./step-profile.js";

/** Forward and, but for convolutions, backward too. */
export const kindOf: { readonly [K in OpName]: WorkKind } = {
  input: "other layers",
  conv: "convolution",
  batchnorm: "batch norm",
  relu: "activation",
  sigmoid: "activation",
  maxpool: "pooling",
  avgpool: "pooling",
  globalavgpool: "pooling",
  flatten: "other layers",
  dense: "dense",
  dropout: "other layers",
  droppath: "other layers",
  upsample: "other layers",
  subsample: "shortcut",
  padchannels: "shortcut",
  add: "shortcut",
  concat: "other layers",
  multiply: "other layers",
};
