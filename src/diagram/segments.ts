/**
 * Links cut at the borders of groups: within each group, from where a value enters or from one of its members to
 * another member or to where the value leaves. A value that several members take enters once.
 */
import type { Link, Member } from "./diagram.js";

/** An end of a segment; `value` is the item whose value goes along it. */
export type End =
  | { readonly kind: "entry" | "exit"; readonly value: string }
  | { readonly kind: "member"; readonly id: string; readonly value: string };

export interface Segment {
  readonly from: End;
  readonly to: End;
  readonly around: boolean;
  readonly dashed: boolean;
  readonly label?: string;
}

/** The segments within each group by its id; the whole picture's id is empty. */
export function segmentsByGroup(
  members: readonly Member[],
  links: readonly Link[],
): ReadonlyMap<string, readonly Segment[]> {
  const places = new Map<string, readonly string[]>();
  findPlaces(members, [""], places);
  const found = new Map<string, Map<string, Segment>>();
  for (const link of links) {
    for (const [group, segment] of cut(link, places)) {
      const inGroup = found.get(group) ?? new Map<string, Segment>();
      found.set(group, inGroup);
      const key = `${keyOf(segment.from)} ${keyOf(segment.to)} ${segment.around}`;
      if (!inGroup.has(key)) inGroup.set(key, segment);
    }
  }
  return new Map([...found].map(([group, segments]) => [group, [...segments.values()]]));
}

/** What tells one end of a group from another. */
export function keyOf(end: End): string {
  return end.kind === "member" ? `member ${end.id}` : `${end.kind} ${end.value}`;
}

/** The ids of the groups around each item, the outermost first. */
function findPlaces(
  members: readonly Member[],
  around: readonly string[],
  places: Map<string, readonly string[]>,
): void {
  for (const member of members) {
    if (member.kind === "item") places.set(member.id, around);
    else findPlaces(member.members, [...around, member.id], places);
  }
}

function cut(
  { from, to, around, dashed, label }: Link,
  places: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [group: string, segment: Segment])[] {
  const leaving = [...(places.get(from) ?? []), from];
  const entering = [...(places.get(to) ?? []), to];
  let common = 0;
  while (leaving[common] === entering[common]) common++;
  const member = (path: readonly string[], depth: number): End => ({
    kind: "member",
    id: path[depth] ?? "",
    value: from,
  });
  const last = { around, dashed, ...(label !== undefined && { label }) };
  const plain = { around: false, dashed: false };
  const segments: [string, Segment][] = [];
  for (let depth = leaving.length - 2; depth >= common; depth--) {
    const end: End = { kind: "exit", value: from };
    segments.push([leaving[depth] ?? "", { from: member(leaving, depth + 1), to: end, ...plain }]);
  }
  for (let depth = common - 1; depth < entering.length - 1; depth++) {
    const isFirst = depth === common - 1;
    const start: End = isFirst ? member(leaving, common) : { kind: "entry", value: from };
    const style = depth === entering.length - 2 ? last : plain;
    segments.push([
      entering[depth] ?? "",
      { from: start, to: member(entering, depth + 1), ...style },
    ]);
  }
  return segments;
}
