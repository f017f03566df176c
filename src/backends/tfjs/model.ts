/**
 * Builds the tf.LayersModel of a graph and holds it against the graph: every shape and every weight
 * that the model really has is the one that the checker derived.
 */
import { tensor } from "@tensorflow/tfjs-core";
import {
  model,
  type LayersModel,
  type LayerVariable,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";
import type { Graph, Node, NodeOf } from "../../graph/graph.js";
import { nonNegativeNodes } from "../../graph/non-negative.js";
import { graphParameters } from "../../graph/parameters.js";
import { inputTypes } from "../../graph/traversal.js";
import type { OpName } from "../../ops/attributes.js";
import { elementCount } from "../../shapes/index.js";
import { lowerings, shapeOf } from "./lower.js";
import type { Layer, Lower, Place } from "./place.js";
import { InternalError, UnsupportedNodeError } from "./unsupported.js";

/** One application of a layer, in an order in which they can be computed. */
export interface Application {
  readonly node: string;
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly output: SymbolicTensor;
}

export interface BuiltModel {
  readonly model: LayersModel;
  /** The model's variable of every parameter, by `NODE.PARAMETER`, in the graph's order. */
  readonly parameters: ReadonlyMap<string, LayerVariable>;
  readonly applications: readonly Application[];
  /** The value of every node, by the node's name. */
  readonly values: ReadonlyMap<string, SymbolicTensor>;
}

/**
 * Lowers a graph to layers. All weights are zero until they are set.
 * @param stock whether only TensorFlow.js's own will do, as for a model that is written.
 * @throws UnsupportedNodeError for a node that the layers cannot compute exactly.
 * @throws InternalError if the model differs from the graph.
 */
export function buildModel(graph: Graph, { stock = false } = {}): BuiltModel {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const nonNegative = nonNegativeNodes(graph);
  const values = new Map<string, SymbolicTensor>();
  const applications: Application[] = [];
  const valueOf = (name: string): SymbolicTensor => {
    const value = values.get(name);
    if (value === undefined) throw new InternalError(`${name} is used before it is computed`);
    return value;
  };
  for (const node of graph.nodes) {
    const [first] = node.inputs;
    const place: Omit<Place<OpName>, "node"> = {
      inputs: node.inputs.map(valueOf),
      types: inputTypes(byName, node),
      stock,
      nonNegative: first !== undefined && nonNegative.has(first),
      name: (role) => layerName(node.name, role),
      apply: (layer, given) => {
        const inputs = Array.isArray(given)
          ? (given as readonly SymbolicTensor[])
          : [given as SymbolicTensor];
        layer.setFastWeightInitDuringBuild(true);
        const single = inputs.length === 1 ? inputs[0] : undefined;
        const output = layer.apply(single ?? [...inputs]) as SymbolicTensor;
        applications.push({ node: node.name, layer, inputs, output });
        return output;
      },
    };
    values.set(node.name, lowerNode(node, place));
  }
  const built = {
    model: model({
      inputs: graph.nodes.filter(({ op }) => op === "input").map(({ name }) => valueOf(name)),
      outputs: graph.outputs.map(({ node }) => valueOf(node)),
      name: graph.name,
    }),
    parameters: collectParameters(graph, applications),
    applications,
    values,
  };
  verifyModel(built, graph);
  return built;
}

function lowerNode<K extends OpName>(
  node: Node & NodeOf<K>,
  place: Omit<Place<OpName>, "node">,
): SymbolicTensor {
  const lower: Lower<K> = lowerings[node.op as K];
  const lowered = lower({ ...place, node });
  if ("unsupported" in lowered) {
    throw new UnsupportedNodeError(node.name, lowered.unsupported, lowered.help);
  }
  return lowered;
}

/**
 * Names in the graph have no hyphen, so no auxiliary layer's name is that of a node. TensorFlow.js
 * wants a letter or a digit first.
 */
function layerName(node: string, role?: string): string {
  const name = /^[A-Za-z0-9]/.test(node) ? node : `n-${node}`;
  return role === undefined ? name : `${name}-${role}`;
}

function collectParameters(
  graph: Graph,
  applications: readonly Application[],
): ReadonlyMap<string, LayerVariable> {
  const found = new Map<string, LayerVariable>();
  for (const { node, layer } of applications) {
    for (const variable of layer.weights) {
      const name = variable.originalName.split("/").at(-1) ?? "";
      found.set(`${node}.${name === "depthwise_kernel" ? "kernel" : name}`, variable);
    }
  }
  const ordered = new Map<string, LayerVariable>();
  for (const { key } of graphParameters(graph)) {
    const variable = found.get(key);
    if (variable === undefined) throw new InternalError(`the model has no weight for ${key}`);
    ordered.set(key, variable);
  }
  return ordered;
}

/**
 * Compares what the model has with what the graph says: the shape of every node's value and weight,
 * and the number of parameters. @throws InternalError naming the first difference.
 */
export function verifyModel(
  built: Pick<BuiltModel, "model" | "parameters" | "values">,
  graph: Graph,
): void {
  const same = (what: string, found: readonly unknown[], expected: readonly unknown[]): void => {
    if (found.length === expected.length && found.every((extent, i) => extent === expected[i]))
      return;
    const show = (shape: readonly unknown[]): string => `[${shape.map(String).join(", ")}]`;
    throw new InternalError(
      `${what} is ${show(found)} in the model, ${show(expected)} in the graph`,
    );
  };
  for (const node of graph.nodes) {
    const value = built.values.get(node.name);
    same(`the shape of ${node.name}`, value?.shape.slice(1) ?? [], shapeOf(node.type));
  }
  let parameters = 0;
  for (const { key, shape } of graphParameters(graph)) {
    const variable = built.parameters.get(key);
    const found = variable?.shape ?? [];
    // A depthwise kernel is (KH, KW, C, M) there and (KH, KW, 1, C M) here: the same numbers in order.
    const depthwise = variable?.originalName.endsWith("/depthwise_kernel") === true;
    const [height = 0, width = 0, channels = 0, multiplier = 0] = found;
    const canonical = depthwise ? [height, width, 1, (channels ?? 0) * (multiplier ?? 0)] : found;
    same(`the shape of ${key}`, canonical, shape);
    parameters += elementCount(shape);
  }
  same("the number of parameters", [built.model.countParams()], [parameters]);
}

/**
 * Sets every weight, given by `NODE.PARAMETER` in the canonical layout.
 * @throws RangeError where one is missing or of another size.
 */
export function setWeights(
  { parameters }: Pick<BuiltModel, "parameters">,
  weights: ReadonlyMap<string, { readonly data: Float32Array }>,
): void {
  for (const [key, variable] of parameters) {
    const data = weights.get(key)?.data;
    if (data === undefined) throw new RangeError(`there are no values for ${key}`);
    const shape = variable.shape.map((extent) => extent ?? 0);
    const value = tensor(data, shape, "float32");
    variable.write(value);
    value.dispose();
  }
}
