/** The names that an input gives its sizes: where an expression speaks of one, and what it can be. */
import { smallestSize, smallestSizeReaching, symbolExtent } from "../shapes/index.js";
import type { Graph } from "../graph/graph.js";
import { inputOf } from "../graph/traversal.js";
import type { Expression, Name } from "../syntax/ast.js";

/** The first name in an expression for which something holds. */
export function nameWithin(
  expression: Expression,
  holds: (name: string) => boolean,
): Name | undefined {
  const all = (inner: readonly Expression[]): Name | undefined => {
    for (const each of inner) {
      const name = nameWithin(each, holds);
      if (name) return name;
    }
    return undefined;
  };
  // Long sums lean to the left: their depth is no depth of calls here.
  const operands: Expression[] = [];
  let inner = expression;
  while (inner.kind === "binary" || inner.kind === "unary") {
    if (inner.kind === "binary") operands.unshift(inner.right);
    inner = inner.kind === "unary" ? inner.operand : inner.left;
  }
  return firstOf(inner, holds, all) ?? all(operands);
}

/** The same of what is neither a sum nor signed. */
function firstOf(
  inner: Expression,
  holds: (name: string) => boolean,
  all: (inner: readonly Expression[]) => Name | undefined,
): Name | undefined {
  switch (inner.kind) {
    case "name":
      return holds(inner.name.text) ? inner.name : undefined;
    case "list":
      return all(inner.items);
    case "index":
      return all([inner.list, inner.at]);
    case "call":
      return all(inner.call.arguments.map(({ value }) => value));
    default:
      return undefined;
  }
}

/** A size that a graph takes, height and width near a number: the smallest from there on, or the smallest of all. */
export function exampleSize(graph: Graph, near: number): readonly [number, number] {
  const [height = near, width = near] = inputOf(graph).type.spatial.map((extent) => {
    if (typeof extent === "number") return extent;
    const { symbol } = extent;
    const domain = graph.domains.find((each) => each.symbol === symbol);
    if (domain === undefined) return near;
    return smallestSizeReaching(symbolExtent(symbol), near, domain) ?? smallestSize(domain) ?? near;
  });
  return [height, width];
}
