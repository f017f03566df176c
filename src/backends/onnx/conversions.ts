/** Brings values from one form to another; the runtime reorders maps of float32 itself. */
import type { Shape, ValueType } from "../../passes/program/value-type.js";
import { axis, blockedView, canBlock, canBlockKernel, kernelOrder, type Block } from "./form.js";
import type { GraphWriter } from "./graph-writer.js";

export function plainOfMap(
  graph: GraphWriter,
  blocked: string,
  { dtype, shape }: ValueType,
  block: Block,
): string {
  if (dtype === "f32") {
    return graph.blocked("ReorderOutput", [blocked], { channels: axis(shape, 1) });
  }
  return swapLastTwo(graph, blocked, blockedView(shape, block ?? 1), shape);
}

/** @throws RangeError where the channels do not fall into blocks. */
export function blockedOfMap(
  graph: GraphWriter,
  plain: string,
  { dtype, shape }: ValueType,
  block: Block,
): string {
  if (!canBlock({ dtype: "f32", shape }, block)) {
    throw new RangeError(`[${shape.join()}] has no blocks`);
  }
  if (dtype === "f32") return graph.blocked("ReorderInput", [plain]);
  const [n = 1, outer = 1, places = 1, inner = 1] = blockedView(shape, block);
  return swapLastTwo(graph, plain, [n, outer, inner, places], shape);
}

/** Other elements than float32 are transposed. */
function swapLastTwo(graph: GraphWriter, value: string, view: Shape, shape: Shape): string {
  const moved = graph.node("Transpose", [graph.view(value, view)], { perm: [0, 1, 3, 2] });
  return graph.view(moved, shape);
}

export function plainOfKernel(
  graph: GraphWriter,
  kernel: string,
  { shape }: ValueType,
  block: number,
): string {
  const { permutation, extents, split } = kernelOrder(shape, block);
  const inverse = split.map((_, i) => permutation.indexOf(i));
  const moved = graph.node("Transpose", [graph.view(kernel, extents)], { perm: inverse });
  return graph.view(moved, shape);
}

/** @throws RangeError where the channels do not fall into blocks. */
export function kernelOfPlain(
  graph: GraphWriter,
  plain: string,
  { shape }: ValueType,
  block: Block,
): string {
  if (!canBlockKernel({ dtype: "f32", shape }, block)) {
    throw new RangeError(`[${shape.join()}] has no blocks of a kernel`);
  }
  const { split, permutation } = kernelOrder(shape, block);
  const moved = graph.node("Transpose", [graph.view(plain, split)], { perm: permutation });
  return graph.view(moved, shape);
}
