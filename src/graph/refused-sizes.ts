/**
 * Why an image's height and width are not ones that a graph takes, in words that name the size and the
 * nearest sizes that are.
 */
import { admits, everySize, printExtent, sameSizes } from "../shapes/index.js";
import { nearestSizes, sizesOf, type NearestSizes } from "./sizes.js";
import type { Graph } from "./graph.js";
import { inputOf } from "./traversal.js";

/**
 * One sentence for every side that is refused: "H = 33 is refused: the nearest sizes are 32 and 64".
 *
 * @param size [height, width] in pixels.
 * @returns none where the graph takes images of this size.
 */
export function refusedSizes(graph: Graph, size: readonly [number, number]): readonly string[] {
  const refused = new Set<string>();
  const taken = new Map<string, number>();
  for (const [axis, extent] of inputOf(graph).type.spatial.entries()) {
    const given = size[axis] ?? 0;
    const word = axis === 0 ? "height" : "width";
    if (typeof extent === "number") {
      if (extent !== given) refused.add(`the ${word} is ${extent}, not ${given}`);
      continue;
    }
    const { symbol } = extent;
    const before = taken.get(symbol) ?? given;
    if (before !== given) refused.add(`${symbol} cannot be both ${before} and ${given}`);
    taken.set(symbol, given);
    const domain = graph.domains.find((each) => each.symbol === symbol);
    if (domain === undefined || admits(domain, given)) continue;
    const sizes = sizesOf(graph).find((each) => each.symbol === symbol);
    const nearest = sizes ? describeNearest(nearestSizes(sizes.admitted, given)) : "";
    refused.add(`${symbol} = ${given} is refused${nearest}`);
  }
  return [...refused];
}

function describeNearest({ below, above }: NearestSizes): string {
  if (below !== undefined && above !== undefined) {
    return `: the nearest sizes are ${below} and ${above}`;
  }
  if (above !== undefined) return `: the smallest size is ${above}`;
  return below === undefined ? "" : `: the largest size is ${below}`;
}

/** The images that a graph takes: `224x224x3`, `HxWx3 for H ≡ 0 (mod 32), any W >= 64`. */
export function printTakenImages(graph: Graph): string {
  const { spatial, channels } = inputOf(graph).type;
  const shape = [...spatial, channels].map(printExtent).join("x");
  const conditions = sizesOf(graph)
    .filter(({ admitted }) => !sameSizes(admitted, everySize))
    .map(({ text }) => text);
  return conditions.length === 0 ? shape : `${shape} for ${conditions.join(", ")}`;
}
