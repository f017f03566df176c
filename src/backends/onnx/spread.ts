/** Values that are repeated to a larger shape, for which no operator runs: elementwise ones repeat by themselves. */
import type { Shape } from "../../passes/program/value-type.js";
import { axis } from "./form.js";
import type { GraphWriter } from "./graph-writer.js";

/** A value that is repeated: `source` (plain), whose axis i is axis `axes[i]` of the result. */
export interface Spread {
  readonly source: string;
  readonly shape: Shape;
  readonly axes: readonly number[];
}

/**
 * The operand of an elementwise operator: the source's extents padded with ones to the rank of the map, or
 * of the view in which a blocked map is (N, C / b, H W, b).
 */
export function spreadOperand(
  graph: GraphWriter,
  { source, shape, axes }: Spread,
  rank: number,
  view?: Shape,
): string {
  if (shape.length === 0) return source;
  if (view === undefined) {
    const all = Array.from({ length: rank }, (_, to) => to);
    const missing = all.filter((to) => !axes.includes(to));
    return missing.length === 0 ? source : graph.unsqueeze(source, missing);
  }
  const along = (to: number): number => {
    const from = axes.indexOf(to);
    return from < 0 ? 1 : axis(shape, from);
  };
  const [, blocks = 1, , width = 1] = view;
  const perChannel = along(1) === 1 ? [1, 1, 1] : [blocks, 1, width];
  return graph.view(source, [along(0), ...perChannel]);
}

/** Whether it is one number per image or channel, and none per row or column. */
export function spreadFitsBlocks({ shape, axes }: Spread): boolean {
  return axes.every((to, from) => to < 2 || shape[from] === 1);
}
