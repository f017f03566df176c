/** The names in a source that a page links to where they are declared. Who knows what they mean gives them. */
import type { Unit } from "../check/program.js";

export interface SourceName {
  readonly start: number;
  readonly end: number;
  /** What it is the name of, which says how it looks. */
  readonly kind: "block" | "network" | "recipe" | "parameter" | "place" | "size";
  /** Whether it is declared here. */
  readonly declares: boolean;
  /** Where it is declared: a file's path, a line and a column. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The names of a file in the order of the text; none overlaps another. */
export type NamesOf = (unit: Unit) => readonly SourceName[];

/** The id of the place where something is declared. */
export function anchorOf({
  line,
  column,
}: {
  readonly line: number;
  readonly column: number;
}): string {
  return column === 1 ? `L${line}` : `L${line}C${column}`;
}
