/**
 * The recipe of a training run, resolved: plain data that the `train` declaration and the command
 * line come to. Every field has its value; nothing is left to an engine's default.
 */

/** `name(positional, …, key: value, …)` as written in the spec, with values evaluated. */
export interface DataReference {
  /** cifar10, cifar100, folder or shapes. */
  readonly kind: string;
  /** A file or folder, absolute; absent for procedural data. */
  readonly path?: string;
  readonly options: Readonly<Record<string, number | string | boolean>>;
}

/** How pixels between pixels come about. */
export interface Resampling {
  /** By Keys' cubic of a = -1/2 (Keys 1981, "Cubic Convolution Interpolation"); bilinear where left out. */
  readonly bicubic?: boolean;
}

export type Preprocessing =
  /** Red, green and blue to one channel of grey. */
  | { readonly kind: "grey" }
  | (Resampling & { readonly kind: "resize"; readonly height: number; readonly width: number })
  /** The shorter side to `side` pixels, the longer in proportion. */
  | (Resampling & { readonly kind: "shorter"; readonly side: number })
  /** The middle of an image, where no augmentation crops it. */
  | { readonly kind: "centercrop"; readonly height: number; readonly width: number }
  /** (value / 255 - mean) / std, per channel; one number stands for every channel. */
  | {
      readonly kind: "normalize";
      readonly mean: readonly number[];
      readonly std: readonly number[];
    };

/** The number of a list of `normalize` that is for a channel: one number stands for every channel. */
export function ofChannel(values: readonly number[], channel: number): number {
  return values[values.length === 1 ? 0 : channel] ?? Number.NaN;
}

/** What mixes every image of a batch, and its target, with another of it. */
export type Mixing =
  /**
   * Every image becomes x = l x_i + (1 - l) x_j; l is drawn from Beta(alpha, alpha), once per batch, and taken as
   * max(l, 1 - l) (Zhang et al. 2018, "mixup").
   */
  | { readonly kind: "mixup"; readonly alpha: number }
  /**
   * A rectangle becomes that of the other image; l, drawn likewise, is the share that it leaves where it is not cut off
   * (Yun et al. 2019, "CutMix").
   */
  | { readonly kind: "cutmix"; readonly alpha: number };

export function isMixing(augmentation: Augmentation): augmentation is Mixing {
  return augmentation.kind === "mixup" || augmentation.kind === "cutmix";
}

/** Whether an augmentation decides the size of what comes out of it, in the place of `centercrop`. */
export function isCrop(
  augmentation: Augmentation,
): augmentation is Extract<Augmentation, { kind: "crop" | "resizedcrop" }> {
  return augmentation.kind === "crop" || augmentation.kind === "resizedcrop";
}

/** Whether an augmentation sizes the image as it is stored, in the place of `resize` and `shorter`. */
export function isSizing({ kind }: Augmentation): boolean {
  return kind === "resizedcrop" || kind === "scale";
}

export type Augmentation =
  /** Mirrors left and right, or where `vertical` top and bottom, with probability one half. */
  | { readonly kind: "flip"; readonly vertical?: boolean }
  /** Pads every side with zeros (black before normalisation's mean is taken) and crops at random. */
  | {
      readonly kind: "crop";
      readonly height: number;
      readonly width: number;
      readonly padding: number;
    }
  /**
   * A random part of the image as it is stored, of at least the share `area` of it, resized (Szegedy et al. 2015,
   * "Going Deeper with Convolutions").
   */
  | (Resampling & {
      readonly kind: "resizedcrop";
      readonly height: number;
      readonly width: number;
      readonly area: number;
    })
  /** The image as it is stored, its shorter side at a random number of pixels (He et al. 2015, section 3.4). */
  | (Resampling & { readonly kind: "scale"; readonly least: number; readonly most: number })
  /** Brightness, contrast and saturation by random factors, each within 1 - s and 1 + s of its setting. */
  | {
      readonly kind: "jitter";
      readonly brightness: number;
      readonly contrast: number;
      readonly saturation: number;
    }
  /** Light along the principal components of ImageNet's colours, by a normal draw of that deviation (Krizhevsky et al. 2012). */
  | { readonly kind: "lighting"; readonly deviation: number }
  /** As many operations of one strength, 0 to 30, as it says (Cubuk et al. 2020, "RandAugment"). */
  | { readonly kind: "randaugment"; readonly operations: number; readonly magnitude: number }
  /** One operation of any strength (Müller and Hutter 2021, "TrivialAugment"). */
  | { readonly kind: "trivialaugment" }
  /**
   * With probability `rate`, a rectangle of between the shares `least` and `most` of the area becomes noise (Zhong et al.
   * 2020, "Random Erasing Data Augmentation").
   */
  | { readonly kind: "erase"; readonly rate: number; readonly least: number; readonly most: number }
  | Mixing;

export type Optimizer =
  /** v = momentum v + (g + decay w); w -= rate v (nesterov: w -= rate (g + decay w + momentum v)). */
  | {
      readonly kind: "sgd";
      readonly rate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      /** Weight decay; never on batch norm and biases. */
      readonly decay: number;
    }
  /** Decay times the weight is added to the gradient. */
  | (AdamSettings & { readonly kind: "adam" })
  /**
   * Decay times the weight goes past the gradient: a step is rate (move + decay w) (Loshchilov and Hutter 2019,
   * "Decoupled weight decay regularization").
   */
  | (AdamSettings & { readonly kind: "adamw" })
  /**
   * AdamW's move + decay w of every kernel, times |w| over its own Euclidean norm (You et al. 2020, "Large Batch
   * Optimization for Deep Learning", algorithm 2); of batch norm and biases it is Adam's.
   */
  | (AdamSettings & { readonly kind: "lamb" });

/** Of the logits z and the target q of every image; a step is by the sum over its images' number. */
export type Loss = CrossEntropy | BinaryCrossEntropy;

interface Target {
  /** The share of the target that all classes divide among them. */
  readonly smoothing: number;
}

/** -sum_k q_k log softmax(z)_k, times the weight of the image's class. */
export interface CrossEntropy extends Target {
  readonly kind: "crossentropy";
  /** One for every class, in the order of the data's; all 1 where left out. Evaluations are not weighted. */
  readonly weights?: readonly number[];
  /** Rarer classes weigh more, by this power of how rare they are (`recipe/class-weights.ts`); 0 where left out. */
  readonly balance?: number;
}

/**
 * The mean over the classes of -q_k log s(z_k) - (1 - q_k) log(1 - s(z_k)), with s(z) = 1 / (1 + exp(-z)): every class by
 * itself (Wightman et al. 2021, "ResNet strikes back").
 */
export interface BinaryCrossEntropy extends Target {
  readonly kind: "bce";
  /** What of a target is above it becomes 1, the rest 0; targets stay as they are where left out. */
  readonly threshold?: number;
}

/** Kingma and Ba 2015, with the bias corrections. */
export interface AdamSettings {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
}

/** The factor on the optimizer's rate. Warm-up rises linearly over its epochs, then the kind rules. */
export type Schedule = { readonly warmup: number } & (
  | { readonly kind: "constant" }
  /** Multiplied by `factor` at the start of each epoch of `at` (counted from 0). */
  | { readonly kind: "step"; readonly at: readonly number[]; readonly factor: number }
  /** Half a cosine from 1 at the end of the warm-up to `floor` after the last step (Loshchilov and Hutter 2017). */
  | { readonly kind: "cosine"; readonly floor: number }
  /** floor + (1 - floor) (1 - t)^power for t from 0 at the end of the warm-up to 1 after the last step; a line of power 1. */
  | { readonly kind: "polynomial"; readonly power: number; readonly floor: number }
  /**
   * Multiplied by `factor` after `patience` epochs in a row without a best one, which count anew from there; one is
   * better by more than `least` (He et al. 2015, section 3.4: "divided by 10 when the error plateaus").
   */
  | {
      readonly kind: "onplateau";
      readonly patience: number;
      readonly factor: number;
      readonly least: number;
    }
);

/** The factor on the optimizer's rate by where in the network a weight is; the schedule's comes on top. */
export type Rates =
  | { readonly kind: "equal" }
  /** `factor` for all but the heads. */
  | { readonly kind: "backbone"; readonly factor: number }
  /** Of each place its own, or the one for all; the innermost counts, and 1 elsewhere. */
  | {
      readonly kind: "within";
      readonly places: readonly string[];
      readonly factors: readonly number[];
    }
  /**
   * factor^n for a part of the network that n others stand behind: the stem, the stages, and the heads with 1 (Howard and
   * Ruder 2018, "Universal Language Model Fine-tuning", discriminative fine-tuning).
   */
  | { readonly kind: "falling"; readonly factor: number };

/** The height and width of training images over time; validation always takes them whole. */
export type Sizes =
  | { readonly kind: "fixed" }
  /**
   * From `start` in the first epoch, on the shorter side, in equal steps an epoch to the whole size in epoch
   * `until` (counted from 0), each size a multiple of `by` (progressive resizing).
   */
  | {
      readonly kind: "growing";
      readonly start: number;
      readonly until: number;
      readonly by: number;
    };

/** When training ends before the last epoch. */
export type Stop =
  | { readonly kind: "never" }
  /** After `patience` epochs without a best one; one is better by more than `least` (early stopping). */
  | { readonly kind: "plateau"; readonly patience: number; readonly least: number };

/**
 * By what an epoch's validation is better than another's: the share of images that are named correctly, the loss, or
 * the mean over classes of the share of their images (balanced accuracy; Brodersen et al. 2010). Of equal shares the
 * lower loss is better.
 */
export interface BestBy {
  readonly kind: "accuracy" | "loss" | "balanced";
}

/** What of the network keeps its weights: nothing, all but the heads, or the nodes below these names. */
export type Freeze = boolean | readonly string[];

export interface Recipe {
  readonly name: string;
  readonly network: string;
  readonly data: DataReference;
  readonly preprocess: readonly Preprocessing[];
  readonly augment: readonly Augmentation[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batch: number;
  /** In how many equal parts, one after the other, a batch is passed; their gradients add up. */
  readonly accumulate: number;
  /** The largest global norm of the gradients; 0 does not clip them. */
  readonly clip: number;
  /**
   * The decay of an exponential moving average of all weights, with which the network is then evaluated;
   * 0 keeps none.
   */
  readonly ema: number;
  /** With which probability the last residual is dropped in training, those before it with less; 0 drops none. */
  readonly droppath: number;
  readonly freeze: Freeze;
  readonly rates: Rates;
  readonly sizes: Sizes;
  readonly best: BestBy;
  readonly stop: Stop;
  readonly epochs: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly precision: "float32";
}

/** What of a recipe says how a trained network is looked at: of images, how many go at once, and the loss. */
export type EvaluationSettings = Pick<Recipe, "preprocess" | "batch" | "seed" | "loss">;

/** What a setting is when left out; `data`, `optimizer`, `batch` and `epochs` must be given. */
export const recipeDefaults: Omit<
  Recipe,
  "name" | "network" | "data" | "optimizer" | "batch" | "epochs"
> = {
  preprocess: [],
  augment: [],
  loss: { kind: "crossentropy", smoothing: 0 },
  schedule: { kind: "constant", warmup: 0 },
  accumulate: 1,
  clip: 0,
  ema: 0,
  droppath: 0,
  freeze: false,
  rates: { kind: "equal" },
  sizes: { kind: "fixed" },
  best: { kind: "accuracy" },
  stop: { kind: "never" },
  seed: 0,
  shuffle: true,
  precision: "float32",
};
