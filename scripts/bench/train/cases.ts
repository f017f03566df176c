/**
 * The networks that are measured, with the batch of one step; every contender gets images and labels of
 * these sizes, and trains by the same recipe.
 */
import { check } from "../../../src/check/check.js";
import type { Batch } from "../../../src/engines/engine.js";
import { graphCost } from "../../../src/graph/cost.js";
import type { Graph } from "../../../src/graph/graph.js";
import { NodeHost } from "../../../src/host/node-host.js";
import { randomUniform } from "../../../src/random/random.js";
import { recipeDefaults, type Recipe } from "../../../src/recipe/recipe.js";

export interface Case {
  /** What the command line calls it. */
  readonly name: string;
  readonly title: string;
  readonly spec: string;
  readonly network: string;
  readonly batch: number;
  /** Rows and columns of an image of three channels. */
  readonly extent: number;
  /** Timed steps of one process where the command line does not say. */
  readonly steps: number;
}

const cifar = { spec: "specs/resnet-cifar10.resnet", network: "ResNet20", extent: 32, steps: 12 };
const odd = { ...cifar, spec: "scripts/bench/train/odd-channels.resnet", batch: 128 };
const large = { batch: 8, extent: 224 };

export const resnet20: Case = {
  ...cifar,
  name: "resnet20",
  title: "CIFAR ResNet-20, batch 128",
  batch: 128,
};

export const resnet50: Case = {
  ...large,
  name: "resnet50",
  title: "ResNet-50 at 224, batch 8",
  spec: "specs/resnet50.resnet",
  network: "ResNet50",
  steps: 6,
};

export const trainingCases: readonly Case[] = [
  resnet20,
  {
    ...large,
    name: "resnet18",
    title: "ResNet-18 at 224, batch 8",
    spec: "specs/resnet18.resnet",
    network: "ResNet18",
    steps: 10,
  },
  resnet50,
];

export const oddCases: readonly Case[] = [
  ...[127, 100, 80].map((batch): Case => ({
    ...cifar,
    name: `batch${batch}`,
    title: `batch ${batch}`,
    batch,
  })),
  { ...odd, name: "channels20", title: "channels 20, 40, 80", network: "Channels20" },
  { ...odd, name: "channels18", title: "channels 18, 36, 72", network: "Channels18" },
];

/** @throws Error where the network does not check. */
export function graphOf({ spec, network }: Pick<Case, "spec" | "network">): Graph {
  const { networks, diagnostics } = check(spec, new NodeHost(), { network });
  const graph = networks[0]?.graph;
  if (graph !== undefined) return graph;
  throw new Error(`${spec} has no ${network}: ${diagnostics[0]?.message ?? "it is not declared"}`);
}

/** Multiply-adds of the forward pass for one image. */
export function multiplyAdds(of: Case): number {
  return graphCost(graphOf(of)).macs ?? Number.NaN;
}

/** SGD with momentum 0.9 and decay 1e-4, at a rate that random labels do not blow up. */
export function recipeOf({
  name,
  network,
  batch,
}: Pick<Case, "name" | "network" | "batch">): Recipe {
  return {
    name,
    network,
    ...recipeDefaults,
    data: { kind: "random", options: {} },
    optimizer: { kind: "sgd", rate: 0.01, momentum: 0.9, nesterov: false, decay: 1e-4 },
    batch,
    epochs: 1,
    seed: 1,
    shuffle: false,
  };
}

/** Random images in arrays of their own, and random labels. */
export function randomBatch(graph: Graph, { batch, extent }: Case, seed: number): Batch {
  const head = graph.outputs[0]?.node;
  const classes = graph.nodes.find(({ name }) => name === head)?.type.channels ?? 1;
  const images = new Float32Array(batch * extent * extent * 3);
  for (let i = 0; i < images.length; i++) images[i] = 2 * randomUniform(seed, i) - 1;
  const labels = Int32Array.from({ length: batch }, (_, i) =>
    Math.floor(classes * randomUniform(seed + 1, i)),
  );
  return { images, shape: [batch, extent, extent, 3], labels };
}
