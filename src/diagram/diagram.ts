/**
 * A picture of a network as plain data, before it is laid out: boxes and merges in groups in groups, and the
 * links between them. The views make it of a graph; SVG, Mermaid and DOT are written from it.
 */

/** How much of the network a picture shows: a box for each layer as the papers' figures have, or each operation. */
export const viewNames = ["stages", "full"] as const;
export type ViewName = (typeof viewNames)[number];

/** What colours a box: what it belongs to. Stages count from 0. */
export type Tone = "plain" | "stem" | "head" | { readonly stage: number };

export interface Item {
  readonly kind: "item";
  /** The name of the graph's node that it stands for. */
  readonly id: string;
  /** A merge is a small circle with its sign in it. */
  readonly form: "box" | "merge";
  readonly tone: Tone;
  /** Whether it computes anything with weights: the others are drawn more lightly. */
  readonly weighs: boolean;
  readonly lines: readonly string[];
  /** What stands beside the column at this place: the name of what begins here, and the size from here on. */
  readonly notes: { readonly name?: string; readonly size?: string };
  /** All that is known of it, for a reader who points at it. */
  readonly hint: string;
}

export interface Group {
  readonly kind: "group";
  /** The common prefix of the names of its nodes. */
  readonly id: string;
  /** Where a frame is drawn around it: its name and what is said of it. */
  readonly label?: { readonly name: string; readonly more: string };
  /** How many equal blocks in a row it stands for. */
  readonly times: number;
  readonly tone: Tone;
  readonly members: readonly Member[];
}

export type Member = Item | Group;

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Past what lies between its ends, as a shortcut goes, rather than through. */
  readonly around: boolean;
  /** A shortcut on whose way the shape changes. */
  readonly dashed: boolean;
  readonly label?: string;
}

export interface Diagram {
  readonly view: ViewName;
  readonly title: string;
  readonly subtitle: string;
  /** In words, for those who do not see it. */
  readonly description: string;
  readonly members: readonly Member[];
  readonly links: readonly Link[];
}

/** Every item, in the order of the graph. */
export function itemsOf(members: readonly Member[]): readonly Item[] {
  return members.flatMap((each) => (each.kind === "item" ? [each] : itemsOf(each.members)));
}
