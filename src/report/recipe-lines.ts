/** A recipe in words: a line per setting that shapes the run, those that do nothing left out. */
import { counted, percent } from "../diagnostics/numbers.js";
import type {
  Augmentation,
  Optimizer,
  Preprocessing,
  Rates,
  Recipe,
  Resampling,
  Schedule,
} from "../recipe/recipe.js";

export type RecipeLine = readonly [setting: string, words: string];

export function recipeLines(recipe: Recipe): readonly RecipeLine[] {
  const { loss, optimizer, schedule, batch, epochs, preprocess, augment, seed } = recipe;
  return [
    ...chain("preprocess", preprocess.map(preprocessing)),
    ...chain("augment", augment.map(augmentation)),
    ["loss", lossWords(loss)],
    ["optimizer", optimizing(optimizer)],
    ["schedule", scheduling(schedule)],
    ["batch", batchWords(recipe, batch)],
    ["epochs", String(epochs)],
    ...rarer(recipe),
    ["seed", String(seed)],
  ];
}

function lossWords(loss: Recipe["loss"]): string {
  const { smoothing } = loss;
  const smoothed = smoothing > 0 ? [`label smoothing ${smoothing}`] : [];
  if (loss.kind === "bce") {
    const { threshold } = loss;
    const cut = threshold === undefined ? [] : [`targets above ${threshold} are 1, others 0`];
    return ["binary cross-entropy of each class", ...smoothed, ...cut].join(", ");
  }
  const { weights = [], balance = 0 } = loss;
  return [
    "cross-entropy",
    ...smoothed,
    ...(weights.length > 0 ? [`classes weighted ${weights.join(", ")}`] : []),
    ...(balance > 0 ? [`rarer classes weighted more, to the power of ${balance}`] : []),
  ].join(", ");
}

function chain(setting: string, steps: readonly string[]): RecipeLine[] {
  return steps.length === 0 ? [] : [[setting, steps.join(" → ")]];
}

function batchWords({ accumulate }: Recipe, batch: number): string {
  return accumulate === 1 ? `${batch} images` : `${batch} images, in ${accumulate} parts`;
}

/** The settings that are off in most recipes. */
function rarer({
  clip,
  ema,
  droppath,
  freeze,
  rates,
  sizes,
  best,
  stop,
  shuffle,
}: Recipe): RecipeLine[] {
  const lines: (RecipeLine | false)[] = [
    clip > 0 && ["clip", `gradients to a global norm of ${clip}`],
    ema > 0 && ["average", `of all weights, with a decay of ${ema}`],
    droppath > 0 && ["dropped paths", `up to ${droppath}, the likelier the later their residual`],
    freeze !== false && [
      "frozen",
      freeze === true ? "everything but the heads" : freeze.join(", "),
    ],
    rates.kind !== "equal" && ["rates", rateWords(rates)],
    sizes.kind === "growing" && [
      "sizes",
      `from ${sizes.start} to the whole image in epoch ${sizes.until + 1}, by ${sizes.by}`,
    ],
    best.kind !== "accuracy" && [
      "best",
      best.kind === "loss"
        ? "by the validation loss"
        : "by the mean over classes of their accuracy",
    ],
    stop.kind === "plateau" && [
      "stop",
      `after ${stop.patience} epochs without one better by more than ${stop.least}`,
    ],
    !shuffle && ["shuffle", "never: the order of the data"],
  ];
  return lines.filter((line) => line !== false);
}

function rateWords(rates: Exclude<Rates, { kind: "equal" }>): string {
  switch (rates.kind) {
    case "backbone":
      return `times ${rates.factor} but in the heads`;
    case "falling":
      return `times ${rates.factor} from part to part, from the heads to the stem`;
    case "within":
      return rates.places
        .map((place, index) => {
          const factor = rates.factors[rates.factors.length === 1 ? 0 : index];
          return `times ${factor ?? 1} within ${place}`;
        })
        .join(", ");
  }
}

function preprocessing(step: Preprocessing): string {
  switch (step.kind) {
    case "grey":
      return "grey";
    case "resize":
      return `resize to ${step.height}x${step.width}${cubic(step)}`;
    case "shorter":
      return `shorter side to ${step.side}${cubic(step)}`;
    case "centercrop":
      return `the middle ${step.height}x${step.width}`;
    case "normalize":
      return `normalize by mean ${step.mean.join(", ")} and std ${step.std.join(", ")}`;
  }
}

function cubic({ bicubic = false }: Resampling): string {
  return bicubic ? ", bicubic" : "";
}

function augmentation(step: Augmentation): string {
  switch (step.kind) {
    case "flip":
      return step.vertical === true ? "flip top and bottom" : "flip";
    case "crop":
      return `crop ${step.height}x${step.width}, padding ${step.padding}`;
    case "resizedcrop":
      return `a part of at least ${step.area} of the area to ${step.height}x${step.width}${cubic(step)}`;
    case "scale":
      return `shorter side to ${step.least} to ${step.most}${cubic(step)}`;
    case "jitter":
      return `jitter brightness ${step.brightness}, contrast ${step.contrast}, saturation ${step.saturation}`;
    case "lighting":
      return `light by a deviation of ${step.deviation}`;
    case "randaugment":
      return `${counted(step.operations, "random operation")} of strength ${step.magnitude}`;
    case "trivialaugment":
      return "a random operation of any strength";
    case "erase":
      return `a rectangle of ${percent(step.least)} to ${percent(step.most)} made noise, in ${percent(step.rate)} of images`;
    case "mixup":
    case "cutmix":
      return `${step.kind} ${step.alpha}`;
  }
}

const optimizerNames: Readonly<Record<Optimizer["kind"], string>> = {
  sgd: "SGD",
  adam: "Adam",
  adamw: "AdamW",
  lamb: "LAMB",
};

function optimizing(optimizer: Optimizer): string {
  const { rate, decay } = optimizer;
  const own =
    optimizer.kind === "sgd"
      ? `${optimizer.nesterov ? "Nesterov " : ""}momentum ${optimizer.momentum}`
      : `betas ${optimizer.beta1}, ${optimizer.beta2}`;
  return [
    optimizerNames[optimizer.kind],
    `rate ${rate}`,
    own,
    ...(decay > 0 ? [`weight decay ${decay}`] : []),
  ].join(", ");
}

function scheduling(schedule: Schedule): string {
  const { warmup } = schedule;
  const long = `${warmup} ${warmup === 1 ? "epoch" : "epochs"}`;
  const after = warmup > 0 ? ` after a warm-up of ${long}` : "";
  switch (schedule.kind) {
    case "constant":
      return `constant${after}`;
    case "step":
      return `times ${schedule.factor} at epochs ${schedule.at.join(", ")}${after}`;
    case "cosine":
      return `cosine${schedule.floor > 0 ? ` down to ${schedule.floor}` : ""}${after}`;
    case "polynomial": {
      const { power, floor } = schedule;
      const line = power === 1 ? "linear" : `the share of steps left to the power of ${power},`;
      return `${line} down to ${floor}${after}`;
    }
    case "onplateau":
      return `times ${schedule.factor} after ${counted(schedule.patience, "epoch")} without a best one${after}`;
  }
}
