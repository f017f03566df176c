/** Settings of a recipe, and their kinds, that are sought where they are not: by their name in PyTorch, torchvision, timm or Keras, or in another setting. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Name } from "../syntax/ast.js";
import { makersOf } from "./recipe-kinds.js";
import { unknownName } from "./scope.js";

/** By their name there, in small letters and without `_`: the kind that does it here. */
const kindsElsewhere: Readonly<Record<string, string>> = {
  categoricalcrossentropy: "crossentropy",
  centrecrop: "centercrop",
  colorjitter: "jitter",
  cosineannealing: "cosine",
  cosineannealinglr: "cosine",
  cosinedecay: "cosine",
  crossentropyloss: "crossentropy",
  earlystopping: "plateau",
  horizontalflip: "flip",
  multistep: "step",
  multisteplr: "step",
  piecewiseconstant: "step",
  randomcrop: "crop",
  randomflip: "flip",
  randomhorizontalflip: "flip",
  randomresizedcrop: "resizedcrop",
  randomscale: "scale",
  rescaling: "normalize",
  smallestmaxsize: "shorter",
  sparsecategoricalcrossentropy: "crossentropy",
};

/** Settings by their name there, likewise: the setting here, or how what it says is written. */
const settingsElsewhere: Readonly<Record<string, { readonly own: string } | string>> = {
  amp: { own: "precision" },
  accumulationsteps: { own: "accumulate" },
  augmentation: { own: "augment" },
  augmentations: { own: "augment" },
  batchsize: { own: "batch" },
  clipgrad: { own: "clip" },
  clipnorm: { own: "clip" },
  criterion: { own: "loss" },
  dataset: { own: "data" },
  droppathrate: { own: "droppath" },
  earlystopping: { own: "stop" },
  gradaccumsteps: { own: "accumulate" },
  gradclip: { own: "clip" },
  gradientaccumulation: { own: "accumulate" },
  gradientclipping: { own: "clip" },
  maxepochs: { own: "epochs" },
  modelema: { own: "ema" },
  numepochs: { own: "epochs" },
  preprocessing: { own: "preprocess" },
  randomseed: { own: "seed" },
  scheduler: { own: "schedule" },
  stochasticdepth: { own: "droppath" },
  transform: { own: "augment" },
  transforms: { own: "augment" },
  cutmix: "it is a step of `augment`: `augment { flip -> cutmix 1 }`",
  labelsmoothing: "it is the loss's: `loss crossentropy(smoothing: 0.1)`",
  learningrate: "it is the optimizer's: `optimizer sgd(0.1, momentum: 0.9)`",
  lr: "it is the optimizer's: `optimizer sgd(0.1, momentum: 0.9)`",
  mixup: "it is a step of `augment`: `augment { flip -> mixup 0.2 }`",
  momentum: "it is the optimizer's: `optimizer sgd(0.1, momentum: 0.9)`",
  rate: "it is the optimizer's: `optimizer sgd(0.1, momentum: 0.9)`",
  smoothing: "it is the loss's: `loss crossentropy(smoothing: 0.1)`",
  warmup: "it is the schedule's: `schedule cosine(warmup: 5)`",
  warmupepochs: "it is the schedule's: `schedule cosine(warmup: 5)`",
  weightdecay: "it is the optimizer's: `optimizer sgd(0.1, decay: 1e-4)`",
};

/**
 * What a setting that there is not is called here, or how it is written; undefined where that is not known.
 *
 * @param free the settings that are not written yet.
 */
export function settingElsewhere(
  key: Name,
  free: readonly string[],
): { readonly own?: string; readonly help: Help } | undefined {
  const plain = key.text.toLowerCase().replaceAll("_", "");
  const found = Object.hasOwn(settingsElsewhere, plain) ? settingsElsewhere[plain] : undefined;
  if (found === undefined) return undefined;
  if (typeof found === "string") return { help: { text: found } };
  const { own } = found;
  const text = `here it is \`${own}\``;
  if (!free.includes(own)) return { own, help: { text } };
  const edits = [{ span: key.span, text: own }];
  return { own, help: { text, edits, applicability: "unsafe" } };
}

/** There is no kind of this name; where it is to be found instead, if that is known. */
export function unknownKind(name: Name, kind: string, names: readonly string[]): Diagnostic {
  const plain = name.text.toLowerCase().replaceAll("_", "");
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
