/** What a network computes otherwise than torchvision's, although all of its tensors have their names. */
import type { Graph } from "../../graph/graph.js";

/**
 * Torchvision's bottleneck halves the map in its 3x3 convolution ("v1.5"); the published one does in the
 * 1x1 before it, and has tensors of the same shapes.
 *
 * @returns a sentence where the graph has a bottleneck as published.
 */
export function strideNotes({ nodes }: Graph): readonly string[] {
  const published = nodes.find(
    (node) =>
      node.op === "conv" &&
      /\.residual\.[^.]+$/.test(node.name) &&
      node.attributes.kernel.every((extent) => extent === 1) &&
      node.attributes.stride.some((step) => step > 1),
  );
  if (published === undefined) return [];
  return [
    `${published.name} is a 1x1 convolution with a stride, which torchvision's networks have in the 3x3 ` +
      "after it: the same weights give other logits there",
  ];
}
