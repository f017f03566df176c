/**
 * What the settings of a recipe, their kinds and the arguments of these mean, with their units: one line each,
 * for the reference and for editors. A setting, a kind or an argument that is missing here does not pass its test.
 */

/** What a setting is. */
export interface SettingDocs {
  readonly meaning: string;
  /** What its number counts; absent where it is no number or has no unit. */
  readonly unit?: string;
}

export const settingDocs: Readonly<Record<string, SettingDocs>> = {
  data: { meaning: "the data set: see below" },
  preprocess: {
    meaning: "what is done to all images, but for what augmentations that size or crop stand for",
  },
  augment: {
    meaning: "what is done to training images at random, in order, before `preprocess` normalises",
  },
  loss: { meaning: "what training makes small" },
  optimizer: { meaning: "how the weights follow the gradient" },
  schedule: { meaning: "the factor on the optimizer's rate over time" },
  batch: { meaning: "images in one step", unit: "images" },
  accumulate: {
    meaning: "in how many equal parts a batch is passed, to save memory; gradients add up",
    unit: "parts",
  },
  clip: { meaning: "the largest global norm of the gradients; 0 does not clip them" },
  ema: {
    meaning:
      "the decay of a moving average of the weights, which is what is evaluated; 0 keeps none",
    unit: "share kept per step",
  },
  droppath: {
    meaning: "how likely the last residual is left out for an image in training; 0 leaves none out",
  },
  freeze: { meaning: "what keeps its weights; `true` for all but the heads" },
  rates: { meaning: "the factor on the optimizer's rate by where in the network a weight is" },
  sizes: { meaning: "the height and width of training images over time", unit: "pixels" },
  best: {
    meaning: "by what of its validation an epoch is the best: it is kept, and `stop` waits for it",
  },
  stop: { meaning: "when training ends before the last epoch" },
  epochs: { meaning: "how often the training images are gone through", unit: "epochs" },
  seed: { meaning: "what every random choice follows from: two runs of one seed are equal" },
  shuffle: {
    meaning: "whether the training images are taken in a new order in every epoch",
  },
  precision: { meaning: "the numbers that training computes with" },
};

/** What a kind of a setting does: `sgd`, `crop`, `cosine`. */
export const kindDocs: Readonly<Record<string, string>> = {
  sgd: "stochastic gradient descent with momentum",
  adam: "Adam with bias corrections (Kingma and Ba 2015)",
  adamw: "Adam with a weight decay beside the gradient (Loshchilov and Hutter 2019)",
  lamb: "AdamW, of which each kernel's move is as long as the kernel, for large batches (You et al. 2020)",
  constant: "the rate stays as it is after the warm-up",
  step: "the rate is multiplied by `factor` at the beginning of each epoch of `at`",
  cosine: "the rate follows half a cosine down to `floor` (Loshchilov and Hutter 2017)",
  polynomial:
    "the rate falls to `floor` by a power of the steps that are left; along a line with `power: 1`",
  onplateau:
    "the rate is multiplied by `factor` after `patience` epochs none of which was the best so far (He et al. 2015)",
  crossentropy: "the cross-entropy of the softmax of the logits with the class",
  bce: "the binary cross-entropy of each class by itself, their mean (Wightman et al. 2021)",
  grey: "makes one channel of red, green and blue: 0.299 R + 0.587 G + 0.114 B",
  resize: "brings every image to one height and width",
  shorter: "brings the shorter side of every image to so many pixels, and keeps its aspect",
  centercrop: "cuts out the middle; where an augmentation crops, of validation images alone",
  normalize: "makes (value / 255 - mean) / std of every byte",
  flip: "mirrors left and right, or top and bottom, with probability one half",
  crop: "pads every side with black and cuts out the size at a random place",
  resizedcrop:
    "resizes a part of a random size, aspect and place, of the image as it is stored (Szegedy et al. 2015)",
  scale:
    "brings the shorter side of the image, as it is stored, to a random number of pixels (He et al. 2015)",
  jitter: "changes brightness, contrast and saturation by random factors",
  lighting:
    "changes the light along the principal components of ImageNet's colours (Krizhevsky et al. 2012)",
  randaugment:
    "changes the image by operations drawn at random, all of one strength (Cubuk et al. 2020)",
  trivialaugment:
    "changes the image by one operation drawn at random, of any strength (Müller and Hutter 2021)",
  erase: "makes a random rectangle noise (Zhong et al. 2020)",
  mixup: "mixes every image and its target with another of its batch (Zhang et al. 2018)",
  cutmix:
    "takes a rectangle of every image, and a share of its target, from another of its batch (Yun et al. 2019)",
  equal: "all weights have the optimizer's rate",
  backbone: "all but the heads have `factor` of it",
  within: "what is within places has a factor of its own, the innermost place's",
  falling:
    "each part of the network has `factor` of the rate of the one behind it, the heads all of it (Howard and Ruder 2018)",
  fixed: "training images are of their whole size throughout",
  growing: "trains on small images first, and on whole ones from epoch `until` on",
  accuracy: "the share of images that are named correctly; of equals the lower loss",
  loss: "the loss, as it is trained",
  balanced: "the mean over classes of the share of their images; of equals the lower loss",
  never: "every epoch is trained",
  plateau: "ends after `patience` epochs none of which was the best so far",
};

const bicubic = "whether pixels between pixels are interpolated by cubics, instead of by lines";

/** What an argument of a kind means, with its unit: by kind, then by argument. */
export const argumentDocs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sgd: {
    rate: "the learning rate: weight change per unit of gradient",
    momentum: "the share of the last step's direction that is kept",
    nesterov: "whether the gradient is taken where the momentum leads",
    decay: "weight decay: times the weight, added to the gradient of kernels",
  },
  adam: {
    rate: "the learning rate: weight change per step",
    beta1: "the share of the mean gradient that is kept per step",
    beta2: "the share of the mean squared gradient that is kept per step",
    epsilon: "added to the root of the mean square, against division by zero",
    decay: "weight decay: times the weight, added to the gradient of kernels",
  },
  adamw: {
    rate: "the learning rate: weight change per step",
    beta1: "the share of the mean gradient that is kept per step",
    beta2: "the share of the mean squared gradient that is kept per step",
    epsilon: "added to the root of the mean square, against division by zero",
    decay: "weight decay: times the rate and the weight, taken from kernels in every step",
  },
  lamb: {
    rate: "the learning rate: the change of a kernel per step, as a share of its norm",
    beta1: "the share of the mean gradient that is kept per step",
    beta2: "the share of the mean squared gradient that is kept per step",
    epsilon: "added to the root of the mean square, against division by zero",
    decay: "weight decay: times the weight, added to the move of kernels",
  },
  constant: { warmup: "epochs in which the rate rises linearly from 0; may be a fraction" },
  step: {
    at: "the epochs, counted from 0, at whose beginning the rate falls",
    factor: "what the rate is multiplied by each time",
    warmup: "epochs in which the rate rises linearly from 0; may be a fraction",
  },
  cosine: {
    floor: "the share of the rate that is left at the end",
    warmup: "epochs in which the rate rises linearly from 0; may be a fraction",
  },
  polynomial: {
    power: "what the share of steps that are left is raised to; 1 is a line",
    floor: "the factor on the rate after the last step",
    warmup: "epochs in which the rate rises linearly from 0; may be a fraction",
  },
  onplateau: {
    patience:
      "epochs in a row without a best one, after which the rate falls; they count anew from there",
    factor: "what the rate is multiplied by each time",
    least: "by how much more a value must be better, as validation accuracy from 0 to 1",
    warmup: "epochs in which the rate rises linearly from 0; may be a fraction",
  },
  crossentropy: {
    smoothing: "the share of the target that all classes divide among them",
    weights: "how much an image counts by its class, in the order of the data's; in training alone",
    balance: "0 to 1: how far rarer classes count more; with 1 all classes count the same together",
  },
  bce: {
    smoothing: "the share of the target that all classes divide among them",
    threshold:
      "what of a target is above it becomes 1, the rest 0; 0 keeps targets as `smoothing` and mixing make them",
  },
  grey: {},
  resize: { size: "height and width in pixels", bicubic },
  shorter: { side: "pixels of the shorter side", bicubic },
  centercrop: { size: "height and width in pixels" },
  normalize: {
    mean: "what is subtracted, of values from 0 to 1; one number or one per channel",
    std: "what is divided by, of values from 0 to 1; one number or one per channel",
  },
  flip: { vertical: "whether top and bottom are exchanged, instead of left and right" },
  crop: { size: "height and width in pixels", pad: "pixels of black added on each side" },
  resizedcrop: {
    size: "height and width in pixels of what comes out",
    area: "the least share of the image's area that a part has",
    bicubic,
  },
  scale: { sides: "the least and the most pixels of the shorter side", bicubic },
  jitter: {
    brightness: "s: values are multiplied by a factor from 1 - s to 1 + s",
    contrast: "s: distances from the image's mean grey are",
    saturation: "s: distances from a pixel's grey are",
  },
  lighting: { deviation: "the standard deviation of the three numbers that are drawn" },
  randaugment: {
    operations: "how many operations, one after the other",
    magnitude: "their strength: from 0, nothing or nearly so, to 30",
  },
  trivialaugment: {},
  erase: {
    rate: "the share of images of which a rectangle is made noise",
    area: "the least and the largest share of the image's area that a rectangle has",
  },
  mixup: { alpha: "both parameters of the Beta distribution of the share" },
  cutmix: { alpha: "both parameters of the Beta distribution of the share" },
  equal: {},
  backbone: { factor: "what the rate is multiplied by" },
  within: {
    places: "names of places in quotes, and all that is in them",
    factors: "what the rate is multiplied by: one number, or one for each place",
  },
  falling: {
    factor: "what the rate is multiplied by from part to part, from the heads to the stem",
  },
  fixed: {},
  growing: {
    start: "the shorter side in the first epoch, in pixels",
    until: "the epoch, counted from 0, from which on images are whole",
    by: "sizes are multiples of this many pixels",
  },
  accuracy: {},
  loss: {},
  balanced: {},
  never: {},
  plateau: {
    patience: "epochs without a best one after which training ends",
    least: "by how much an epoch must be better to be the best",
  },
};
