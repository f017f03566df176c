/** The templates of `resnetc init`, by name, in the order of the help. */
import { dataKinds } from "../../recipe/data-kinds.js";
import { dimensions, expectHole, type Data, type SpecRequest, type Template } from "./template.js";

const imagenetNormalize = "normalize mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]";
const cifarNormalize = "normalize mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616]";

/** Images of one's own. */
export const imageFolder: Data = { path: "data/images", what: "one folder of images per class" };

/** The recipe's name: that of the network in small letters. */
function recipeName(network: string): string {
  return network.toLowerCase();
}

const head = `  head classify {
    globalavgpool
    dense classes
  }
`;

/** Whether images of drawn shapes can stand in for data. */
function canDraw({ classes, input = [0, 0, 0] }: SpecRequest): boolean {
  const { size, classes: kinds } = dataKinds.shapes.options;
  const [height, width, channels] = input;
  const fits = height >= size.minimum && height <= size.maximum && height === width;
  return fits && channels === 3 && classes >= kinds.minimum && classes <= kinds.maximum;
}

const plainNormalize = "normalize mean: 0.5, std: 0.25";

/** The steps of `preprocess`: what sizes an image, and constants for three channels, where there are so many. */
function prepared(
  [, , channels]: readonly [number, number, number],
  sizing: readonly string[],
  constants: string,
): string {
  const steps = channels === 1 ? ["grey", ...sizing, plainNormalize] : [...sizing, constants];
  return `preprocess { ${steps.join(" -> ")} }`;
}

/** Brings images of any size to that of the input and keeps their aspect; `room` is how much larger they are first. */
function middleOf([height, width]: readonly [number, number, number], room = 1): string {
  const side = Math.round(room * Math.max(height, width));
  return `shorter ${side} -> centercrop ${height}x${width}`;
}

const quickstart: Template = {
  about: "a small network that learns drawn shapes in seconds, without data",
  classes: 4,
  input: [32, 32, 3],
  trains: true,
  spec(request) {
    const { network, classes, input = [32, 32, 3] } = request;
    const data = canDraw(request)
      ? `shapes(size: ${input[0]}, classes: ${classes}, train: 2560, validation: 512)`
      : 'folder("../data/images")';
    const sizing = canDraw(request) ? [] : [middleOf(input)];
    return `/// A small residual network: three stages of basic blocks.
import { Basic } from "std/blocks"

network ${network}(classes = ${classes}) {
  input ${dimensions(input)}

  stem { conv 3x3, 16, /2 -> batchnorm -> relu }

  stage conv2: 1 x Basic(16)
  stage conv3: 1 x Basic(32), /2
  stage conv4: 1 x Basic(64), /2

${head}
${expectHole}}

train ${recipeName(network)} for ${network} {
  data ${data}
  ${prepared(input, sizing, plainNormalize)}
  augment { flip }
  loss crossentropy(smoothing: 0.1)
  optimizer sgd(0.1, momentum: 0.9, decay: 5e-4)
  schedule cosine(warmup: 0.5)
  batch 64
  epochs 4
}
`;
  },
};

const cifar: Template = {
  about: "ResNet-20 for CIFAR-10, with the recipe of the paper",
  classes: 10,
  input: [32, 32, 3],
  data: { path: "data/cifar-10-batches-bin", what: "CIFAR-10 in its binary format" },
  trains: true,
  spec({ network, classes, input = [32, 32, 3] }) {
    const own = classes === 10 && dimensions(input) === "32x32x3";
    const data = own ? 'cifar10("../data/cifar-10-batches-bin")' : 'folder("../data/images")';
    const sizing = own ? [] : [middleOf(input)];
    return `/// ResNet-20 for small images (He et al. 2015, section 4.2), with shortcuts of option A.
import { Basic } from "std/blocks"

network ${network}(classes = ${classes}) {
  input ${dimensions(input)}

  stem { conv 3x3, 16 -> batchnorm -> relu }

  stage conv2: 3 x Basic(16, option: pad)
  stage conv3: 3 x Basic(32, option: pad), /2
  stage conv4: 3 x Basic(64, option: pad), /2

${head}
${expectHole}}

train ${recipeName(network)} for ${network} {
  data ${data}
  ${prepared(input, sizing, cifarNormalize)}
  augment { flip -> crop ${input[0]}x${input[1]}, pad: 4 }
  loss crossentropy
  optimizer sgd(0.1, momentum: 0.9, decay: 1e-4)
  schedule step([82, 123], factor: 0.1)
  batch 128
  epochs 164
}
`;
  },
};

const imagenet: Template = {
  about: "ResNet-50 for large images in folders",
  classes: 1000,
  input: [224, 224, 3],
  data: imageFolder,
  trains: true,
  spec({ network, classes, input = [224, 224, 3] }) {
    return `/// ResNet-50 (He et al. 2015, Table 1), with the stride in the 3x3 convolution.
import { Bottleneck } from "std/blocks"

network ${network}(classes = ${classes}) {
  input ${dimensions(input)}

  stem {
    conv 7x7, 64, /2 -> batchnorm -> relu
    maxpool 3x3, /2
  }

  stage conv2: 3 x Bottleneck(64)
  stage conv3: 4 x Bottleneck(128), /2
  stage conv4: 6 x Bottleneck(256), /2
  stage conv5: 3 x Bottleneck(512), /2

${head}
${expectHole}}

train ${recipeName(network)} for ${network} {
  data folder("../data/images")
  ${prepared(input, [middleOf(input, 8 / 7)], imagenetNormalize)}
  augment { resizedcrop ${input[0]}x${input[1]} -> flip }
  loss crossentropy(smoothing: 0.1)
  optimizer sgd(0.1, momentum: 0.9, decay: 1e-4)
  schedule cosine(warmup: 5)
  batch 256
  epochs 90
}
`;
  },
};

const detectionBackbone: Template = {
  about: "ResNet-50 with a feature pyramid, for images of any size",
  trains: false,
  spec({ network, input }) {
    return `/// A feature pyramid (Lin et al. 2017) over stages of bottlenecks: maps at 1/8, 1/16 and 1/32 of the image.
import { Bottleneck } from "std/blocks"

network ${network}(channels = 256) {
  input ${sizeOf(input, 32)}

  stem {
    conv 7x7, 64, /2 -> batchnorm -> relu
    maxpool 3x3, /2
  }

  stage conv2: 3 x Bottleneck(64)
  stage conv3: 4 x Bottleneck(128), /2
  stage conv4: 6 x Bottleneck(256), /2
  stage conv5: 3 x Bottleneck(512), /2

  conv 1x1, channels, bias: true as merged5
  branches sum {
    { upsample 2 }
    { from conv4 -> conv 1x1, channels, bias: true }
  } as merged4
  branches sum {
    { upsample 2 }
    { from conv3 -> conv 1x1, channels, bias: true }
  }

  head p3 { conv 3x3, channels, bias: true }
  from merged4
  head p4 { conv 3x3, channels, bias: true }
  from merged5
  head p5 { conv 3x3, channels, bias: true }

${expectHole}}
`;
  },
};

const segmentation: Template = {
  about: "a residual U-Net that gives a class for every pixel",
  classes: 21,
  trains: false,
  spec({ network, classes, input }) {
    return `/// A U-Net (Ronneberger et al. 2015) of residual blocks: a class for every pixel.
import { Basic } from "std/blocks"

network ${network}(classes = ${classes}) {
  input ${sizeOf(input, 8)}

  stem { conv 3x3, 32 -> batchnorm -> relu }

  stage down1: 2 x Basic(32)
  stage down2: 2 x Basic(64), /2
  stage down3: 2 x Basic(128), /2
  stage down4: 2 x Basic(256), /2

  branches concat {
    { upsample 2 }
    { from down3 }
  }
  stage up3: 1 x Basic(128)
  branches concat {
    { upsample 2 }
    { from down2 }
  }
  stage up2: 1 x Basic(64)
  branches concat {
    { upsample 2 }
    { from down1 }
  }
  stage up1: 1 x Basic(32)

  head segment { conv 1x1, classes, bias: true }

${expectHole}}
`;
  },
};

/** The size that was asked for, or any that the stages halve without a rest. */
function sizeOf(input: SpecRequest["input"], stride: number): string {
  if (input !== undefined) return dimensions(input);
  return `[H, W, 3] where H % ${stride} == 0, W % ${stride} == 0`;
}

export const templates = {
  quickstart,
  cifar,
  imagenet,
  "detection-backbone": detectionBackbone,
  segmentation,
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof templates;
