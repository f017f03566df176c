/** Looks at a graph: nodes by name, operand types, and types at given sizes. */
import { extentAt, type TensorType } from "../shapes/index.js";
import type { Graph, Node } from "./graph.js";

/** The nodes by name. */
export function nodesByName(graph: Pick<Graph, "nodes">): ReadonlyMap<string, Node> {
  return new Map(graph.nodes.map((node) => [node.name, node]));
}

/**
 * The types of what feeds `node`, in the order of its operands.
 * @throws RangeError where the graph names a node that it does not have: a broken graph.
 */
export function inputTypes(nodes: ReadonlyMap<string, Node>, node: Node): readonly TensorType[] {
  return node.inputs.map((name) => {
    const input = nodes.get(name);
    if (input === undefined)
      throw new RangeError(`${node.name} is fed by ${name}, which is missing`);
    return input.type;
  });
}

/** Sizes of the input's symbols. */
export type Sizes = ReadonlyMap<string, number>;

/** The type with its extents as numbers. @throws RangeError where `sizes` lacks a symbol. */
export function typeAt(type: TensorType, sizes: Sizes): TensorType {
  const [height, width] = type.spatial;
  if (height === undefined || width === undefined) return type;
  return { ...type, spatial: [extentAt(height, sizes), extentAt(width, sizes)] };
}

/** Whether all extents become numbers with these sizes. */
export function isSized({ spatial }: TensorType, sizes: Sizes): boolean {
  return spatial.every((extent) => typeof extent === "number" || sizes.has(extent.symbol));
}

/** The type with its extents as numbers, or as it is where `sizes` lacks one of its symbols. */
export function typeNear(type: TensorType, sizes: Sizes): TensorType {
  return isSized(type, sizes) ? typeAt(type, sizes) : type;
}

/** The input's node. @throws RangeError for a graph without one. */
export function inputOf(graph: Graph): Node {
  const input = graph.nodes.find((node) => node.op === "input");
  if (input === undefined) throw new RangeError(`graph ${graph.name} has no input`);
  return input;
}

/** The sizes of the input's symbols for images of so many rows and columns. */
export function sizesOfInput(graph: Graph, height: number, width: number): Sizes {
  const sizes = new Map<string, number>();
  for (const [i, extent] of inputOf(graph).type.spatial.entries()) {
    if (typeof extent !== "number") sizes.set(extent.symbol, i === 0 ? height : width);
  }
  return sizes;
}
