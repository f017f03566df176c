/**
 * The names of operations in PyTorch, torchvision, timm, Keras and ONNX, with what each of them is here: another name,
 * a step that is written out, or nothing, with what comes nearest.
 */
import { textOf } from "../source/source.js";
import type { OpName } from "../ops/attributes.js";
import type { Call } from "../syntax/ast.js";

/**
 * What is the same here, how its call is written, whether it needs a stride to be the same, and what is said where its
 * arguments may mean something else.
 */
export interface Same {
  readonly own: OpName;
  readonly example: string;
  readonly strided?: true;
  readonly unsure?: string;
}

/** What there is not, in a sentence, and the operation that leaves a shape like it, if one does. */
export interface None {
  readonly help: string;
  readonly like?: OpName;
}

/** What a call comes to as a whole, for which of them, and what is said of the others. */
export interface Whole {
  readonly whole: string;
  readonly of: (call: Call) => boolean;
  readonly help: string;
  readonly otherwise: string;
  readonly like?: OpName;
}

const conv: Same = { own: "conv", example: "conv 3x3, 64, /2" };
const batchnorm: Same = { own: "batchnorm", example: "batchnorm" };
const maxpool: Same = { own: "maxpool", example: "maxpool 2x2, /2", strided: true };
const avgpool: Same = { own: "avgpool", example: "avgpool 2x2, /2", strided: true };
const upsample: Same = { own: "upsample", example: "upsample 2" };
const globalavgpool: Same = { own: "globalavgpool", example: "globalavgpool" };
const dense: Same = { own: "dense", example: "dense 10" };

const activation: None = {
  help: "there is none here; `relu` and `sigmoid` are the activations that there are",
  like: "relu",
};
const silu: Whole = {
  whole: "gate { sigmoid }",
  of: ({ arguments: given }) => given.every(({ name }) => name?.text === "inplace"),
  help: "here it is `gate { sigmoid }`, which is x * sigmoid(x)",
  otherwise: "`gate { sigmoid }` is x * sigmoid(x)",
  like: "relu",
};
const hardswish: None = {
  help: "there is none here; it stands for SiLU, which is `gate { sigmoid }`",
  like: "relu",
};
const adaptiveavgpool: Whole = {
  whole: "globalavgpool",
  of: isOfOne,
  help: "with an output of 1 it is `globalavgpool`",
  otherwise:
    "with an output of 1 it is `globalavgpool`; for any other there is none here, and `avgpool` with a stride makes a map smaller",
  like: "globalavgpool",
};
const normalisation: None = {
  help: "there is none here; `batchnorm` is the one normalisation that there is",
  like: "batchnorm",
};
const softmax: None = {
  help: "the loss has it: a head ends with what goes into it, as in `dense 10`",
  like: "relu",
};
const globalmaxpool: None = {
  help: "there is none here; `globalavgpool` makes a vector of means",
  like: "globalavgpool",
};
const transposed: None = {
  help: "there is none here; `upsample 2 -> conv 3x3, 64` enlarges, and learns as much",
};
const rearranged: None = { help: "there is none here; `upsample 2` enlarges" };
const repeated: None = {
  help: "there is none here; `upsample 2` is the nearest, which repeats every value",
  like: "upsample",
};
const resized: Same = {
  ...upsample,
  unsure: "`upsample 2` enlarges by a whole factor; to a size of its own there is none here",
};
const condensed: None = {
  help: "there is none here; `conv 2x2, 64, /2` brings every 2x2 of a map into one place, and learns how",
};
const otherRank: None = {
  help: "there is none here: a map has a height and a width, and operations are for both",
};
const otherPool: None = {
  help: "there is none here; `maxpool` and `avgpool` are the pools that there are",
};
const cropped: None = {
  help: "there is none here: maps that meet are kept of one size by padding, and by a condition on the input",
};
const split: None = {
  help: "there is none here: every branch of `branches` is fed all channels, and a `conv 1x1` takes of them what it needs",
};
const shuffled: None = {
  help: "there is none here; a `conv 1x1` without groups mixes channels of all groups",
};
const permuted: None = {
  help: "there is none here: a map is height, width and channels throughout",
};
const spatialDropout: None = {
  help: "there is none here; `dropout 0.3` drops numbers one by one, not whole channels",
  like: "dropout",
};
const depthwise: None = {
  help: "it is `conv` with as many groups as channels come in: `conv 3x3, 64, groups: 64`",
};
const pointwise: None = { help: "it is `conv 1x1, 64`" };
const smaller: None = {
  help: "there is none here; a stride makes a map smaller: `conv 3x3, 64, /2`, `maxpool 2x2, /2`",
};
const synced: None = {
  help: "here it is written `batchnorm`: a run has one device",
  like: "batchnorm",
};
const separable: None = {
  help: "it is two convolutions: `conv 3x3, 64, groups: 64 -> conv 1x1, 128`",
};
const padding: None = {
  help: "padding is an argument of the window: `conv 3x3, 64, pad: 1`",
};
const added: None = {
  help: "what is added stands in braces: `branches sum { { … } { … } }`, or `residual { … } shortcut identity`",
};
const joined: None = { help: "what is joined stands in braces: `branches concat { { … } { … } }`" };
const scaled: None = {
  help: "channels are scaled by `gate { globalavgpool -> … -> sigmoid }`",
};
const droppath: None = { help: "it is a setting of a recipe: `droppath 0.1`", like: "relu" };
const reshaped: None = { help: "there is none here; `flatten` makes a vector of a map" };

/** By their name there, in small letters and without `_`. */
export const operationsElsewhere: Readonly<Record<string, Same | None | Whole>> = {
  adaptiveaveragepool2d: adaptiveavgpool,
  adaptiveaveragepooling2d: adaptiveavgpool,
  adaptiveavgpool,
  adaptiveavgpool1d: otherRank,
  adaptiveavgpool2d: adaptiveavgpool,
  adaptiveavgpool3d: otherRank,
  adaptivemaxpool: globalmaxpool,
  adaptivemaxpool2d: globalmaxpool,
  add: added,
  alphadropout: spatialDropout,
  averagepool: avgpool,
  averagepooling: avgpool,
  averagepooling2d: avgpool,
  avgpool1d: otherRank,
  avgpool2d: avgpool,
  avgpool3d: otherRank,
  batchnorm1d: batchnorm,
  batchnorm2d: batchnorm,
  batchnorm3d: otherRank,
  batchnormalization: batchnorm,
  batchrenorm: normalisation,
  bilinear: repeated,
  blurpool: otherPool,
  bn: batchnorm,
  celu: activation,
  centercrop: cropped,
  channelshuffle: shuffled,
  chunk: split,
  concat: joined,
  concatenate: joined,
  conv1d: otherRank,
  conv2d: conv,
  conv2dtranspose: transposed,
  conv3d: otherRank,
  convolution: conv,
  convolution2d: conv,
  convtranspose: transposed,
  convtranspose2d: transposed,
  crelu: activation,
  crop: cropped,
  cropping: cropped,
  cropping2d: cropped,
  deconv: transposed,
  deconv2d: transposed,
  deconvolution: transposed,
  depthtospace: rearranged,
  depthwise,
  depthwiseconv: depthwise,
  depthwiseconv2d: depthwise,
  depthwiseseparable: separable,
  depthwiseseparableconv: separable,
  downsample: smaller,
  downsampling: smaller,
  dropblock: spatialDropout,
  dropblock2d: spatialDropout,
  dropout1d: otherRank,
  dropout2d: spatialDropout,
  dropout3d: spatialDropout,
  droppath,
  dw: depthwise,
  dwconv: depthwise,
  elu: activation,
  fc: dense,
  fractionalmaxpool2d: otherPool,
  frelu: activation,
  fullyconnected: dense,
  gap: globalavgpool,
  gaussiandropout: spatialDropout,
  gelu: activation,
  globalaveragepool: globalavgpool,
  globalaveragepooling: globalavgpool,
  globalaveragepooling2d: globalavgpool,
  globalavgpool1d: otherRank,
  globalavgpool2d: globalavgpool,
  globalavgpool3d: otherRank,
  globallppool: globalmaxpool,
  globalmaxpool,
  globalmaxpool2d: globalmaxpool,
  globalmaxpooling2d: globalmaxpool,
  globalminpool: globalmaxpool,
  glu: activation,
  groupnorm: normalisation,
  groupnormalization: normalisation,
  hardsigmoid: activation,
  hardswish,
  hsigmoid: activation,
  hswish: hardswish,
  instancenorm: normalisation,
  instancenorm2d: normalisation,
  interpolate: resized,
  layernorm: normalisation,
  layernorm2d: normalisation,
  layernormalization: normalisation,
  leakyrelu: activation,
  linear: dense,
  localresponsenorm: normalisation,
  logsigmoid: activation,
  logsoftmax: softmax,
  lppool: otherPool,
  lppool2d: otherPool,
  lrn: normalisation,
  maxblurpool: otherPool,
  maxout: activation,
  maxpool1d: otherRank,
  maxpool2d: maxpool,
  maxpool3d: otherRank,
  maxpooling: maxpool,
  maxpooling2d: maxpool,
  maxroipool: otherPool,
  maxunpool: repeated,
  maxunpool2d: repeated,
  minpool: otherPool,
  mish: activation,
  multiply: scaled,
  normalize: normalisation,
  pad: padding,
  permute: permuted,
  pixelshuffle: rearranged,
  pixelunshuffle: condensed,
  pointwise,
  pointwiseconv: pointwise,
  prelu: activation,
  pwconv: pointwise,
  quickgelu: activation,
  reglu: activation,
  relu6: activation,
  reshape: reshaped,
  resize: resized,
  resizing: resized,
  rmsnorm: normalisation,
  rrelu: activation,
  se: scaled,
  selu: activation,
  separable,
  separableconv: separable,
  separableconv2d: separable,
  separableconvolution: separable,
  sepconv: separable,
  shuffle: shuffled,
  silu,
  slice: cropped,
  softmax,
  softplus: activation,
  softpool: otherPool,
  softsign: activation,
  spacetodepth: condensed,
  spatialdropout2d: spatialDropout,
  spectralnorm: normalisation,
  split,
  squeezeexcitation: scaled,
  squeezeexcite: scaled,
  stochasticdepth: droppath,
  subsample: smaller,
  sumpool: otherPool,
  swish: silu,
  syncbatchnorm: synced,
  tanh: activation,
  thresholdedrelu: activation,
  transpose: permuted,
  transposedconv: transposed,
  unflatten: permuted,
  unpool: repeated,
  unpooling: repeated,
  upsamplebilinear: repeated,
  upsamplenearest: upsample,
  upsampling: upsample,
  upsampling1d: otherRank,
  upsampling2d: upsample,
  upsampling3d: otherRank,
  upsamplingbilinear2d: repeated,
  upsamplingnearest2d: upsample,
  upscale: resized,
  view: reshaped,
  weightnorm: normalisation,
  zeropad2d: padding,
  zeropadding2d: padding,
};

/** Whether the one argument of a call is 1, in whatever form; one without any is taken for that too. */
function isOfOne({ arguments: given }: Call): boolean {
  const [only, ...more] = given;
  if (only === undefined) return true;
  return more.length === 0 && /^(?:1|1x1|\[\s*1\s*,\s*1\s*\])$/.test(textOf(only.value.span));
}
