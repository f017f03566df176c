/**
 * A picture that is laid out. Coordinates are `u` across the way that the picture goes and `v` along it, so that
 * one layout serves both directions.
 */
import type { Item, Tone } from "./diagram.js";

export interface Point {
  readonly u: number;
  readonly v: number;
}

/** From `u0` to `u1` across and from `v0` to `v1` along. */
export interface Area {
  readonly u0: number;
  readonly u1: number;
  readonly v0: number;
  readonly v1: number;
}

export interface PlacedText {
  readonly kind: "text";
  readonly role: "note-name" | "note-size" | "label" | "times" | "frame-name" | "frame-more";
  readonly text: string;
  readonly tone: Tone;
  /** The room that is kept for it. */
  readonly area: Area;
  /** Where in its room it stands: at the column, away from it, or in the middle. */
  readonly align: "start" | "middle" | "end";
}

export type Shape =
  | { readonly kind: "frame"; readonly area: Area; readonly tone: Tone; readonly deep: boolean }
  | { readonly kind: "item"; readonly item: Item; readonly area: Area }
  /** Straight along where two points are on a line, and swinging over where they are not. */
  | { readonly kind: "line"; readonly points: readonly Point[]; readonly arrow: boolean }
  /** From a point of the column out to `lane`, along it, and back into the side of a merge. */
  | {
      readonly kind: "arc";
      readonly from: Point;
      readonly lane: number;
      readonly to: Point;
      readonly dashed: boolean;
    }
  | PlacedText;

export interface Scene {
  readonly shapes: readonly Shape[];
  readonly area: Area;
}

/** A shape moved across and along. */
export function moved(shape: Shape, u: number, v: number): Shape {
  const point = (at: Point): Point => ({ u: at.u + u, v: at.v + v });
  switch (shape.kind) {
    case "line":
      return { ...shape, points: shape.points.map(point) };
    case "arc":
      return { ...shape, from: point(shape.from), to: point(shape.to), lane: shape.lane + u };
    case "frame":
    case "item":
    case "text":
      return { ...shape, area: movedArea(shape.area, u, v) };
  }
}

function movedArea({ u0, u1, v0, v1 }: Area, u: number, v: number): Area {
  return { u0: u0 + u, u1: u1 + u, v0: v0 + v, v1: v1 + v };
}
