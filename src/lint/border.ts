/**
 * What the windows of a network leave unseen at the far border of an image of a given size, along one axis: rows of a map
 * behind the last place of a window whose stride is no larger than it is.
 */
import type { Graph, Node } from "../graph/graph.js";
import { windowExtent } from "../ops/window-extent.js";

export interface Unseen {
  readonly node: Node;
  /** Rows (or columns) of the map that goes in, and how many of them no window sees. */
  readonly extent: number;
  readonly rows: number;
}

/** @returns nothing where the network does not fit an image of the size. */
export function unseenRows(graph: Graph, axis: 0 | 1, size: number): readonly Unseen[] | undefined {
  const extents = new Map<string, number>();
  const unseen: Unseen[] = [];
  for (const node of graph.nodes) {
    const extent = extents.get(node.inputs[0] ?? "");
    if (node.op === "input") {
      extents.set(node.name, size);
      continue;
    }
    if (extent === undefined || node.type.spatial.length === 0) continue;
    const after = extentAfter(node, axis, extent);
    if (after < 1) return undefined;
    extents.set(node.name, after);
    const rows = rowsBehind(node, axis, extent, after);
    if (rows > 0) unseen.push({ node, extent, rows });
  }
  return unseen;
}

function windowOf(node: Node, axis: 0 | 1) {
  if (node.op !== "conv" && node.op !== "maxpool" && node.op !== "avgpool") return undefined;
  const { kernel, stride, padding } = node.attributes;
  const dilation = node.op === "conv" ? node.attributes.dilation[axis] : 1;
  const ceil = node.op !== "conv" && node.attributes.ceil;
  return { kernel: kernel[axis], stride: stride[axis], padding: padding[axis], dilation, ceil };
}

function extentAfter(node: Node, axis: 0 | 1, extent: number): number {
  if (node.op === "upsample") return extent * node.attributes.factor[axis];
  if (node.op === "subsample") return Math.ceil(extent / node.attributes.stride[axis]);
  const window = windowOf(node, axis);
  if (window === undefined) return extent;
  const { kernel, stride, padding, dilation, ceil } = window;
  const after = windowExtent(extent, kernel, stride, padding, dilation, ceil);
  return typeof after === "number" ? after : extent;
}

/** A window that skips rows by design, as a strided 1x1 does, has none that it ought to have seen. */
function rowsBehind(node: Node, axis: 0 | 1, extent: number, after: number): number {
  const window = windowOf(node, axis);
  if (window === undefined) return 0;
  const { kernel, stride, padding, dilation } = window;
  const covered = dilation * (kernel - 1) + 1;
  if (covered < stride || stride === 1) return 0;
  return Math.max(0, extent + padding - ((after - 1) * stride + covered));
}
