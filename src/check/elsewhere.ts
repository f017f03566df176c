/**
 * Settings of a recipe, and their kinds, that are sought where they are not: by their name in PyTorch, torchvision,
 * timm or Keras, or in another setting.
 */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Name } from "../syntax/ast.js";
import { makersOf } from "./recipe-kinds.js";
import { unknownName } from "./scope.js";

/** By their name there, in small letters and without `_`: the kind that does it here. */
const kindsElsewhere: Readonly<Record<string, string>> = {
  bceloss: "bce",
  bcewithlogits: "bce",
  bcewithlogitsloss: "bce",
  binarycrossentropy: "bce",
  categoricalcrossentropy: "crossentropy",
  ce: "crossentropy",
  centrecrop: "centercrop",
  colorjitter: "jitter",
  cosineannealing: "cosine",
  cosineannealinglr: "cosine",
  cosinedecay: "cosine",
  crossentropyloss: "crossentropy",
  cutout: "erase",
  earlystopping: "plateau",
  fusedlamb: "lamb",
  grayscale: "grey",
  gray: "grey",
  greyscale: "grey",
  horizontalflip: "flip",
  linear: "polynomial",
  multistep: "step",
  multisteplr: "step",
  piecewiseconstant: "step",
  plateau: "onplateau",
  poly: "polynomial",
  polynomialdecay: "polynomial",
  polynomiallr: "polynomial",
  randerase: "erase",
  randomcrop: "crop",
  randomerasing: "erase",
  randomflip: "flip",
  randomhorizontalflip: "flip",
  randomresizedcrop: "resizedcrop",
  randomscale: "scale",
  reducelronplateau: "onplateau",
  rescaling: "normalize",
  sigmoidbinarycrossentropy: "bce",
  smallestmaxsize: "shorter",
  softmaxcrossentropy: "crossentropy",
  sparsecategoricalcrossentropy: "crossentropy",
  trivialaugmentwide: "trivialaugment",
};

const verticalFlip = { beside: "flip", help: "here it is `flip vertical: true`" };
const falling = {
  beside: "polynomial",
  help: "there is none here; `polynomial(power: 3)` and `cosine` fall in much the same way",
};
const rising = {
  beside: "cosine",
  help: "a rise and a fall are `cosine(warmup: 5)`, or along lines `polynomial(warmup: 5)`",
};

const noSuchAdam = {
  beside: "adamw",
  help: "there is none here; `adam` and `adamw` are the nearest",
};
const nesterov = {
  beside: "sgd",
  help: "it is an argument of `sgd`: `sgd(0.1, momentum: 0.9, nesterov: true)`",
};
const sgdw = {
  beside: "sgd",
  help: "there is none here; `sgd(0.1, momentum: 0.9, decay: 1e-4)` adds the decay to the gradient",
};
const layerwise = {
  beside: "lamb",
  help: "there is none here; `lamb` has a rate of its own for every layer too",
};

/** What is not the same here under another name, in a sentence, by its name there; it is for the setting of the kind beside it. */
const kindSentences = new Map([
  [
    "Resize",
    {
      beside: "resize",
      help: "torchvision's `Resize(256)` is `shorter 256` here; `resize 256` brings both sides to it, as in Keras",
    },
  ],
  ["adabelief", noSuchAdam],
  ["adadelta", noSuchAdam],
  ["adafactor", noSuchAdam],
  ["adagrad", noSuchAdam],
  ["adamax", noSuchAdam],
  ["exponential", falling],
  ["exponentialdecay", falling],
  ["exponentiallr", falling],
  ["lars", layerwise],
  [
    "linearlr",
    {
      beside: "polynomial",
      help: "PyTorch's `LinearLR` is a warm-up, `constant(warmup: 5)`; a line down to the end is `polynomial`",
    },
  ],
  ["lion", noSuchAdam],
  ["nadam", noSuchAdam],
  ["nesterov", nesterov],
  ["onecycle", rising],
  ["onecyclelr", rising],
  ["radam", noSuchAdam],
  ["rmsprop", noSuchAdam],
  ["sgdw", sgdw],
  ["randomverticalflip", verticalFlip],
  ["verticalflip", verticalFlip],
]);

/** What is a setting elsewhere: the setting here, an argument of one with an example, or a sentence. */
type Elsewhere =
  | { readonly own: string }
  | { readonly argument: string; readonly of: string; readonly example: string }
  | { readonly help: string };

const rate = { argument: "rate", of: "optimizer", example: "sgd(0.1, momentum: 0.9)" };
const momentum = { ...rate, argument: "momentum" };
const decay = { argument: "decay", of: "optimizer", example: "sgd(0.1, decay: 1e-4)" };
const smoothing = { argument: "smoothing", of: "loss", example: "crossentropy(smoothing: 0.1)" };
const threshold = { argument: "threshold", of: "loss", example: "bce(threshold: 0.2)" };
const classWeights = {
  help:
    "a weight for every class is `weights` of `loss`, `loss crossentropy(weights: [1, 2.5])`; " +
    "weights by how rare classes are come from `balance`, `loss crossentropy(balance: 1)`",
};
const warmup = { argument: "warmup", of: "schedule", example: "cosine(warmup: 5)" };
const patience = { argument: "patience", of: "stop", example: "plateau(5)" };
const monitor = {
  help: "by what an epoch is the best is `best`: `best accuracy`, `best loss` or `best balanced`, of validation",
};
const float32 = { help: "training is in float32 alone" };

/** By their name there, in small letters and without `_`. */
const settingsElsewhere: Readonly<Record<string, Elsewhere>> = {
  accumulationsteps: { own: "accumulate" },
  amp: float32,
  augmentation: { own: "augment" },
  augmentations: { own: "augment" },
  batchsize: { own: "batch" },
  bceloss: { help: "it is a kind of `loss`: `loss bce`" },
  bcetargetthresh: threshold,
  classweight: classWeights,
  classweights: classWeights,
  clipgrad: { own: "clip" },
  clipnorm: { own: "clip" },
  criterion: { own: "loss" },
  dataset: { own: "data" },
  decay,
  dropout: { help: "it is an operation of the network: `dropout 0.3`; a recipe has `droppath`" },
  droppathrate: { own: "droppath" },
  earlystopping: patience,
  evalmetric: monitor,
  gradaccumsteps: { own: "accumulate" },
  gradclip: { own: "clip" },
  gradientaccumulation: { own: "accumulate" },
  gradientclipping: { own: "clip" },
  labelsmoothing: smoothing,
  learningrate: rate,
  lr: rate,
  maxepochs: { own: "epochs" },
  mixedprecision: float32,
  modelema: { own: "ema" },
  monitor,
  momentum,
  numepochs: { own: "epochs" },
  numworkers: { help: "batches are made by threads, one for every core but one" },
  patience,
  preprocessing: { own: "preprocess" },
  randomseed: { own: "seed" },
  rate,
  scheduler: { own: "schedule" },
  smoothing,
  stochasticdepth: { own: "droppath" },
  threshold,
  transform: { own: "augment" },
  transforms: { own: "augment" },
  warmup,
  warmupepochs: warmup,
  weightdecay: decay,
};

/** Whether a setting that there is not would be read as one that there is. */
export type Reads = (own: string) => boolean;

/**
 * What a setting that there is not is called here, or how it is written; undefined where that is not known.
 *
 * @param isOverride whether it comes from a command line or a program, not from a recipe.
 * @param reads says what could take its value as it is; a setting that is written already could not.
 */
export function settingElsewhere(
  key: Name,
  isOverride: boolean,
  reads: Reads,
): { readonly own?: string; readonly help: Help } | undefined {
  const plain = key.text.toLowerCase().replaceAll("_", "");
  const found = Object.hasOwn(settingsElsewhere, plain) ? settingsElsewhere[plain] : undefined;
  if (found === undefined) {
    const own = settingOf(key.text);
    if (own === undefined) return undefined;
    return { own, help: { text: kindText(key.text, own) } };
  }
  if ("help" in found) return { help: { text: found.help } };
  if ("argument" in found) {
    const { argument, of, example } = found;
    const written = isOverride ? `give \`${of}.${argument}\`` : `\`${of} ${example}\``;
    return { help: { text: `it is \`${argument}\` of \`${of}\`: ${written}` } };
  }
  const { own } = found;
  const text = `here it is \`${own}\``;
  if (isOverride || !reads(own)) return { own, help: { text } };
  const edits = [{ span: key.span, text: own }];
  return { own, help: { text, edits, applicability: "unsafe" } };
}

/** How a kind is written that is given as a setting by itself. */
function kindText(kind: string, setting: string): string {
  return setting === "augment" || setting === "preprocess"
    ? `it is a step of \`${setting}\`: \`${setting} { … -> ${kind} … }\``
    : `it is a kind of \`${setting}\`: \`${setting} ${kind}(…)\``;
}

/** There is no kind of this name; where it is to be found instead, if that is known. */
export function unknownKind(name: Name, kind: string, names: readonly string[]): Diagnostic {
  const plain = name.text.toLowerCase().replaceAll("_", "");
  const sentence = kindSentences.get(name.text) ?? kindSentences.get(plain);
  if (sentence !== undefined && names.includes(sentence.beside)) {
    return diagnostic("R0201", name.span, { kind, name: name.text }, { help: sentence.help });
  }
  const own = Object.hasOwn(kindsElsewhere, plain) ? kindsElsewhere[plain] : undefined;
  if (own === undefined || !names.includes(own)) {
    const setting = settingOf(name.text);
    if (setting === undefined) return unknownName(name, kind, names);
    const help = `\`${name.text}\` stands in \`${setting}\``;
    return diagnostic("R0201", name.span, { kind, name: name.text }, { help });
  }
  // Its arguments may be others.
  const edits = [{ span: name.span, text: own }];
  const help = { text: `here it is \`${own}\``, edits, applicability: "unsafe" as const };
  return diagnostic("R0201", name.span, { kind, name: name.text }, { help });
}

function settingOf(kind: string): string | undefined {
  return Object.entries(makersOf).find(([, makers]) => Object.hasOwn(makers, kind))?.[0];
}
