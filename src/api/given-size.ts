/** A size that the user gives for a symbolic input. */
import type { Graph } from "../graph/graph.js";
import { printTakenImages, refusedSizes } from "../graph/refused-sizes.js";
import { inputOf, type Sizes } from "../graph/traversal.js";
import { admits } from "../shapes/index.js";
import { UsageError } from "./errors.js";

/** The sizes of the input's symbols. @throws UsageError where the network is not for that size. */
export function sizesAt(graph: Graph, at: readonly [number, number]): Sizes {
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
