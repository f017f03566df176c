/**
 * Arcs that go around the boxes between their ends: each in a lane of its own beside what it passes, the short ones
 * within the long ones, with its label beyond it.
 */
import { largest } from "./extremes.js";
import { letters, room, type Measures } from "./measures.js";
import type { Area, Point, Shape } from "./scene.js";

export interface Around {
  /** On the line that it leaves, and in the middle of the merge that it ends in. */
  readonly from: Point;
  readonly to: Point;
  readonly dashed: boolean;
  readonly label?: string;
}

export interface PlacedArcs {
  readonly shapes: readonly Shape[];
  /** All that they take up, labels and all. */
  readonly areas: readonly Area[];
}

/** @param obstacles what stands in the way. */
export function placeArcs(
  arcs: readonly Around[],
  obstacles: readonly Area[],
  measures: Measures,
): PlacedArcs {
  const shapes: Shape[] = [];
  const areas: Area[] = [];
  const inner = [...arcs].sort((a, b) => a.to.v - a.from.v - (b.to.v - b.from.v));
  for (const { from, to, dashed, label } of inner) {
    const passed = [...obstacles, ...areas].filter(({ v0, v1 }) => v1 > from.v && v0 < to.v);
    const lane = Math.max(from.u, to.u, largest(passed.map(({ u1 }) => u1))) + room.lane;
    const end = { u: to.u + room.mergeRadius, v: to.v };
    shapes.push({ kind: "arc", from, lane, to: end, dashed });
    areas.push({ u0: Math.min(from.u, to.u), u1: lane, v0: from.v, v1: to.v });
    if (label === undefined) continue;
    const { across, along } = measures.text(label, letters.label);
    const middle = (from.v + to.v) / 2;
    const area = {
      u0: lane + 6,
      u1: lane + 6 + across,
      v0: middle - along / 2,
      v1: middle + along / 2,
    };
    shapes.push({ kind: "text", role: "label", text: label, tone: "plain", area, align: "start" });
    areas.push(area);
  }
  return { shapes, areas };
}
