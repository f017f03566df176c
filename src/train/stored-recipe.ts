/** Whether what a file has for a recipe, or for how far a run is, is one: every value of its kind, and one that can be used. */
import type {
  Augmentation,
  BestBy,
  DataReference,
  Optimizer,
  Preprocessing,
  Rates,
  Recipe,
  Schedule,
  Sizes,
  Stop,
} from "../recipe/recipe.js";
import type { Digests, Progress, Turn } from "./checkpoint.js";
import type { Best, EpochRecord } from "./history.js";
import {
  either,
  fields,
  finite,
  flag,
  kinds,
  list,
  oneOf,
  optional,
  text,
  valuesOf,
  whole,
  type Form,
} from "./json-values.js";

const least =
  (limit: number): Form =>
  (value) =>
    finite(value) && Number(value) >= limit;
const positive: Form = (value) => finite(value) && Number(value) > 0;
const share: Form = (value) => least(0)(value) && Number(value) < 1;
const side = whole(1, 65_536);
const perChannel = (form: Form): Form => {
  const some = list(form);
  return (value) => some(value) && (value as readonly unknown[]).length > 0;
};

const adam = { rate: positive, beta1: share, beta2: share, epsilon: positive, decay: least(0) };

const preprocess = list(
  kinds<Preprocessing>({
    grey: {},
    resize: { height: side, width: side, bicubic: optional(flag) },
    shorter: { side, bicubic: optional(flag) },
    centercrop: { height: side, width: side },
    normalize: { mean: perChannel(finite), std: perChannel(positive) },
  }),
);

const recipe = fields<Recipe>({
  name: text,
  network: text,
  data: fields<DataReference>({
    kind: text,
    path: optional(text),
    options: valuesOf(either(finite, text, flag)),
  }),
  preprocess,
  augment: list(
    kinds<Augmentation>({
      flip: { vertical: optional(flag) },
      crop: { height: side, width: side, padding: whole(0, 1024) },
      resizedcrop: {
        height: side,
        width: side,
        area: (value) => positive(value) && least(0)(1 - Number(value)),
        bicubic: optional(flag),
      },
      scale: { least: side, most: side, bicubic: optional(flag) },
      jitter: { brightness: least(0), contrast: least(0), saturation: least(0) },
      lighting: { deviation: least(0) },
      randaugment: { operations: whole(1, 16), magnitude: least(0) },
      trivialaugment: {},
      erase: { rate: least(0), least: positive, most: positive },
      mixup: { alpha: positive },
      cutmix: { alpha: positive },
    }),
  ),
  loss: kinds<Recipe["loss"]>({
    crossentropy: {
      smoothing: share,
      weights: optional(list(positive)),
      balance: optional((value) => least(0)(value) && least(0)(1 - Number(value))),
    },
    bce: { smoothing: share, threshold: optional(share) },
  }),
  optimizer: kinds<Optimizer>({
    sgd: { rate: positive, momentum: share, nesterov: flag, decay: least(0) },
    adam,
    adamw: adam,
    lamb: adam,
  }),
  schedule: kinds<Schedule>({
    constant: { warmup: least(0) },
    step: { warmup: least(0), at: list(whole()), factor: positive },
    cosine: { warmup: least(0), floor: least(0) },
    polynomial: {
      warmup: least(0),
      power: (value) => positive(value) && Number(value) <= 100,
      floor: least(0),
    },
    onplateau: { warmup: least(0), patience: whole(1), factor: positive, least: least(0) },
  }),
  batch: whole(1),
  accumulate: whole(1),
  clip: least(0),
  ema: share,
  droppath: share,
  freeze: either(flag, list(text)),
  rates: kinds<Rates>({
    equal: {},
    backbone: { factor: positive },
    within: { places: list(text), factors: perChannel(positive) },
    falling: { factor: positive },
  }),
  sizes: kinds<Sizes>({ fixed: {}, growing: { start: side, until: whole(1), by: side } }),
  best: kinds<BestBy>({ accuracy: {}, loss: {}, balanced: {} }),
  stop: kinds<Stop>({ never: {}, plateau: { patience: whole(1), least: least(0) } }),
  epochs: whole(),
  seed: whole(),
  shuffle: flag,
  precision: oneOf("float32"),
});

/** Whether a value that was read as JSON is a whole recipe. */
export function isStoredRecipe(value: unknown): value is Recipe {
  return recipe(value);
}

/** Whether it is the steps of a recipe's `preprocess`. */
export function isStoredPreprocess(value: unknown): value is readonly Preprocessing[] {
  return preprocess(value);
}

const progress = fields<Progress>({
  epoch: whole(),
  position: whole(),
  loss: finite,
  correct: whole(),
  count: whole(),
  seconds: finite,
  images: whole(),
  digests: optional(fields<Digests>({ train: optional(text), validation: optional(text) })),
  history: list(
    fields<EpochRecord>({
      epoch: whole(1),
      step: whole(),
      rate: finite,
      trainLoss: finite,
      trainAccuracy: finite,
      validationLoss: optional(finite),
      validationAccuracy: optional(finite),
      validationBalanced: optional(finite),
      seconds: finite,
      imagesPerSecond: optional(finite),
      waiting: optional(finite),
      anew: optional(flag),
    }),
  ),
  best: optional(
    fields<Best>({
      epoch: whole(1),
      measure: oneOf(
        "validation accuracy",
        "balanced validation accuracy",
        "validation loss",
        "training loss",
      ),
      value: finite,
      loss: optional(finite),
    }),
  ),
  anew: optional(flag),
  taken: optional(whole()),
  turns: optional(list(fields<Turn>({ epoch: whole(), position: whole(), what: list(text) }))),
});

/** Whether a value that was read as JSON says how far a run is. */
export function isStoredProgress(value: unknown): value is Progress {
  return progress(value);
}
