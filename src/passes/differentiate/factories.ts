/** The few shapes that gradient rules have: linear, bilinear, elementwise, and none. */
import type { ProgramBuilder } from "../program/builder.js";
import type { Primitive } from "../program/primitives.js";
import type { Value } from "../program/program.js";
import { NotDifferentiable, operand, type GradientPlace, type GradientRule } from "./rule.js";

type Share<K extends Primitive> = (place: GradientPlace<K>) => Value;

/** y = A x: dx = A^T dy, which is `transpose`. */
export function linear<K extends Primitive>(transpose: Share<K>): GradientRule<K> {
  return (place) => transpose(place);
}

/** y = B(u, v), linear in each: du = B(., v)^T dy and dv = B(u, .)^T dy. */
export function bilinear<K extends Primitive>(left: Share<K>, right: Share<K>): GradientRule<K> {
  return (place, index) => (index === 0 ? left(place) : right(place));
}

/** What the share of one operand of an elementwise function is made from. */
export interface Point {
  readonly dy: Value;
  readonly u: Value;
  /** The second operand; of a function of one operand the first again. */
  readonly v: Value;
  /** The result. */
  readonly y: Value;
}

/** y = f(u, v) element by element: du = dy df/du, dv = dy df/dv. */
export function elementwise<K extends Primitive>(
  ...shares: readonly ((b: ProgramBuilder, point: Point) => Value)[]
): GradientRule<K> {
  return (place, index) => {
    const share = shares[index];
    if (share === undefined) throw new RangeError(`there is no operand ${index}`);
    const u = operand(place, 0);
    return share(place.b, { dy: place.dy, u, v: place.operands[1] ?? u, y: place.result });
  };
}

/** A function that is constant wherever it has a derivative (whole numbers, comparisons). */
export function constantAlmostEverywhere<K extends Primitive>(): GradientRule<K> {
  return () => undefined;
}

/** A gradient that training never asks for. */
export function refused<K extends Primitive>(why: string): GradientRule<K> {
  return () => {
    throw new NotDifferentiable(why);
  };
}
