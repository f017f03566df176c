/** Where the members of a group stand, and where the lines between them go: what a layout takes and gives. */
import type { Point } from "./scene.js";
import type { Segment } from "./segments.js";

/** A member as its surroundings see it; across, everything is counted from where its column is. */
export interface Sized {
  readonly id: string;
  readonly left: number;
  readonly right: number;
  readonly along: number;
  /** Where a value enters and leaves. */
  readonly entry: (value: string) => number;
  readonly exit: (value: string) => number;
}

export interface Arrangement {
  /** Where each member's column is and where it begins. */
  readonly members: ReadonlyMap<string, Point>;
  readonly entries: ReadonlyMap<string, number>;
  readonly exits: ReadonlyMap<string, number>;
  readonly along: number;
  readonly lines: readonly { readonly segment: Segment; readonly points: readonly Point[] }[];
}
