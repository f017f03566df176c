/** A network small enough to train by hand: pixels, flattened, to one dense layer. */
import type { Graph } from "../../src/graph/graph.js";
import { recipeDefaults, type Recipe } from "../../src/recipe/recipe.js";

const float32 = "float32" as const;

/** input side x side x 3 -> flatten -> dense `classes`, with the head `classify`. */
export function smallGraph(side: number, classes: number): Graph {
  return {
    format: "resnetc-graph",
    version: 1,
    name: "Small",
    domains: [],
    nodes: [
      {
        name: "input",
        op: "input",
        attributes: {},
        inputs: [],
        type: { spatial: [side, side], channels: 3, dtype: float32 },
      },
      {
        name: "classify.flatten",
        op: "flatten",
        attributes: {},
        inputs: ["input"],
        type: { spatial: [], channels: side * side * 3, dtype: float32 },
      },
      {
        name: "classify.dense",
        op: "dense",
        attributes: { channels: classes, bias: true },
        inputs: ["classify.flatten"],
        type: { spatial: [], channels: classes, dtype: float32 },
      },
    ],
    outputs: [{ name: "classify", node: "classify.dense" }],
    regions: [],
  };
}

/** SGD with momentum over a stepped rate, with every augmentation that a small image allows. */
export function smallRecipe(changes: Partial<Recipe> = {}): Recipe {
  return {
    name: "small",
    network: "Small",
    ...recipeDefaults,
    data: { kind: "shapes", options: {} },
    preprocess: [{ kind: "normalize", mean: [0.5], std: [0.5] }],
    augment: [{ kind: "flip" }],
    loss: { kind: "crossentropy", smoothing: 0.1 },
    optimizer: { kind: "sgd", rate: 0.05, momentum: 0.9, nesterov: false, decay: 0.001 },
    schedule: { kind: "step", at: [2], factor: 0.1, warmup: 1 },
    batch: 16,
    epochs: 3,
    seed: 13,
    ...changes,
  };
}
