/** Puts the phases of a blocked map together: element (s i + a, t j + b) is (i, j) of phase (a, b). */
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitter } from "../emitter.js";

/**
 * @param parts the phases row by row, each (N, C, down, across) and blocked.
 * @param strides how many phases there are, rows and columns.
 * @param extents [down, across].
 * @param to the map's shape; what the phases have beyond it is cut.
 */
export function interleave(
  { graph: g, block = 1 }: Emitter,
  parts: readonly string[],
  strides: readonly [number, number],
  [down, across]: readonly [number, number],
  to: Shape,
): string {
  const [n = 1, c = 1, height = 1, width = 1] = to;
  const stacked = g.view(g.node("Concat", parts, { axis: 0 }), [
    ...[...strides, n, c / block],
    ...[down, across, block],
  ]);
  const woven = g.node("Transpose", [stacked], { perm: [2, 3, 4, 0, 5, 1, 6] });
  const [rows, columns] = [down * strides[0], across * strides[1]];
  if (rows === height && columns === width) return g.view(woven, to);
  const cut = g.node("Slice", [
    g.view(woven, [n, c / block, rows, columns, block]),
    g.integers([0, 0]),
    g.integers([height, width]),
    g.integers([2, 3]),
  ]);
  return g.view(cut, to);
}
