/** Networks to export, weights for them, their logits by the interpreter, and those of a model of it on the runtime. */
import { readFileSync } from "node:fs";
import type { OnnxModel } from "../../../src/backends/onnx/model.js";
import type { Graph } from "../../../src/graph/graph.js";
import { initialParameters, type ParameterValue } from "../../../src/graph/initialise.js";
import type { Sizes } from "../../../src/graph/traversal.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { transposed } from "../../../src/passes/interpret/shaping.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { imageShape, lowerInference } from "../../../src/passes/lower/lower.js";
import { programParameters } from "../../../src/passes/lower/parameters.js";
import { stateTensors } from "../../../src/passes/training-step/state.js";
import { graphOf } from "../../graph/checked.js";
import { stateOf } from "../../passes/training-step/run-step.js";
import { normal } from "../../reference/array.js";
import { load, runtime } from "./runtime.js";

/** At every size that its conditions admit. */
export const everyConstruct = graphOf(
  readFileSync(new URL("../../graph/fixtures/every-construct.resnet", import.meta.url), "utf8"),
);

/** What a map of one size alone can have, and what the fixture has not. */
export const fixed = graphOf(`
network Fixed {
  input 13x11x3
  stem {
    conv [3, 2], 6, /[2, 1], groups: 3, dilation: [1, 2], pad: [2, 1], bias: true
    -> sigmoid -> avgpool 3x3, /2, pad: 1, ceil: true -> batchnorm -> upsample [2, 3]
    -> maxpool 2x3, /3, pad: [1, 2], ceil: true
  }
  gate { conv 1x1, 6 -> sigmoid }
  dropout 0.3
  head large { conv 1x1, 1, bias: true }
  head classify { flatten -> dense 5, bias: false -> batchnorm -> relu -> dense 3 }
  head again { flatten -> dropout 0.1 -> dense 4 }
}`);

/** A symbol named as the batch is, a head named as the images are, and windows over the far border. */
export const ceiling = graphOf(`
network Ceiling {
  input [N, H, 2] where N >= 5, H >= 5
  stem { maxpool 3x3, /2, pad: 0, ceil: true -> avgpool 2x2, /3, ceil: true }
  head images { conv 2x2, 3, bias: true, pad: 1 -> upsample 3 }
}`);

type Layout = "nchw" | "nhwc";

/** The initial weights, with vectors that are neither zeros nor ones. */
export function someWeights(graph: Graph): Map<string, ParameterValue> {
  const initial = initialParameters(graph, 5);
  for (const [key, { shape }] of initial) {
    if (shape.length > 1) continue;
    const positive = key.endsWith("gamma") || key.endsWith("moving_variance");
    const draw = (value: number): number => (positive ? 0.5 + Math.abs(value) : value / 2);
    initial.set(key, { shape, data: Float32Array.from(normal(shape, key).data, draw) });
  }
  return initial;
}

function someImages(graph: Graph, batch: number, sizes: Sizes): Tensor {
  return normal(imageShape(graph, batch, sizes), "images", graph.name);
}

/** Every head by its name, of the network as it is lowered at this size. */
export function expectedLogits(
  graph: Graph,
  weights: ReadonlyMap<string, ParameterValue>,
  batch: number,
  sizes: Sizes,
  layout: Layout,
): Map<string, Tensor> {
  const inputs = new Map<string, Tensor>([["images", someImages(graph, batch, sizes)]]);
  for (const piece of stateTensors(programParameters(graph), undefined)) {
    const key = piece.name.slice("weights/".length);
    inputs.set(piece.name, stateOf(piece, weights.get(key)?.data));
  }
  const heads = [...interpret(lowerInference(graph, batch, sizes), inputs)];
  const last = (head: Tensor): Tensor => transposed(head, [0, 2, 3, 1]);
  const moves = (head: Tensor): boolean => layout === "nhwc" && head.shape.length === 4;
  return new Map(heads.map(([name, head]) => [name, moves(head) ? last(head) : head]));
}

/** Every output of the model for the same images. */
export async function logitsOf(
  model: OnnxModel,
  graph: Graph,
  batch: number,
  sizes: Sizes,
  layout: Layout,
): Promise<Map<string, Tensor>> {
  if (runtime === undefined) throw new Error("there is no runtime");
  const canonical = someImages(graph, batch, sizes);
  const images = layout === "nhwc" ? canonical : transposed(canonical, [0, 3, 1, 2]);
  const session = await load(model);
  const feed = new runtime.Tensor("float32", Float32Array.from(images.data), images.shape);
  const results = await session.run({ [session.inputNames[0] ?? ""]: feed });
  await session.release();
  return new Map(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: [...dims], data: Float64Array.from(data as Float32Array) },
    ]),
  );
}
