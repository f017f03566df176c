/** Rows of text in columns, as narrow as their cells. */
import { columns } from "../diagnostics/display-width.js";

export type Alignment = "left" | "right";

/** Lays cells out in columns two spaces apart; `alignment` has one entry per column. */
export function layOutTable(
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[],
): string[] {
  const widths = alignment.map((_side, column) =>
    Math.max(0, ...rows.map((row) => columns(row[column] ?? ""))),
  );
  return rows.map((row) =>
    alignment
      .map((side, column) => {
        const cell = row[column] ?? "";
        const space = " ".repeat((widths[column] ?? 0) - columns(cell));
        return side === "left" ? `${cell}${space}` : `${space}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}
