/** How large things are in a picture, in pixels, and how much room they keep between them. */
import { largest } from "./extremes.js";
import type { Diagram, Item, ViewName } from "./diagram.js";
import { itemsOf } from "./diagram.js";
import type { Direction } from "./direction.js";
import { textWidth } from "./text-width.js";

/** Sizes of letters. */
export const letters = {
  line: 12.5,
  second: 11,
  noteName: 13,
  note: 11.5,
  label: 11,
  times: 15,
  frame: 12,
  title: 19,
  subtitle: 12.5,
} as const;

export const room = {
  /** Between a box and the next along the column. */
  gap: 15,
  /** Between the ranks of a layout with several columns. */
  rank: 28,
  /** Between columns. */
  column: 26,
  /** From where a group begins to its first box, where an arc leaves the line. */
  lead: 12,
  /** From a box to where an arc leaves the line behind it. */
  leave: 5,
  /** Between a box and the arc around it, and between two arcs. */
  lane: 18,
  /** Inside a frame, along and across. */
  frameAlong: 11,
  frameAcross: 13,
  frameHeader: 20,
  /** Between the column and the notes beside it. */
  note: 16,
  mergeRadius: 9,
  margin: 24,
} as const;

const boxHeights: Readonly<Record<ViewName, number>> = { stages: 26, full: 40 };
const smallest: Readonly<Record<ViewName, number>> = { stages: 150, full: 170 };
/** Boxes up to this width are all as wide as the widest of them. */
const usualWidth = 230;

export interface Size {
  readonly across: number;
  readonly along: number;
}

/** The sizes of one picture's parts in the direction that it has. */
export class Measures {
  readonly #width: number;

  constructor(
    private readonly diagram: Diagram,
    readonly direction: Direction,
  ) {
    const widths = itemsOf(diagram.members)
      .filter(({ form }) => form === "box")
      .map((item) => this.#ownWidth(item));
    const usual = widths.filter((width) => width <= usualWidth);
    this.#width = Math.ceil(Math.max(smallest[diagram.view], largest(usual)));
  }

  #ownWidth({ lines: [first = "", second = ""] }: Item): number {
    const wide = Math.max(
      textWidth(first, letters.line, this.diagram.view === "full"),
      textWidth(second, letters.second),
    );
    return Math.ceil(wide + 20);
  }

  item(item: Item): Size {
    if (item.form === "merge") return { across: 2 * room.mergeRadius, along: 2 * room.mergeRadius };
    const width = Math.max(this.#width, this.#ownWidth(item));
    return this.turned(width, boxHeights[this.diagram.view]);
  }

  /** A text's room, with a little around it. */
  text(text: string, size: number, bold = false): Size {
    return this.turned(textWidth(text, size, bold), size * 1.35);
  }

  /** Width and height as across and along. */
  turned(width: number, height: number): Size {
    return this.direction === "down"
      ? { across: width, along: height }
      : { across: height, along: width };
  }
}
