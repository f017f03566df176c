/**
 * Operations that are sought by their name in PyTorch, torchvision, timm or Keras: what the same is called here, or
 * that there is none, with what comes nearest. None of these is a slip of spelling, however near a name of ours is.
 */
import type { Help } from "../diagnostics/diagnostic.js";
import type { OpName } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import { nearest } from "../diagnostics/nearest.js";
import type { Call } from "../syntax/ast.js";
import { matchArguments } from "./arguments.js";
import { callable, type Scope } from "./scope.js";

/** What is the same here, how its call is written, and whether it needs a stride to be the same. */
interface Same {
  readonly own: OpName;
  readonly example: string;
  readonly strided?: true;
}

/** What there is not, in a sentence, and the operation that leaves a shape like it, if one does. */
interface None {
  readonly help: string;
  readonly like?: OpName;
}

const conv: Same = { own: "conv", example: "conv 3x3, 64, /2" };
const batchnorm: Same = { own: "batchnorm", example: "batchnorm" };
const maxpool: Same = { own: "maxpool", example: "maxpool 2x2, /2", strided: true };
const avgpool: Same = { own: "avgpool", example: "avgpool 2x2, /2", strided: true };
const globalavgpool: Same = { own: "globalavgpool", example: "globalavgpool" };
const dense: Same = { own: "dense", example: "dense 10" };

const activation: None = {
  help: "there is none here; `relu` and `sigmoid` are the activations that there are",
  like: "relu",
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
const spatialDropout: None = {
  help: "there is none here; `dropout 0.3` drops numbers one by one, not whole channels",
  like: "dropout",
};
const depthwise: None = {
  help: "it is `conv` with as many groups as channels: `conv 3x3, 64, groups: 64`",
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
const operationsElsewhere: Readonly<Record<string, Same | None>> = {
  adaptiveavgpool: globalavgpool,
  adaptiveavgpool2d: globalavgpool,
  adaptivemaxpool2d: globalmaxpool,
  add: added,
  averagepool: avgpool,
  averagepooling: avgpool,
  averagepooling2d: avgpool,
  avgpool2d: avgpool,
  batchnorm1d: batchnorm,
  batchnorm2d: batchnorm,
  batchnormalization: batchnorm,
  bn: batchnorm,
  celu: activation,
  concat: joined,
  concatenate: joined,
  conv2d: conv,
  conv2dtranspose: transposed,
  convolution: conv,
  convolution2d: conv,
  convtranspose: transposed,
  convtranspose2d: transposed,
  deconv: transposed,
  deconv2d: transposed,
  deconvolution: transposed,
  depthtospace: rearranged,
  depthwiseconv: depthwise,
  depthwiseconv2d: depthwise,
  dropout2d: spatialDropout,
  droppath,
  dwconv: depthwise,
  elu: activation,
  fc: dense,
  fullyconnected: dense,
  gap: globalavgpool,
  gelu: activation,
  globalaveragepool: globalavgpool,
  globalaveragepooling: globalavgpool,
  globalaveragepooling2d: globalavgpool,
  globalavgpool2d: globalavgpool,
  globalmaxpool,
  globalmaxpool2d: globalmaxpool,
  globalmaxpooling2d: globalmaxpool,
  groupnorm: normalisation,
  groupnormalization: normalisation,
  hardsigmoid: activation,
  hardswish: activation,
  instancenorm: normalisation,
  instancenorm2d: normalisation,
  layernorm: normalisation,
  layernorm2d: normalisation,
  layernormalization: normalisation,
  leakyrelu: activation,
  linear: dense,
  localresponsenorm: normalisation,
  logsoftmax: softmax,
  lrn: normalisation,
  maxpool2d: maxpool,
  maxpooling: maxpool,
  maxpooling2d: maxpool,
  mish: activation,
  multiply: scaled,
  pad: padding,
  pixelshuffle: rearranged,
  prelu: activation,
  relu6: activation,
  reshape: reshaped,
  rmsnorm: normalisation,
  se: scaled,
  selu: activation,
  separableconv: separable,
  separableconv2d: separable,
  sepconv: separable,
  silu: activation,
  softmax,
  softplus: activation,
  spatialdropout2d: spatialDropout,
  squeezeexcitation: scaled,
  squeezeexcite: scaled,
  stochasticdepth: droppath,
  swish: activation,
  tanh: activation,
  transposedconv: transposed,
  upsampling2d: { own: "upsample", example: "upsample 2" },
  view: reshaped,
  zeropad2d: padding,
  zeropadding2d: padding,
};

/** What an operation of another name comes to here. */
export interface OperationElsewhere {
  readonly help: Help;
  /** What leaves a shape like it, and takes these arguments. */
  readonly like?: OpName;
}

/**
 * What an operation that there is not is called here, or what comes nearest; undefined where it is not known.
 *
 * @param names what can stand in a chain: of a name there that differs by its capitals alone this is a slip.
 */
export function operationElsewhere(
  call: Call,
  names: readonly string[],
): OperationElsewhere | undefined {
  const { text, span } = call.callee;
  const lower = text.toLowerCase();
  const plain = lower.replaceAll("_", "");
  if (names.some((name) => name.toLowerCase() === lower)) return undefined;
  if (!Object.hasOwn(operationsElsewhere, plain)) return undefined;
  const known = operationsElsewhere[plain];
  if (known === undefined) return undefined;
  if ("help" in known) {
    const { help, like } = known;
    return { help: { text: help }, ...(like && takes(like, call) && { like }) };
  }
  const { own, example, strided } = known;
  // Elsewhere a pool has its window's stride, where nothing is said.
  const isSame = takes(own, call) && (!strided || call.arguments.some(({ slash }) => slash));
  if (!isSame) return { help: { text: `here it is written \`${example}\`` } };
  const edits = [{ span, text: own }];
  return { help: { text: `here it is \`${own}\``, edits }, like: own };
}

/** The name in a chain that an unknown one was most likely meant to be. */
export function meantCallable({ found, unit, values }: Scope, call: Call): string | undefined {
  if (found.isFlooded) return undefined;
  const names = callable(unit, values.keys());
  const elsewhere = operationElsewhere(call, names);
  return elsewhere ? elsewhere.like : nearest(call.callee.text, names);
}

/** Whether the arguments of a call are written as an operation takes them here: `3x3` is a window and nothing else. */
function takes(op: OpName, call: Call): boolean {
  const { signature } = operations[op];
  const { problems, arguments: given } = matchArguments(call, op, signature);
  return (
    problems.length === 0 &&
    signature.every(({ name }) => {
      const argument = given.get(name);
      return (
        name !== "kernel" || !argument || argument.name || argument.value.kind === "dimensions"
      );
    })
  );
}
