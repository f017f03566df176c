/** Whether two maps agree for every admissible size, and which sizes they would agree for. */
import {
  decideEqual,
  sameExtent,
  type Domain,
  type Equality,
  type Extent,
  type TensorType,
} from "../shapes/index.js";
import type { Budget } from "./budget.js";
import { together, type InputLimits } from "./input-limits.js";

/** Height and width that differ for an admissible size, if there are any. */
export interface Disagreement {
  readonly axis: "height" | "width";
  readonly left: Extent;
  readonly right: Extent;
  readonly equality: Exclude<Equality, { kind: "equal" }>;
}

type DomainOf = (symbol: string) => Domain;

/** The first axis on which two maps of one rank differ for some admissible size. */
export function disagreement(
  budget: Budget,
  domainOf: DomainOf,
  left: TensorType,
  right: TensorType,
): Disagreement | undefined {
  for (const [index, axis] of (["height", "width"] as const).entries()) {
    const [one, other] = [left.spatial[index], right.spatial[index]];
    if (one === undefined || other === undefined || sameExtent(one, other)) continue;
    budget.spend(searchLength(one, other));
    const equality = decideEqual(one, other, domainOf);
    if (equality.kind !== "equal") return { axis, left: one, right: other, equality };
  }
  return undefined;
}

/** A bound on the sizes that a decision looks at: the common period of all steps. */
function searchLength(...extents: readonly Extent[]): number {
  const steps = extents.flatMap((extent) => (typeof extent === "number" ? [] : extent.steps));
  const period = steps.reduce((all, step) => all * step.divisor * step.multiplier, 1);
  return Math.min(period, 2 ** 20);
}

/** "at H = 33: 17 against 16": the smallest failing size in words. */
export function describeFailure({ equality, axis }: Disagreement): string | undefined {
  if (equality.kind !== "differ" || equality.sizes.size === 0) return undefined;
  const sizes = [...equality.sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(", ");
  return `the smallest size that fails is ${sizes}: the ${axis} is ${equality.left} against ${equality.right}`;
}

/** Numbers that the sizes of real inputs are multiples of. */
const multiples: readonly number[] = [
  ...Array.from({ length: 63 }, (_, index) => index + 2),
  ...[96, 128, 192, 256, 512, 1024],
];

/**
 * The smallest multiples that sizes must be of for two maps of one rank to agree, by symbol.
 * @returns undefined where no such limit makes them agree.
 */
export function agreeingMultiples(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
): ReadonlyMap<string, number> | undefined {
  const needs = new Map<string, number>();
  for (const axis of [0, 1]) {
    const [one, other] = [left.spatial[axis], right.spatial[axis]];
    if (one === undefined || other === undefined || sameExtent(one, other)) continue;
    if (decideEqual(one, other, limits.domainOf).kind === "equal") continue;
    const symbols = [one, other].flatMap((side) => (typeof side === "number" ? [] : [side.symbol]));
    const [symbol, second] = new Set(symbols);
    if (symbol === undefined || second !== undefined) return undefined;
    const need = multiples.find((multiple) => {
      budget.spend(searchLength(one, other));
      const narrow = limits.narrowed("multiple", symbol, multiple);
      return narrow && decideEqual(one, other, () => narrow).kind === "equal";
    });
    if (need === undefined) return undefined;
    needs.set(symbol, together("multiple", need, needs.get(symbol) ?? 1));
  }
  return needs.size > 0 ? needs : undefined;
}
