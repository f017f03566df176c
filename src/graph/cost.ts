/**
 * What a network costs: parameters, multiply-adds and the memory of its activations. Parameters are
 * the trainable ones; multiply-adds are those of convolutions and dense layers for one image, as in
 * He et al. 2015, Table 1.
 */
import type { OpName } from "../ops/attributes.js";
import type { Operation } from "../ops/operation.js";
import { operations, parametersOf } from "../ops/registry.js";
import type { TensorType } from "../shapes/index.js";
import { elementCount } from "../shapes/index.js";
import type { Graph, Node, NodeOf } from "./graph.js";
import { inputTypes, isSized, nodesByName, typeAt, type Sizes } from "./traversal.js";

export interface NodeCost {
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image; undefined where a symbolic size is not given. */
  readonly macs: number | undefined;
  /** Numbers in the output for one image; undefined likewise. */
  readonly activations: number | undefined;
}

const noSizes: Sizes = new Map();

/** The cost of one node. */
export function nodeCost(
  nodes: ReadonlyMap<string, Node>,
  node: Node,
  sizes: Sizes = noSizes,
): NodeCost {
  return costOf(node as NodeOf<OpName>, inputTypes(nodes, node), sizes);
}

function costOf<K extends OpName>(
  node: NodeOf<K>,
  operands: readonly TensorType[],
  sizes: Sizes,
): NodeCost {
  const parameters = parametersOf(node.op, node.attributes, operands)
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (!isSized(node.type, sizes)) return { parameters, macs: undefined, activations: undefined };
  const type = typeAt(node.type, sizes);
  const operation: Operation<K> = operations[node.op];
  const macs = operation.macs(node.attributes, operands, type);
  const [height = 1, width = 1] = type.spatial;
  return { parameters, macs, activations: Number(height) * Number(width) * type.channels };
}

/** The costs of some nodes, added up. @param nodes all of their graph, by name. */
export function partCost(
  nodes: ReadonlyMap<string, Node>,
  part: readonly Node[],
  sizes: Sizes = noSizes,
): NodeCost {
  let [parameters, macs, activations]: [number, number | undefined, number | undefined] = [0, 0, 0];
  for (const node of part) {
    const cost = nodeCost(nodes, node, sizes);
    parameters += cost.parameters;
    macs = add(macs, cost.macs);
    activations = add(activations, cost.activations);
  }
  return { parameters, macs, activations };
}

/** The costs of all nodes, added up; the image itself is no activation. */
export function graphCost(graph: Graph, sizes: Sizes = noSizes): NodeCost {
  const nodes = nodesByName(graph);
  const of = (isInput: boolean): NodeCost => {
    const part = graph.nodes.filter(({ op }) => (op === "input") === isInput);
    return partCost(nodes, part, sizes);
  };
  const [image, computed] = [of(true), of(false)];
  return { ...computed, macs: add(computed.macs, image.macs) };
}

function add(sum: number | undefined, more: number | undefined): number | undefined {
  return sum === undefined || more === undefined ? undefined : sum + more;
}

/** Bytes of all outputs of a batch in float32: what training keeps for the backward pass. */
export function activationBytes(activations: number, batch: number): number {
  return activations * batch * 4;
}
