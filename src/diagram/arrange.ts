/**
 * Where the members of a group stand: one after the other where they are a chain, which needs no search, and in
 * ranks where they are not.
 */
import type { Arrangement, Sized } from "./arrangement.js";
import type { Direction } from "./direction.js";
import { room } from "./measures.js";
import { ranked } from "./ranks.js";
import { keyOf, type End, type Segment } from "./segments.js";

/** @param lead whether to leave room before the first member, for the arcs that begin there. */
export function arrange(
  members: readonly Sized[],
  segments: readonly Segment[],
  lead: boolean,
  direction: Direction,
): Arrangement {
  return chain(members, segments, lead) ?? ranked(members, segments, direction);
}

/** Undefined where the members are no chain in their order. */
function chain(
  members: readonly Sized[],
  segments: readonly Segment[],
  lead: boolean,
): Arrangement | undefined {
  const place = new Map(members.map(({ id }, index) => [id, index]));
  const indexOf = (end: End): number => {
    if (end.kind === "member") return place.get(end.id) ?? -2;
    return end.kind === "entry" ? -1 : members.length;
  };
  const into = new Set(segments.map(({ to }) => indexOf(to)));
  const isChain =
    segments.every(({ from, to }) => indexOf(to) === indexOf(from) + 1) &&
    members.every((_member, index) => index === 0 || into.has(index)) &&
    new Set(segments.map(({ from, to }) => `${keyOf(from)} ${keyOf(to)}`)).size ===
      new Set(segments.map(({ to }) => indexOf(to))).size;
  if (!isChain) return undefined;
  const starts: number[] = [];
  let along = lead ? room.lead : 0;
  for (const [index, member] of members.entries()) {
    starts.push(along);
    along += member.along + (index < members.length - 1 ? room.gap : 0);
  }
  const lines = segments.map((segment) => {
    const [before, after] = [members[indexOf(segment.from)], members[indexOf(segment.to)]];
    const start = starts[indexOf(segment.from)];
    const { value } = segment.from;
    const u = before?.exit(value) ?? 0;
    const points = [
      { u, v: before && start !== undefined ? start + before.along : 0 },
      { u: after?.entry(value) ?? u, v: starts[indexOf(segment.to)] ?? along },
    ];
    return { segment, points };
  });
  const ends = (kind: "entry" | "exit"): ReadonlyMap<string, number> =>
    new Map(
      lines.flatMap(({ segment, points }) => {
        const end = kind === "entry" ? segment.from : segment.to;
        const point = points[kind === "entry" ? 0 : 1];
        return end.kind === kind && point ? [[end.value, point.u] as const] : [];
      }),
    );
  return {
    members: new Map(members.map(({ id }, index) => [id, { u: 0, v: starts[index] ?? 0 }])),
    entries: ends("entry"),
    exits: ends("exit"),
    along,
    lines,
  };
}
