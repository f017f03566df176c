/**
 * Lays a group out with all that is in it, from the inside out: its members, the lines between them, the arcs
 * around them, and its frame. What comes out is a member of the group around it.
 */
import { largest } from "./extremes.js";
import { arrange } from "./arrange.js";
import type { Arrangement, Sized } from "./arrangement.js";
import { placeArcs, type Around } from "./arcs.js";
import type { Group, Item, Member } from "./diagram.js";
import { letters, room, type Measures } from "./measures.js";
import { moved, type Area, type Point, type Shape } from "./scene.js";
import type { End, Segment } from "./segments.js";
import { shortened, textWidth } from "./text-width.js";

/** A note on its way out of the groups to the side of the column. */
export interface Note {
  readonly v: number;
  readonly item: Item;
}

/** A member laid out: its column is at u = 0, and it begins at v = 0. */
export interface Laid extends Sized {
  readonly shapes: readonly Shape[];
  readonly notes: readonly Note[];
}

export class GroupLayout {
  constructor(
    private readonly measures: Measures,
    private readonly segments: ReadonlyMap<string, readonly Segment[]>,
  ) {}

  member(member: Member, depth: number): Laid {
    return member.kind === "item" ? this.#item(member) : this.#group(member, depth);
  }

  #item(item: Item): Laid {
    const { across, along } = this.measures.item(item);
    const area = { u0: -across / 2, u1: across / 2, v0: 0, v1: along };
    const isNoted = item.notes.name !== undefined || item.notes.size !== undefined;
    return {
      id: item.id,
      left: across / 2,
      right: across / 2,
      along,
      entry: () => 0,
      exit: () => 0,
      shapes: [{ kind: "item", item, area }],
      notes: isNoted ? [{ v: along / 2, item }] : [],
    };
  }

  #group(group: Group, depth: number): Laid {
    const inner = this.inside(group.id, group.members, depth + 1);
    return group.label === undefined && group.times === 1
      ? inner
      : this.#framed(group, inner, depth);
  }

  /** The members of a group or of the whole picture, without a frame. */
  inside(id: string, given: readonly Member[], depth: number): Laid {
    const members = given.map((member) => this.member(member, depth));
    return this.arranged(id, given, members);
  }

  /** Members that are laid out, with what is between them. */
  arranged(id: string, given: readonly Member[], members: readonly Laid[]): Laid {
    const segments = this.segments.get(id) ?? [];
    const around = segments.filter((segment) => segment.around);
    const straight = segments.filter((segment) => !segment.around);
    const lead = around.some(({ from }) => from.kind === "entry");
    const arrangement = arrange(members, straight, lead, this.measures.direction);
    const items = new Set(given.filter(({ kind }) => kind === "item").map((item) => item.id));
    const lines = arrangement.lines.map(({ segment, points }): Shape => {
      const { to } = segment;
      const arrow = to.kind === "member" && items.has(to.id);
      return { kind: "line", points, arrow };
    });
    const placed = members.map((laid) => [laid, placeOf(arrangement, laid)] as const);
    const boxes = placed.map(([laid, at]) => areaOf(laid, at));
    const passed = [...boxes, ...arrangement.lines.flatMap(({ points }) => runsOf(points))];
    const ends = around.map((segment) => arcEnds(segment, members, arrangement));
    const arcs = placeArcs(ends, passed, this.measures);
    const areas = [...passed, ...arcs.areas];
    // A label that is longer than its arc makes room for itself.
    const before = Math.max(0, largest(arcs.areas.map(({ v0 }) => -v0)));
    const after = Math.max(0, largest(arcs.areas.map(({ v1 }) => v1 - arrangement.along)));
    const stretch = stretches(arrangement, before, after);
    const u = (end: ReadonlyMap<string, number>) => (value: string) => end.get(value) ?? 0;
    return {
      id,
      left: Math.max(0, largest(areas.map(({ u0 }) => -u0))),
      right: Math.max(0, largest(areas.map(({ u1 }) => u1))),
      along: arrangement.along + before + after,
      entry: u(arrangement.entries),
      exit: u(arrangement.exits),
      shapes: [
        ...stretch,
        ...[...lines, ...arcs.shapes].map((shape) => moved(shape, 0, before)),
        ...placed.flatMap(([laid, at]) =>
          laid.shapes.map((shape) => moved(shape, at.u, at.v + before)),
        ),
      ],
      notes: placed.flatMap(([laid, at]) =>
        laid.notes.map(({ v, item }) => ({ v: v + at.v + before, item })),
      ),
    };
  }

  #framed({ label, times, tone }: Group, inner: Laid, depth: number): Laid {
    const isDown = this.measures.direction === "down";
    const header = label === undefined ? 0 : room.frameHeader;
    const start = room.frameAlong + (isDown ? header : 0);
    const words = frameWords(label);
    const headed = words.name === "" ? 0 : words.width + 2 * room.frameAcross;
    const left = Math.max(inner.left + room.frameAcross, isDown ? headed : 0);
    const right = inner.right + room.frameAcross + (isDown ? 0 : header);
    const along = Math.max(inner.along + start + room.frameAlong, isDown ? 0 : headed);
    const area = { u0: -left, u1: right, v0: 0, v1: along };
    const badge = this.#badge(times, right, along, tone);
    const reach = badge?.area.u1 ?? right;
    const through = (
      value: string,
      v: number,
      to: number,
      at: (value: string) => number,
    ): Shape => {
      const u = at(value);
      return {
        kind: "line",
        points: [
          { u, v },
          { u, v: to },
        ],
        arrow: false,
      };
    };
    const passing = this.segments.get(inner.id) ?? [];
    const values = (kind: End["kind"], end: "from" | "to"): readonly string[] => [
      ...new Set(
        passing
          .map((each) => each[end])
          .flatMap((each) => (each.kind === kind ? [each.value] : [])),
      ),
    ];
    return {
      ...inner,
      left,
      right: reach,
      along,
      shapes: [
        { kind: "frame", area, tone, deep: depth > 0 },
        ...this.#header(words, area, tone),
        ...(badge ? [badge] : []),
        ...values("entry", "from").map((value) => through(value, 0, start, inner.entry)),
        ...values("exit", "to").map((value) =>
          through(value, start + inner.along, along, inner.exit),
        ),
        ...inner.shapes.map((shape) => moved(shape, 0, start)),
      ],
      notes: inner.notes.map(({ v, item }) => ({ v: v + start, item })),
    };
  }

  #badge(times: number, right: number, along: number, tone: Group["tone"]) {
    if (times === 1) return undefined;
    const text = `× ${times}`;
    const size = this.measures.text(text, letters.times, true);
    const area = {
      u0: right + 8,
      u1: right + 8 + size.across,
      v0: (along - size.along) / 2,
      v1: (along + size.along) / 2,
    };
    return { kind: "text", role: "times", text, tone, area, align: "start" } as const;
  }

  #header({ name, more, nameWidth, width }: FrameWords, frame: Area, tone: Group["tone"]): Shape[] {
    if (name === "") return [];
    const height = letters.frame * 1.35;
    const isDown = this.measures.direction === "down";
    const at = (from: number, to: number): Area => {
      const inset = room.frameAcross - 2;
      if (isDown) {
        const u0 = frame.u0 + inset;
        return { u0: u0 + from, u1: u0 + to, v0: 7, v1: 7 + height };
      }
      return { u0: frame.u1 - 7 - height, u1: frame.u1 - 7, v0: inset + from, v1: inset + to };
    };
    const text = (role: "frame-name" | "frame-more", words: string, area: Area): Shape => {
      return { kind: "text", role, text: words, tone, area, align: "start" };
    };
    return [
      text("frame-name", name, at(0, nameWidth)),
      ...(more === "" ? [] : [text("frame-more", more, at(nameWidth + 7, width))]),
    ];
  }
}

interface FrameWords {
  readonly name: string;
  readonly more: string;
  readonly nameWidth: number;
  readonly width: number;
}

/** What heads a frame, no longer than a box is wide. */
function frameWords(label: Group["label"]): FrameWords {
  if (label === undefined) return { name: "", more: "", nameWidth: 0, width: 0 };
  const name = shortened(label.name, 200, letters.frame, true);
  const more = shortened(label.more, 220, letters.frame);
  const nameWidth = textWidth(name, letters.frame, true);
  const width = nameWidth + (more === "" ? 0 : 7 + textWidth(more, letters.frame));
  return { name, more, nameWidth, width };
}

function placeOf({ members }: Arrangement, { id }: Laid): Point {
  const place = members.get(id);
  if (place === undefined) throw new RangeError(`${id} has no place`);
  return place;
}

function areaOf({ left, right, along }: Laid, { u, v }: Point): Area {
  return { u0: u - left, u1: u + right, v0: v, v1: v + along };
}

/** The areas that a line passes through. */
function runsOf(points: readonly Point[]): Area[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return {
      u0: Math.min(from.u, to.u),
      u1: Math.max(from.u, to.u),
      v0: from.v,
      v1: to.v,
    };
  });
}

/** Where an arc begins and ends. */
function arcEnds(
  { from, to, dashed, label }: Segment,
  members: readonly Laid[],
  arrangement: Arrangement,
): Around {
  const laidAt = (end: End): Laid | undefined =>
    end.kind === "member" ? members.find(({ id }) => id === end.id) : undefined;
  const [source, target] = [laidAt(from), laidAt(to)];
  if (target === undefined) throw new RangeError("an arc ends in no merge");
  const end = placeOf(arrangement, target);
  const start = source && placeOf(arrangement, source);
  const begin: Point =
    source && start
      ? { u: start.u + source.exit(from.value), v: start.v + source.along + room.leave }
      : { u: arrangement.entries.get(from.value) ?? 0, v: room.leave - 2 };
  return {
    from: begin,
    to: { u: end.u, v: end.v + target.along / 2 },
    dashed,
    ...(label !== undefined && { label }),
  };
}

/** What leads on to a group's ends where labels have moved them. */
function stretches({ entries, exits, along }: Arrangement, before: number, after: number): Shape[] {
  const line = (u: number, v0: number, v1: number): Shape => {
    return {
      kind: "line",
      points: [
        { u, v: v0 },
        { u, v: v1 },
      ],
      arrow: false,
    };
  };
  return [
    ...(before > 0 ? [...entries.values()].map((u) => line(u, 0, before)) : []),
    ...(after > 0
      ? [...exits.values()].map((u) => line(u, before + along, before + along + after))
      : []),
  ];
}
