/** The kinds that settings of a recipe choose from, a table for each setting: what each takes, and what comes of it. */
import type {
  Augmentation,
  BestBy,
  Optimizer,
  Preprocessing,
  Rates,
  Recipe,
  Resampling,
  Schedule,
  Sizes,
  Stop,
} from "../recipe/recipe.js";
import type { Call } from "../syntax/ast.js";
import {
  areaRange,
  areaShare,
  epochList,
  flag,
  imageSize,
  needed,
  numberFrom,
  option,
  perChannel,
  perClass,
  placeNames,
  readArguments,
  share,
  sideRange,
  type Read,
  type Reader,
  type RecipeSlot,
  type Slots,
} from "./recipe-values.js";
import type { Scope } from "./scope.js";

const positive = { ...numberFrom(0), expected: "a number above 0" };
const rate: Reader<number> = {
  expected: positive.expected,
  read: (value) =>
    value.kind === "number" && value.value > 0 && Number.isFinite(value.value)
      ? value.value
      : undefined,
};
const power: Reader<number> = {
  expected: "a number above 0 and at most 100",
  read: (value) => (Number(rate.read(value)) <= 100 ? rate.read(value) : undefined),
};
const factors = perChannel(
  (value) => value > 0 && Number.isFinite(value),
  "a number above 0, or a list of one per place",
);
/** How one kind of a setting is read: what it takes, and what comes of it. */
export interface Maker<T> {
  readonly slots: readonly RecipeSlot<unknown>[];
  read(call: Call, scope: Scope): T | undefined;
}

export type Makers<T> = Readonly<Record<string, Maker<T>>>;

function maker<S extends Slots, T>(slots: S, make: (read: Read<S>) => T): Maker<T> {
  return {
    slots: Object.values(slots),
    read(call, scope) {
      const read = readArguments(call, slots, scope);
      return read && make(read);
    },
  };
}

/** With the defaults of the weight decay and of what keeps from dividing by zero. */
const adamArguments = (decay: number, epsilon = 1e-8) => ({
  rate: needed("rate", rate),
  beta1: option("beta1", share, 0.9),
  beta2: option("beta2", share, 0.999),
  epsilon: option("epsilon", rate, epsilon),
  decay: option("decay", numberFrom(0), decay),
});

export const optimizers: Makers<Optimizer> = {
  sgd: maker(
    {
      rate: needed("rate", rate),
      momentum: option("momentum", share, 0),
      nesterov: option("nesterov", flag, false),
      decay: option("decay", numberFrom(0), 0),
    },
    (read) => ({ kind: "sgd", ...read }),
  ),
  adam: maker(adamArguments(0), (read) => ({ kind: "adam", ...read })),
  adamw: maker(adamArguments(0.01), (read) => ({ kind: "adamw", ...read })),
  lamb: maker(adamArguments(0.01, 1e-6), (read) => ({ kind: "lamb", ...read })),
};

/** Only by its name. */
const named = <T>(slot: RecipeSlot<T>): RecipeSlot<T> => ({ ...slot, positional: false });

const warmup = option("warmup", numberFrom(0), 0);

export const schedules: Makers<Schedule> = {
  constant: maker({ warmup }, (read) => ({ kind: "constant", ...read })),
  step: maker(
    { at: needed("at", epochList), factor: option("factor", rate, 0.1), warmup },
    (read) => ({ kind: "step", ...read }),
  ),
  cosine: maker({ floor: option("floor", numberFrom(0, 1), 0), warmup }, (read) => ({
    kind: "cosine",
    ...read,
  })),
  polynomial: maker(
    { power: option("power", power, 1), floor: option("floor", numberFrom(0, 1), 0), warmup },
    (read) => ({ kind: "polynomial", ...read }),
  ),
  onplateau: maker(
    {
      patience: needed("patience", numberFrom(1, 1_000_000, true)),
      factor: option("factor", rate, 0.1),
      least: named(option("least", numberFrom(0), 0)),
      warmup,
    },
    (read) => ({ kind: "onplateau", ...read }),
  ),
};

export const losses: Makers<Recipe["loss"]> = {
  crossentropy: maker(
    {
      smoothing: option("smoothing", share, 0),
      weights: option("weights", perClass, []),
      balance: option("balance", numberFrom(0, 1), 0),
    },
    ({ smoothing, weights, balance }) => ({
      kind: "crossentropy",
      smoothing,
      ...(weights.length > 0 && { weights }),
      ...(balance > 0 && { balance }),
    }),
  ),
  bce: maker(
    { smoothing: option("smoothing", share, 0), threshold: option("threshold", share, 0) },
    ({ smoothing, threshold }) => ({
      kind: "bce",
      smoothing,
      ...(threshold > 0 && { threshold }),
    }),
  ),
};

const mean = perChannel(Number.isFinite, "a number, or a list of one per channel");
const std = perChannel(
  (value) => value > 0 && Number.isFinite(value),
  "a number above 0, or a list of one per channel",
);

const bicubic = option("bicubic", flag, false);
const resampled = (bicubic: boolean): Resampling => (bicubic ? { bicubic } : {});

export const preprocessings: Makers<Preprocessing> = {
  grey: maker({}, () => ({ kind: "grey" })),
  resize: maker(
    { size: needed("size", imageSize), bicubic },
    ({ size: [height, width], bicubic }) => ({
      ...{ kind: "resize", height, width },
      ...resampled(bicubic),
    }),
  ),
  shorter: maker(
    { side: needed("side", numberFrom(1, 16_384, true)), bicubic },
    ({ side, bicubic }) => ({ kind: "shorter", side, ...resampled(bicubic) }),
  ),
  centercrop: maker({ size: needed("size", imageSize) }, ({ size: [height, width] }) => ({
    kind: "centercrop",
    height,
    width,
  })),
  normalize: maker(
    { mean: named(needed("mean", mean)), std: named(needed("std", std)) },
    (read) => ({ kind: "normalize", ...read }),
  ),
};

export const augmentations: Makers<Augmentation> = {
  flip: maker({ vertical: option("vertical", flag, false) }, ({ vertical }) => ({
    kind: "flip",
    ...(vertical && { vertical }),
  })),
  crop: maker(
    {
      size: needed("size", imageSize),
      padding: option("pad", numberFrom(0, 1024, true), 0),
    },
    ({ size: [height, width], padding }) => ({ kind: "crop", height, width, padding }),
  ),
  resizedcrop: maker(
    { size: needed("size", imageSize), area: option("area", areaShare, 0.08), bicubic },
    ({ size: [height, width], area, bicubic }) => ({
      ...{ kind: "resizedcrop", height, width, area },
      ...resampled(bicubic),
    }),
  ),
  scale: maker(
    { sides: needed("sides", sideRange), bicubic },
    ({ sides: [least, most], bicubic }) => ({ kind: "scale", least, most, ...resampled(bicubic) }),
  ),
  jitter: maker(
    {
      brightness: option("brightness", numberFrom(0, 1), 0.4),
      contrast: option("contrast", numberFrom(0, 1), 0.4),
      saturation: option("saturation", numberFrom(0, 1), 0.4),
    },
    (read) => ({ kind: "jitter", ...read }),
  ),
  lighting: maker(
    { deviation: { ...option("deviation", numberFrom(0, 10), 0.1), positional: true } },
    (read) => ({ kind: "lighting", ...read }),
  ),
  randaugment: maker(
    {
      operations: { ...option("operations", numberFrom(1, 16, true), 2), positional: true },
      magnitude: option("magnitude", numberFrom(0, 30), 9),
    },
    (read) => ({ kind: "randaugment", ...read }),
  ),
  trivialaugment: maker({}, () => ({ kind: "trivialaugment" })),
  erase: maker(
    {
      rate: { ...option("rate", numberFrom(0, 1), 0.25), positional: true },
      area: option("area", areaRange, [0.02, 0.33] as const),
    },
    ({ rate, area: [least, most] }) => ({ kind: "erase", rate, least, most }),
  ),
  mixup: maker({ alpha: { ...option("alpha", rate, 0.2), positional: true } }, (read) => ({
    kind: "mixup",
    ...read,
  })),
  cutmix: maker({ alpha: { ...option("alpha", rate, 1), positional: true } }, (read) => ({
    kind: "cutmix",
    ...read,
  })),
};

export const sizings: Makers<Sizes> = {
  fixed: maker({}, () => ({ kind: "fixed" })),
  growing: maker(
    {
      start: needed("start", numberFrom(1, 65_536, true)),
      until: needed("until", numberFrom(1, 1_000_000, true)),
      by: option("by", numberFrom(1, 65_536, true), 32),
    },
    (read) => ({ kind: "growing", ...read }),
  ),
};

const factor = needed("factor", rate);

export const ratings: Makers<Rates> = {
  equal: maker({}, () => ({ kind: "equal" })),
  backbone: maker({ factor }, (read) => ({ kind: "backbone", ...read })),
  within: maker(
    { places: needed("places", placeNames), factors: needed("factors", factors) },
    (read) => ({ kind: "within", ...read }),
  ),
  falling: maker({ factor }, (read) => ({ kind: "falling", ...read })),
};

export const bests: Makers<BestBy> = {
  accuracy: maker({}, () => ({ kind: "accuracy" })),
  loss: maker({}, () => ({ kind: "loss" })),
  balanced: maker({}, () => ({ kind: "balanced" })),
};

export const stops: Makers<Stop> = {
  never: maker({}, () => ({ kind: "never" })),
  plateau: maker(
    {
      patience: needed("patience", numberFrom(1, 1_000_000, true)),
      least: option("least", numberFrom(0), 0),
    },
    (read) => ({ kind: "plateau", ...read }),
  ),
};

/** The tables by their setting. */
export const makersOf: Readonly<Record<string, Makers<unknown>>> = {
  preprocess: preprocessings,
  augment: augmentations,
  loss: losses,
  optimizer: optimizers,
  schedule: schedules,
  rates: ratings,
  sizes: sizings,
  best: bests,
  stop: stops,
};

/** The argument that may be given without its name, by what takes it: the first of several. */
export const positionalNames: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.values(makersOf).flatMap((makers) =>
    Object.entries(makers).map(([kind, { slots }]) => [
      kind,
      slots.find(({ positional }) => positional)?.name,
    ]),
  ),
);
