/** Kinds of a recipe that are sought where they are not: by their name in PyTorch, torchvision, timm or Keras, or in another setting. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
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
