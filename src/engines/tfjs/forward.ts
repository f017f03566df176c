/**
 * Computes a built model layer by layer, with batch norm, dropout and dropped paths of our own: exact, repeatable and
 * lean where the stock ones compose broadcasts or draw unseeded masks. The weights stay the model's.
 */
import {
  add,
  clone,
  dispose,
  mul,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { GroupedConv2D } from "../../backends/tfjs/grouped-conv.js";
import type { Application, BuiltModel } from "../../backends/tfjs/model.js";
import type { Graph, NodeOf } from "../../graph/graph.js";
import { randomKey, randomUniform } from "../../random/random.js";
import {
  normaliseBatch,
  normaliseFrozen,
  normaliseWith,
  type BatchStatistics,
} from "./batch-norm.js";
import type { StepObserver } from "./step-observer.js";
import type { Feed } from "./work-runner.js";
import { addAll, convolve, rectify } from "./lean-layers.js";

/** Which way the passes of a network differ. */
export type Pass =
  | { readonly kind: "inference" }
  | {
      readonly kind: "training";
      /** With the number of the step, which the feed knows, it names the dropout masks. */
      readonly seed: number;
      readonly feed: Feed;
      /** How many images of the step's batch stand before these ones (gradient accumulation). */
      readonly imagesBefore: number;
      /** The nodes that are not trained: their batch norms keep the moving statistics, and take them. */
      readonly frozen: ReadonlySet<string>;
    };

export interface ForwardResult {
  /** The value of every output, in the graph's order. */
  readonly outputs: readonly Tensor[];
  /** In training, what every batch norm saw, by the node's name; the caller disposes of it. */
  readonly statistics: ReadonlyMap<string, BatchStatistics>;
}

/**
 * Runs the network on `images` (N, H, W, C). Every value is disposed of after its last use; what the
 * gradients need, the tape keeps by itself.
 */
export function forward(
  built: BuiltModel,
  graph: Graph,
  images: Tensor4D,
  pass: Pass,
  observer?: StepObserver,
): ForwardResult {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const values = new Map<number, Tensor>();
  const statistics = new Map<string, BatchStatistics>();
  const uses = countUses(built, graph);
  const fixed = fixedValues(built);
  for (const input of built.model.inputs) values.set(input.id, clone(images));
  for (const application of built.applications) {
    const inputs = application.inputs.map(({ id }) => valueOf(values, id));
    const node = nodes.get(application.node);
    observer?.forward(application.node);
    const output = tidy(() => {
      if (node?.op === "batchnorm") return batchNorm(built, node, inputs, pass, statistics);
      if (node?.op === "dropout") return dropout(node, inputs, pass);
      if (node?.op === "droppath") return dropPath(node, inputs, pass);
      return pass.kind === "training"
        ? trainLayer(application, inputs, fixed)
        : callLayer(application, inputs);
    });
    values.set(application.output.id, output);
    release(application, values, uses);
  }
  const outputs = graph.outputs.map(({ node }) =>
    valueOf(values, built.values.get(node)?.id ?? -1),
  );
  return { outputs, statistics };
}

function valueOf(values: ReadonlyMap<number, Tensor>, id: number): Tensor {
  const value = values.get(id);
  if (value === undefined) throw new RangeError("a layer is applied before its input is computed");
  return value;
}

/** The ids of what no weight has touched: the images, and them padded. They need no gradient. */
function fixedValues({ model, applications }: BuiltModel): ReadonlySet<number> {
  const fixed = new Set(model.inputs.map(({ id }) => id));
  for (const { layer, inputs, output } of applications) {
    if (layer.weights.length === 0 && inputs.every(({ id }) => fixed.has(id))) fixed.add(output.id);
  }
  return fixed;
}

/** How often each symbolic tensor is read; outputs once more, so that they outlive the pass. */
function countUses(built: BuiltModel, graph: Graph): Map<number, number> {
  const uses = new Map<number, number>();
  const count = (id: number): Map<number, number> => uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const { inputs } of built.applications) for (const { id } of inputs) count(id);
  for (const { node } of graph.outputs) count(built.values.get(node)?.id ?? -1);
  return uses;
}

function release(
  { inputs }: Application,
  values: Map<number, Tensor>,
  uses: Map<number, number>,
): void {
  for (const { id } of inputs) {
    const left = (uses.get(id) ?? 0) - 1;
    uses.set(id, left);
    if (left > 0) continue;
    dispose(values.get(id));
    values.delete(id);
  }
}

function callLayer({ layer }: Application, inputs: readonly Tensor[]): Tensor {
  const [single] = inputs;
  const given = inputs.length === 1 && single !== undefined ? single : [...inputs];
  return layer.call(given, {}) as Tensor;
}

/** As `callLayer`, with the lean form of the layers that have one. */
function trainLayer(
  application: Application,
  inputs: readonly Tensor[],
  fixed: ReadonlySet<number>,
): Tensor {
  const { layer } = application;
  const [x] = inputs;
  const config = layer.getConfig();
  const wantsInput = application.inputs.some(({ id }) => !fixed.has(id));
  switch (layer.getClassName()) {
    case "Add":
      return addAll(inputs);
    case "Activation":
      return config["activation"] === "relu"
        ? rectify(x as Tensor)
        : callLayer(application, inputs);
    case "Conv2D": {
      const [kernel, bias] = layer.weights.map((weight) => weight.read());
      const settings = {
        strides: config["strides"] as [number, number],
        pad: config["padding"] as "same" | "valid",
        dilations: config["dilationRate"] as [number, number],
      };
      const filtered = convolve(x as Tensor4D, kernel as Tensor4D, settings, wantsInput);
      return bias === undefined ? filtered : add(filtered, bias);
    }
    case GroupedConv2D.className: {
      const grouped = layer as GroupedConv2D;
      const { stride, padding: pad, dilation } = grouped.settings;
      return grouped.compute(x as Tensor4D, (part, kernel) =>
        convolve(part, kernel, { strides: [...stride], pad, dilations: [...dilation] }, wantsInput),
      );
    }
    default:
      return callLayer(application, inputs);
  }
}

function batchNorm(
  built: BuiltModel,
  node: NodeOf<"batchnorm">,
  [x]: readonly Tensor[],
  pass: Pass,
  statistics: Map<string, BatchStatistics>,
): Tensor {
  const weight = (name: string): Tensor1D => {
    const variable = built.parameters.get(`${node.name}.${name}`);
    if (variable === undefined) throw new RangeError(`${node.name} has no ${name}`);
    return variable.read() as Tensor1D;
  };
  if (x === undefined) throw new RangeError(`${node.name} has no input`);
  const { epsilon } = node.attributes;
  if (pass.kind === "inference" || pass.frozen.has(node.name)) {
    const moving = { mean: weight("moving_mean"), variance: weight("moving_variance") };
    const normalise = pass.kind === "inference" ? normaliseWith : normaliseFrozen;
    return normalise(x, weight("gamma"), weight("beta"), moving, epsilon);
  }
  const normalised = normaliseBatch(x, weight("gamma"), weight("beta"), epsilon);
  statistics.set(node.name, normalised.statistics);
  return normalised.y;
}

/** Inverted dropout (Srivastava et al. 2014, section 10); the mask is a function of seed, node, step. */
function dropout(node: NodeOf<"dropout">, [x]: readonly Tensor[], pass: Pass): Tensor {
  if (x === undefined) throw new RangeError(`${node.name} has no input`);
  const { rate } = node.attributes;
  if (pass.kind === "inference" || rate === 0) return clone(x);
  const { seed, imagesBefore, feed } = pass;
  const { size } = x;
  const scale = 1 / (1 - rate);
  const before = imagesBefore * (size / (x.shape[0] ?? 1));
  const mask = feed(x.shape, ({ step }) => {
    const key = randomKey(seed, "dropout", node.name, step);
    return Float32Array.from({ length: size }, (_, i) =>
      randomUniform(key, before + i) < rate ? 0 : scale,
    );
  });
  return mul(x, mask);
}

/** Stochastic depth (Huang et al. 2016), image by image; the mask is a function of seed, node, step. */
function dropPath(node: NodeOf<"droppath">, [x]: readonly Tensor[], pass: Pass): Tensor {
  if (x === undefined) throw new RangeError(`${node.name} has no input`);
  const { rate } = node.attributes;
  if (pass.kind === "inference" || rate === 0) return clone(x);
  const { seed, imagesBefore, feed } = pass;
  const [images = 1, ...extents] = x.shape;
  const mask = feed([images, ...extents.map(() => 1)], ({ step }) => {
    const key = randomKey(seed, "droppath", node.name, step);
    return Float32Array.from({ length: images }, (_, i) =>
      randomUniform(key, imagesBefore + i) < rate ? 0 : 1 / (1 - rate),
    );
  });
  return mul(x, mask);
}
