/**
 * The layout of a group that branches, by dagre: members in ranks, one column beside the other. A line never
 * crosses a member: where it passes a rank it goes straight, and it changes columns between the ranks only.
 */
import { largest, least } from "./extremes.js";
import { Graph, layout } from "@dagrejs/dagre";
import type { Arrangement, Sized } from "./arrangement.js";
import type { Direction } from "./direction.js";
import { room } from "./measures.js";
import type { Point } from "./scene.js";
import { keyOf, type End, type Segment } from "./segments.js";

/** What dagre is given of a node, and where it puts its middle. */
interface NodeLabel {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

interface EdgeLabel {
  readonly weight?: number;
  readonly minlen?: number;
  readonly points?: readonly { readonly x: number; readonly y: number }[];
}

/** dagre's own declarations name files that Node's resolution does not find: what is used of them stands here. */
interface Layout {
  setGraph(label: Readonly<Record<string, string | number>>): void;
  setNode(key: string, label: NodeLabel): void;
  setEdge(from: string, to: string, label: EdgeLabel, name: string): void;
  nodes(): readonly string[];
  node(key: string): NodeLabel;
  outEdges(key: string): readonly unknown[] | undefined;
  edge(from: string, to: string, name: string): EdgeLabel;
}

/** The arrangement. The column is where the first value enters, or the first member where none does. */
export function ranked(
  members: readonly Sized[],
  segments: readonly Segment[],
  direction: Direction,
): Arrangement {
  const graph = new Graph({ multigraph: true }) as Layout;
  graph.setGraph({ rankdir: "TB", nodesep: room.column, edgesep: 16, ranksep: room.rank });
  for (const { from } of segments) {
    if (from.kind === "entry") graph.setNode(keyOf(from), { width: 2, height: 0 });
  }
  for (const { id, left, right, along } of members) {
    graph.setNode(`member ${id}`, { width: 2 * Math.max(left, right), height: along });
  }
  for (const { to } of segments) {
    if (to.kind === "exit") graph.setNode(keyOf(to), { width: 2, height: 0 });
  }
  segments.forEach(({ from, to }, index) => {
    const weight = isNext(from, to, members) ? nextWeight : 1;
    graph.setEdge(keyOf(from), keyOf(to), { weight, minlen: 1 }, String(index));
  });
  holdEnds(graph);
  layout(graph as Parameters<typeof layout>[0]);
  return read(graph, members, segments, direction);
}

/** How much rather the way from one member to the next is straight than others are. */
const nextWeight = 4;

function isNext(from: End, to: End, members: readonly Sized[]): boolean {
  const index = (end: End): number =>
    end.kind === "member" ? members.findIndex(({ id }) => id === end.id) : -2;
  return index(to) === index(from) + 1;
}

/** Everything enters at the top and leaves at the bottom. */
function holdEnds(graph: Layout): void {
  const keys = graph.nodes();
  const ends = (kind: string): string[] => keys.filter((key) => key.startsWith(kind));
  const [entries, exits] = [ends("entry "), ends("exit ")];
  const sinks = keys.filter((key) => graph.outEdges(key)?.length === 0);
  const hold = (from: string, to: string, weight: number): void => {
    graph.setEdge(from, to, { weight, minlen: 1 }, "hold");
  };
  if (entries.length > 1) {
    graph.setNode("top", { width: 0, height: 0 });
    for (const key of entries) hold("top", key, 100);
  }
  if (exits.length > 0 && sinks.length > 1) {
    graph.setNode("bottom", { width: 0, height: 0 });
    for (const key of sinks) hold(key, "bottom", exits.includes(key) ? 100 : 1);
  }
}

/** A node of the layout: its middle, and half of its extent along. */
interface Spot extends Point {
  readonly half: number;
}

function read(
  graph: Layout,
  members: readonly Sized[],
  segments: readonly Segment[],
  direction: Direction,
): Arrangement {
  const origin = originOf(graph, direction);
  const sized = new Map(members.map((member) => [`member ${member.id}`, member]));
  const spots = withoutLastRank(spotsOf(graph, origin), segments, sized);
  const along = largest([...spots.values()].map(({ v, half }) => v + half));
  const bands = bandsOf([...spots.values()]);
  const lines = segments.map((segment, index) => {
    const [from, to] = [keyOf(segment.from), keyOf(segment.to)];
    const [start, end] = [spotAt(spots, from), spotAt(spots, to)];
    const { value } = segment.from;
    const [leaves, enters] = [sized.get(from)?.exit(value) ?? 0, sized.get(to)?.entry(value) ?? 0];
    const { points: bends = [] } = graph.edge(from, to, String(index));
    const between = bends.slice(1, -1).map(({ x, y }) => ({
      u: origin.side * (x - origin.x),
      v: y - origin.y,
    }));
    const points = route(
      { u: start.u + leaves, v: start.v + start.half },
      between,
      { u: end.u + enters, v: end.v - end.half },
      bands,
    );
    return { segment, points: toBorders(segment, points, along) };
  });
  const ends = (kind: string): ReadonlyMap<string, number> =>
    new Map(
      [...spots]
        .filter(([key]) => key.startsWith(kind))
        .map(([key, { u }]) => [key.slice(kind.length), u]),
    );
  const places = members.map(({ id }) => {
    const { u, v, half } = spotAt(spots, `member ${id}`);
    return [id, { u, v: v - half }] as const;
  });
  return {
    members: new Map(places),
    entries: ends("entry "),
    exits: ends("exit "),
    along,
    lines,
  };
}

function spotsOf(graph: Layout, origin: Origin): ReadonlyMap<string, Spot> {
  return new Map(
    nodesOf(graph).map(([key, { x = 0, y = 0, height }]) => [
      key,
      { u: origin.side * (x - origin.x), v: y - origin.y, half: height / 2 },
    ]),
  );
}

/**
 * The rank of the exits holds nothing to be seen. Where every way to it is straight, the group ends with its last
 * member.
 */
function withoutLastRank(
  spots: ReadonlyMap<string, Spot>,
  segments: readonly Segment[],
  sized: ReadonlyMap<string, Sized>,
): ReadonlyMap<string, Spot> {
  const leaving = segments.filter(({ to }) => to.kind === "exit");
  const isExit = (key: string): boolean => leaving.some(({ to }) => keyOf(to) === key);
  const kept = [...spots].filter(([key]) => !isExit(key));
  const end = largest(kept.map(([, { v, half }]) => v + half));
  const isStraight = ({ from, to }: Segment): boolean => {
    const { u, v, half } = spotAt(spots, keyOf(from));
    const leaves = sized.get(keyOf(from))?.exit(from.value) ?? 0;
    const aside = u + leaves - spotAt(spots, keyOf(to)).u;
    return Math.abs(v + half - end) < 0.01 && Math.abs(aside) < 0.01;
  };
  if (leaving.length === 0 || !leaving.every(isStraight)) return spots;
  return new Map([...spots].map(([key, spot]) => [key, isExit(key) ? { ...spot, v: end } : spot]));
}

/** The column's place in dagre's coordinates, where the layout begins, and which side is across. */
interface Origin {
  readonly x: number;
  readonly y: number;
  readonly side: 1 | -1;
}

/**
 * What is written first stands first, on the left or at the top, which is where `u` is large in a picture that goes
 * to the right: dagre's picture is turned over where it has more of it the other way.
 */
function originOf(graph: Layout, direction: Direction): Origin {
  const nodes = nodesOf(graph).map(([, node]) => node);
  const top = least(nodes.map(({ y = 0, height }) => y - height / 2));
  let inOrder = 0;
  for (const [index, { x = 0, y }] of nodes.entries()) {
    for (const later of nodes.slice(index + 1)) {
      if (later.y === y) inOrder += Math.sign((later.x ?? 0) - x);
    }
  }
  return { x: nodes[0]?.x ?? 0, y: top, side: inOrder < 0 === (direction === "down") ? -1 : 1 };
}

/** All but those that only hold the ends. */
function nodesOf(graph: Layout): readonly (readonly [key: string, node: NodeLabel])[] {
  return graph
    .nodes()
    .filter((key) => key !== "top" && key !== "bottom")
    .map((key) => [key, graph.node(key)] as const);
}

function spotAt(spots: ReadonlyMap<string, Spot>, key: string): Spot {
  const spot = spots.get(key);
  if (spot === undefined) throw new RangeError(`${key} has no place`);
  return spot;
}

/** The ranks: where each has its middle, and half of its largest extent along. */
function bandsOf(spots: readonly Spot[]): readonly Spot[] {
  const bands = new Map<number, Spot>();
  for (const spot of spots) {
    const rank = Math.round(spot.v);
    const half = Math.max(spot.half, bands.get(rank)?.half ?? 0);
    bands.set(rank, { u: 0, v: spot.v, half });
  }
  return [...bands.values()];
}

/** What enters a group begins at its top, and what leaves it ends at its bottom, whatever else their ranks hold. */
function toBorders(
  { from, to }: Segment,
  points: readonly Point[],
  along: number,
): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  const begins = from.kind === "entry" && first && first.v > 0 ? [{ ...first, v: 0 }] : [];
  const ends = to.kind === "exit" && last && last.v < along ? [{ ...last, v: along }] : [];
  return [...begins, ...points, ...ends];
}

/** A line from one member's end to another's beginning that is straight within every rank. */
function route(
  start: Point,
  between: readonly Point[],
  end: Point,
  bands: readonly Spot[],
): readonly Point[] {
  if (end.v - start.v < 0.01) return [start, end];
  const bandAt = (v: number): Spot | undefined =>
    bands.find((band) => v >= band.v - band.half - 0.5 && v <= band.v + band.half + 0.5);
  const points: Point[] = [start];
  const first = bandAt(start.v);
  if (first) points.push({ u: start.u, v: first.v + first.half });
  for (const { u, v } of between) {
    const band = bandAt(v);
    if (band) points.push({ u, v: band.v - band.half }, { u, v: band.v + band.half });
  }
  const last = bandAt(end.v);
  if (last) points.push({ u: end.u, v: last.v - last.half });
  points.push(end);
  return points.filter(
    (point, index) =>
      index === 0 || point.u !== points[index - 1]?.u || point.v !== points[index - 1]?.v,
  );
}
