/** A size that the user gives for a symbolic input. */
import type { Graph } from "../graph/graph.js";
import { printTakenImages, refusedSizes } from "../graph/refused-sizes.js";
import { inputOf, type Sizes } from "../graph/traversal.js";
import { admits } from "../shapes/index.js";
import { UsageError } from "./errors.js";
import { written } from "./written-value.js";

/**
 * Whether a size is one. What types promise, a program in JavaScript may not keep: `"32x32"` would be taken
 * letter by letter.
 *
 * @throws UsageError where it is not a height and a width.
 */
export function checkSize(at: unknown): void {
  const isExtent = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  if (Array.isArray(at) && at.length === 2 && at.every(isExtent)) return;
  const [, height = "224", width = height] = /^(\d+)(?:x(\d+))?$/.exec(String(at)) ?? [];
  throw new UsageError(
    `a size is height and width as two whole numbers, not ${written(at)}`,
    `give \`[${height}, ${width}]\``,
  );
}

/** The sizes of the input's symbols. @throws UsageError where the network is not for that size. */
export function sizesAt(graph: Graph, at: readonly [number, number]): Sizes {
  checkSize(at);
  const sizes = new Map<string, number>();
  inputOf(graph).type.spatial.forEach((extent, axis) => {
    const size = at[axis] ?? 0;
    const word = axis === 0 ? "height" : "width";
    if (typeof extent === "number") {
      if (extent === size) return;
      throw new UsageError(
        `the ${word} of ${graph.name}'s input is ${extent}, not ${size}`,
        "`--at` gives sizes to symbolic inputs, such as `input [H, W, 3]`",
      );
    }
    const known = sizes.get(extent.symbol);
    const domain = graph.domains.find(({ symbol }) => symbol === extent.symbol);
    if (domain && !admits(domain, size)) {
      throw new UsageError(
        `${graph.name} does not take a ${word} of ${size}`,
        `it takes ${printTakenImages(graph)}; ${refusedSizes(graph, at).join("; ")}`,
      );
    }
    if (known !== undefined && known !== size) {
      throw new UsageError(`${extent.symbol} cannot be both ${known} and ${size}`);
    }
    sizes.set(extent.symbol, size);
  });
  return sizes;
}
