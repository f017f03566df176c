/** Arguments that are sought by their name in PyTorch, torchvision, timm or Keras: what the same is called here. */
import type { Help } from "../diagnostics/diagnostic.js";
import type { Name } from "../syntax/ast.js";

/** By their name there, in small letters and without `_`: what may be meant here, whichever the callee takes. */
const argumentsElsewhere: Readonly<Record<string, readonly string[]>> = {
  boundaries: ["at"],
  classweight: ["weights"],
  classweights: ["weights"],
  dilationrate: ["dilation"],
  drop: ["rate"],
  dropoutrate: ["rate"],
  eps: ["epsilon"],
  features: ["channels"],
  filters: ["channels", "width"],
  gamma: ["factor"],
  initiallearningrate: ["rate"],
  kernelsize: ["kernel"],
  labelsmoothing: ["smoothing"],
  learningrate: ["rate"],
  lr: ["rate"],
  m: ["magnitude"],
  milestones: ["at"],
  mindelta: ["least"],
  n: ["operations"],
  numgroups: ["groups"],
  numops: ["operations"],
  outchannels: ["channels", "width"],
  outfeatures: ["channels", "classes"],
  p: ["rate"],
  padding: ["pad"],
  planes: ["channels", "width"],
  poolsize: ["kernel"],
  probability: ["rate"],
  scalefactor: ["factor"],
  targetthresh: ["threshold"],
  targetthreshold: ["threshold"],
  threshold: ["least"],
  units: ["channels", "classes"],
  usebias: ["bias"],
  valsplit: ["validation"],
  validationsplit: ["validation"],
  warmupepochs: ["warmup"],
  weight: ["weights"],
  weightdecay: ["decay"],
};

/** Those whose numbers may mean something else there, or whose defaults do: boundaries may be steps, not epochs. */
const alike: ReadonlySet<string> = new Set([
  "boundaries",
  "drop",
  "gamma",
  "m",
  "n",
  "numgroups",
  "poolsize",
  "threshold",
  "weight",
]);

const antialias = {
  help: "images that shrink are antialiased always: leave it out",
  superfluous: true,
};
const floor = { own: "floor", help: "here it is `floor`, as a share of the rate: `floor: 0.01`" };
const comesIn = {
  help: "leave it out: what comes in is known from what is before it",
  superfluous: true,
};
const clip = { help: "it is a setting by itself: `clip 1`" };
const ofCrossEntropy = { help: "it is an argument of `loss crossentropy`" };

/** What is not the same under another name, in a sentence. */
interface Sentence {
  readonly help: string;
  /** What takes its place here, if that is an argument too. */
  readonly own?: string;
  /** Whether nothing takes its place, and it can be left out. */
  readonly superfluous?: boolean;
}

const sentences: Readonly<Record<string, Sentence>> = {
  antialias,
  balance: ofCrossEntropy,
  clip,
  clipnorm: clip,
  endlearningrate: floor,
  etamin: floor,
  inchannels: comesIn,
  inchans: comesIn,
  infeatures: comesIn,
  inplanes: comesIn,
  inputchannels: comesIn,
  interpolation: {
    own: "bicubic",
    help: "pixels are interpolated by lines where nothing is said; by cubics with `bicubic: true`",
  },
  maxgradnorm: clip,
  minlr: floor,
  stride: { own: "stride", help: "a stride is written behind a slash: `/2`" },
  weights: ofCrossEntropy,
  strides: { own: "stride", help: "a stride is written behind a slash: `/2`" },
};

/** What an argument of another name comes to here. */
export interface ArgumentElsewhere {
  readonly own?: string;
  readonly help: Help;
  readonly superfluous?: boolean;
}

/**
 * What an argument that there is not is called here; undefined where that is not known, or is not among `free`.
 *
 * @param free the names of what the callee takes and has not been given.
 */
export function argumentElsewhere(
  name: Name,
  free: readonly string[],
): ArgumentElsewhere | undefined {
  const plain = name.text.toLowerCase().replaceAll("_", "");
  const sentence = Object.hasOwn(sentences, plain) ? sentences[plain] : undefined;
  if (sentence !== undefined && (sentence.own === undefined || free.includes(sentence.own))) {
    return { ...sentence, help: { text: sentence.help } };
  }
  const known = Object.hasOwn(argumentsElsewhere, plain) ? argumentsElsewhere[plain] : undefined;
  const [own, ...others] = known?.filter((each) => free.includes(each)) ?? [];
  if (own === undefined) return undefined;
  const edits = [{ span: name.span, text: own }];
  const help = { text: `here it is \`${own}\``, edits };
  const isSame = others.length === 0 && !alike.has(plain);
  return { own, help: isSame ? help : { ...help, applicability: "unsafe" } };
}
