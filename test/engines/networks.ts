/** Small graphs written by hand: enough of every construct to train, and recipes for them. */
import type { Graph, Node } from "../../src/graph/graph.js";
import type { OpAttributes, OpName, Pair } from "../../src/ops/attributes.js";
import { operations } from "../../src/ops/registry.js";
import type { Operation } from "../../src/ops/operation.js";
import { recipeDefaults, type Optimizer, type Recipe } from "../../src/recipe/recipe.js";
import { sameExtent, type Extent, type TensorType } from "../../src/shapes/index.js";

/** Adds nodes one by one; every type comes from the operation's own shape rule. */
export class Sketch {
  readonly #nodes: Node[] = [];

  input(height: Extent, width: Extent, channels: number): string {
    const type: TensorType = { spatial: [height, width], channels, dtype: "float32" };
    this.#nodes.push({ name: "input", op: "input", attributes: {}, inputs: [], type });
    return "input";
  }

  add<K extends Exclude<OpName, "input">>(
    op: K,
    name: string,
    attributes: OpAttributes[K],
    ...inputs: string[]
  ): string {
    const operation: Operation<K> = operations[op] as unknown as Operation<K>;
    const types = inputs.map((input) => this.typeOf(input));
    const { type, problem } = operation.type(attributes, types, (left, right) =>
      left.spatial.every((extent, i) => sameExtent(extent, right.spatial[i] as Extent))
        ? undefined
        : "height",
    );
    if (type === undefined) throw new Error(`${name}: ${problem.kind}`);
    this.#nodes.push({ name, op, attributes, inputs, type } as unknown as Node);
    return name;
  }

  typeOf(name: string): TensorType {
    const node = this.#nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node.type;
  }

  graph(...outputs: string[]): Graph {
    return {
      format: "resnetc-graph",
      version: 1,
      name: "Sketch",
      domains: [],
      nodes: this.#nodes,
      outputs: outputs.map((node, i) => ({ name: `head${i}`, node })),
      regions: [],
    };
  }
}

/** A convolution with the defaults of the language. */
export function convAttributes(
  channels: number,
  kernel: number,
  stride = 1,
  more: Partial<OpAttributes["conv"]> = {},
): OpAttributes["conv"] {
  const padding = kernel % 2 === 1 ? (kernel - 1) / 2 : 0;
  return {
    channels,
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [padding, padding],
    dilation: [1, 1],
    groups: 1,
    bias: false,
    ...more,
  };
}

export const norm: OpAttributes["batchnorm"] = { epsilon: 1e-5, momentum: 0.9, gamma: 1 };

export function poolAttributes(
  kernel: number,
  stride: number,
  padding: number,
  ceil = false,
): OpAttributes["maxpool"] {
  const pair = (value: number): Pair => [value, value];
  return { kernel: pair(kernel), stride: pair(stride), padding: pair(padding), ceil };
}

/**
 * A stem with a pool, an identity block, a projection, a padded shortcut, and a dense head; of 4, 6 and 8
 * channels times `width`.
 */
export function smallResNet(classes = 3, dropout = 0, width = 1): Graph {
  const net = new Sketch();
  const conv = (name: string, from: string, channels: number, kernel: number, stride = 1): string =>
    net.add(
      "batchnorm",
      `${name}.norm`,
      norm,
      net.add("conv", name, convAttributes(channels * width, kernel, stride), from),
    );
  net.input(12, 12, 3);
  net.add("relu", "stem.relu", {}, conv("stem.conv", "input", 4, 3));
  net.add("maxpool", "stem.pool", poolAttributes(3, 2, 1), "stem.relu");
  net.add("relu", "block1.relu1", {}, conv("block1.conv1", "stem.pool", 4, 3));
  net.add("add", "block1.add", {}, conv("block1.conv2", "block1.relu1", 4, 3), "stem.pool");
  net.add("relu", "block1.relu2", {}, "block1.add");
  const projected = conv("block2.shortcut", "block1.relu2", 6, 1, 2);
  net.add("add", "block2.add", {}, conv("block2.conv1", "block1.relu2", 6, 3, 2), projected);
  net.add("relu", "block2.relu", {}, "block2.add");
  net.add("subsample", "block3.subsample", { stride: [2, 2] }, "block2.relu");
  net.add("padchannels", "block3.pad", { channels: 8 * width }, "block3.subsample");
  net.add("add", "block3.add", {}, conv("block3.conv1", "block2.relu", 8, 3, 2), "block3.pad");
  net.add("globalavgpool", "head.pool", {}, "block3.add");
  net.add("dropout", "head.dropout", { rate: dropout }, "head.pool");
  net.add("dense", "head.dense", { channels: classes, bias: true }, "head.dropout");
  return net.graph("head.dense");
}

export function recipe(more: Partial<Recipe> = {}): Recipe {
  return {
    name: "quick",
    network: "Sketch",
    ...recipeDefaults,
    data: { kind: "shapes", options: {} },
    optimizer: { kind: "sgd", rate: 0.05, momentum: 0.9, nesterov: false, decay: 1e-4 },
    batch: 8,
    epochs: 2,
    seed: 1,
    ...more,
  };
}

/** Adam with a decay that is felt. */
export function adam(more: Partial<Extract<Optimizer, { kind: "adam" }>> = {}): Optimizer {
  const plain = { kind: "adam", rate: 0.01, beta1: 0.9, beta2: 0.999 } as const;
  return { ...plain, epsilon: 1e-8, decay: 1e-3, ...more };
}

/** LAMB, whose decay is large enough to be seen in a few steps. */
export const lamb: Optimizer = {
  kind: "lamb",
  rate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-3,
  decay: 0.1,
};

/** SGD with Nesterov's momentum, whose decay is large enough to be seen in a few steps. */
export const nesterov: Optimizer = {
  kind: "sgd",
  rate: 0.05,
  momentum: 0.9,
  nesterov: true,
  decay: 1e-2,
};
