/**
 * The networks of "Deep Residual Learning for Image Recognition" (He et al. 2015) as tables: Table 1 for ImageNet,
 * section 4.2 for CIFAR-10, and the plain networks of Table 2; with their parameters, by formula.
 */

export type BlockKind = "basic" | "bottleneck" | "plain";

export interface PaperModel {
  readonly name: string;
  readonly block: BlockKind;
  /** Channels of the stem's end, and by how much it divides height and width. */
  readonly stem: { readonly channels: number; readonly kernel: number; readonly step: number };
  /** Blocks of each stage; of a plain network, pairs of convolutions. */
  readonly depths: readonly number[];
  /** The channels inside of a stage's blocks. */
  readonly widths: readonly number[];
}

const imageNet = { channels: 64, kernel: 7, step: 4 };
const cifar = { channels: 16, kernel: 3, step: 1 };

function large(name: string, block: BlockKind, depths: readonly number[]): PaperModel {
  return { name, block, stem: imageNet, depths, widths: [64, 128, 256, 512] };
}

/** 6n + 2 layers. */
function small(n: number, block: BlockKind = "basic"): PaperModel {
  const name = `${block === "plain" ? "plain" : "ResNet"}-${6 * n + 2}`;
  return { name, block, stem: cifar, depths: [n, n, n], widths: [16, 32, 64] };
}

export const paperModels: readonly PaperModel[] = [
  large("plain-18", "plain", [2, 2, 2, 2]),
  large("plain-34", "plain", [3, 4, 6, 3]),
  large("ResNet-18", "basic", [2, 2, 2, 2]),
  large("ResNet-34", "basic", [3, 4, 6, 3]),
  large("ResNet-50", "bottleneck", [3, 4, 6, 3]),
  large("ResNet-101", "bottleneck", [3, 4, 23, 3]),
  large("ResNet-152", "bottleneck", [3, 8, 36, 3]),
  ...[3, 5, 7, 9, 18, 200].map((n) => small(n)),
  ...[3, 5, 7, 9].map((n) => small(n, "plain")),
];

/** Kernels of a block's convolutions, in order. */
export const blockKernels: Readonly<Record<BlockKind, readonly number[]>> = {
  basic: [3, 3],
  bottleneck: [1, 3, 1],
  plain: [3, 3],
};

/** Channels that a stage ends with. */
export function stageChannels({ block, widths }: PaperModel, stage: number): number {
  return (widths[stage] ?? 0) * (block === "bottleneck" ? 4 : 1);
}

/** The shortcuts of section 4.1, by what they do where the shapes differ, and in option C everywhere. */
export const shortcutOptions = ["A", "B", "C"] as const;
export type ShortcutOption = (typeof shortcutOptions)[number];

/** Trainable numbers: kernels without bias, gamma and beta of each batch norm, and the classifier. */
export function paperParameters(
  model: PaperModel,
  classes: number,
  option: ShortcutOption,
): number {
  const { block, stem, depths, widths } = model;
  const layer = (kernel: number, from: number, to: number): number =>
    kernel * kernel * from * to + 2 * to;
  let total = layer(stem.kernel, 3, stem.channels);
  let before = stem.channels;
  for (const [stage, depth] of depths.entries()) {
    const [width = 0, after] = [widths[stage], stageChannels(model, stage)];
    for (let index = 0; index < depth; index++) {
      total +=
        block === "bottleneck"
          ? layer(1, before, width) + layer(3, width, width) + layer(1, width, after)
          : layer(3, before, width) + layer(3, width, width);
      const differs = before !== after || (index === 0 && stage > 0);
      const projects = option === "C" || (option === "B" && differs);
      if (block !== "plain" && projects) total += layer(1, before, after);
      before = after;
    }
  }
  return total + before * classes + classes;
}

/** The model that a text says something is: "ResNet-50 (He et al. 2015, Table 1), …", and not "ResNet-50-FPN" or "a ResNet-34 encoder". */
export function claimedModel(docs: string): PaperModel | undefined {
  const words =
    /^(?:the )?(?:(resnet|plain)[- ]?(\d+)|plain network of (\d+) layers)\b(?!-\w|\s+(?:based|encoder|backbone|body|trunk|features?)\b)/i.exec(
      docs.trim(),
    );
  if (words === null) return undefined;
  const [, kind, number, layers] = words;
  const isPlain = layers !== undefined || kind?.toLowerCase() === "plain";
  const name = `${isPlain ? "plain" : "ResNet"}-${number ?? layers}`;
  return paperModels.find((model) => model.name === name);
}
