/** Lays a whole picture out: its members, and beside their columns the notes that say where they are in the network. */
import { largest, least } from "./extremes.js";
import type { Diagram, Item } from "./diagram.js";
import type { Direction } from "./direction.js";
import { GroupLayout, type Laid, type Note } from "./group-layout.js";
import { letters, Measures, room } from "./measures.js";
import type { Area, Scene, Shape } from "./scene.js";
import { textWidth } from "./text-width.js";
import { segmentsByGroup, type End } from "./segments.js";

/** The picture with a place for everything. Its area is all that is drawn, without a margin. */
export function layOut(diagram: Diagram, direction: Direction): Scene {
  const measures = new Measures(diagram, direction);
  const segments = segmentsByGroup(diagram.members, diagram.links);
  const groups = new GroupLayout(measures, segments);
  const laid = diagram.members.map((member) => groups.member(member, 0));
  // In one column, all notes stand on one line.
  const places = new Map(diagram.members.map(({ id }, index) => [id, index]));
  const placeOf = (end: End): number => (end.kind === "member" ? (places.get(end.id) ?? -1) : -1);
  const isColumn = (segments.get("") ?? []).every(
    ({ from, to }) => placeOf(to) === placeOf(from) + 1,
  );
  const widest = Math.max(0, largest(laid.map(({ left }) => left)));
  const noted = laid.map((each) => withNotes(each, isColumn ? widest : each.left, measures));
  const { shapes } = groups.arranged("", diagram.members, noted);
  return { shapes, area: boundsOf(shapes) };
}

/** A member with its notes beside it. */
function withNotes(laid: Laid, left: number, measures: Measures): Laid {
  const shapes: Shape[] = [];
  let reach = laid.left;
  let free = -Infinity;
  const said = new Map<string, number>();
  for (const note of [...laid.notes].sort((a, b) => a.v - b.v)) {
    const { name, size } = note.item.notes;
    // Columns side by side say the same of the same place.
    if (name === undefined && size !== undefined && (said.get(size) ?? -Infinity) > note.v - 40)
      continue;
    if (size !== undefined) said.set(size, note.v);
    const placed = noteShapes(note, left + room.note, free, measures);
    for (const shape of placed.shapes) shapes.push(shape);
    free = placed.end;
    reach = Math.max(reach, placed.reach);
  }
  return { ...laid, left: reach, shapes: [...laid.shapes, ...shapes] };
}

interface PlacedNote {
  readonly shapes: readonly Shape[];
  /** How far from the column it goes, and where it ends along it. */
  readonly reach: number;
  readonly end: number;
}

/** @param free where the note before ends. */
function noteShapes({ v, item }: Note, from: number, free: number, measures: Measures): PlacedNote {
  const isDown = measures.direction === "down";
  const lines = noteLines(item, isDown ? Infinity : measures.item(item).along);
  const sizes = lines.map(({ role, text }) =>
    role === "note-name"
      ? measures.text(text, letters.noteName, true)
      : measures.text(text, letters.note),
  );
  const [across, along] = [sizes.map((size) => size.across), sizes.map((size) => size.along)];
  const extent = isDown ? sum(along) : largest(along);
  const begin = Math.max(v - extent / 2, free + 2);
  let [next, out] = [begin, from];
  const shapes = lines.map(({ role, text }, index): Shape => {
    const own = sizes[index] ?? { across: 0, along: 0 };
    const area: Area = isDown
      ? { u0: -from - own.across, u1: -from, v0: next, v1: next + own.along }
      : { u0: -out - own.across, u1: -out, v0: begin, v1: begin + extent };
    if (isDown) next += own.along;
    else out += own.across;
    return { kind: "text", role, text, tone: item.tone, area, align: isDown ? "end" : "middle" };
  });
  const reach = from + (isDown ? largest(across) : sum(across));
  return { shapes, reach, end: begin + extent };
}

interface NoteLine {
  readonly role: "note-name" | "note-size";
  readonly text: string;
}

/** The lines of a note, none of them wider than `width` where that can be. */
function noteLines({ notes: { name, size } }: Item, width: number): readonly NoteLine[] {
  const lines: NoteLine[] = name === undefined ? [] : [{ role: "note-name", text: name }];
  let line = "";
  for (const word of size?.split(" ") ?? []) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, letters.note) > width) {
      lines.push({ role: "note-size", text: line });
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, { role: "note-size", text: line }];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function boundsOf(shapes: readonly Shape[]): Area {
  const areas = shapes.flatMap(areasOf);
  return {
    u0: least(areas.map(({ u0 }) => u0)),
    u1: largest(areas.map(({ u1 }) => u1)),
    v0: least(areas.map(({ v0 }) => v0)),
    v1: largest(areas.map(({ v1 }) => v1)),
  };
}

function areasOf(shape: Shape): Area[] {
  switch (shape.kind) {
    case "frame":
    case "item":
    case "text":
      return [shape.area];
    case "line":
      return shape.points.map(({ u, v }) => ({ u0: u, u1: u, v0: v, v1: v }));
    case "arc": {
      const { from, to, lane } = shape;
      return [{ u0: Math.min(from.u, to.u), u1: lane, v0: from.v, v1: to.v }];
    }
  }
}
