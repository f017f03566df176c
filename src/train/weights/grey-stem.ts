/**
 * Weights of a network for colours as those of the same network for grey images: where all colours are the same, a
 * convolution of them is that of one with the sum of its weights over the colours, timm's `in_chans=1`.
 */
import type { NamedTensor } from "../../engines/engine.js";
import type { Graph } from "../../graph/graph.js";
import { inputOf } from "../../graph/traversal.js";
import { elementCount } from "../../shapes/index.js";

const colours = 3;

/** The convolutions that look at grey images themselves. */
export function greyStems(graph: Graph): ReadonlySet<string> {
  const { name, type } = inputOf(graph);
  const stems = graph.nodes.filter(({ op, inputs }) => op === "conv" && inputs.includes(name));
  return new Set(type.channels === 1 ? stems.map((node) => node.name) : []);
}

/** The axis that has one entry per colour, where that is all in which these shapes differ. */
export function colourAxis(there: readonly number[], here: readonly number[]): number | undefined {
  const differing = there.flatMap((extent, axis) => (extent === here[axis] ? [] : [axis]));
  const [axis = -1, ...others] = differing;
  const isColours = there[axis] === colours && here[axis] === 1;
  return there.length === here.length && others.length === 0 && isColours ? axis : undefined;
}

/** The sum over an axis, which stays, as one entry. */
export function summedOver({ shape, data }: NamedTensor, axis: number): NamedTensor {
  const count = shape[axis] ?? 0;
  const inner = elementCount(shape.slice(axis + 1));
  const summed = shape.with(axis, 1);
  const sums = Float32Array.from({ length: elementCount(summed) }, (_, place) => {
    const first = Math.floor(place / inner) * inner * count + (place % inner);
    let sum = 0;
    for (let entry = 0; entry < count; entry++) sum += data[first + entry * inner] ?? NaN;
    return sum;
  });
  return { shape: summed, data: sums };
}
