/** Whether two maps agree for every admissible size, and which sizes they would agree for. */
import {
  conditionsOf,
  decideEqual,
  everySize,
  intersectSizes,
  isEndless,
  noSize,
  printSizeSet,
  sameExtent,
  sameSizes,
  sizesAgreeing,
  sizesOfDomain,
  smallestSizeReaching,
  type Condition,
  type Domain,
  type Equality,
  type Extent,
  type SizeSet,
  type TensorType,
} from "../shapes/index.js";
import type { Budget } from "./budget.js";
import type { InputLimits, LimitKind } from "./input-limits.js";

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
    const { equality } = decide(budget, one, other, domainOf);
    if (equality.kind !== "equal") return { axis, left: one, right: other, equality };
  }
  return undefined;
}

/** Decides whether two extents are equal, and spends what that takes. */
function decide(
  budget: Budget,
  one: Extent,
  other: Extent,
  domainOf: DomainOf,
): { readonly equality: Equality; readonly work: number } {
  const count = { hops: 0 };
  const equality = decideEqual(one, other, domainOf, count);
  const work = 1 + count.hops;
  budget.spend(work);
  return { equality, work };
}

type Differing = Extract<Equality, { kind: "differ" }>;

/** An axis on which two maps differ for some sizes, with the smallest of these. */
interface Failure {
  readonly axis: "heights" | "widths";
  readonly equality: Differing;
}

/**
 * "the smallest size at which the heights differ is H = 33: 17 against 16". It is that of all sizes that the input
 * declares and that leave something of both, whatever else has limited them by now; of two axes of one symbol,
 * the one that fails first. Where two numbers differ, which no size changes, it says that.
 */
export function describeFailure(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
): string | undefined {
  const failures = failuresOf(budget, limits, left, right);
  const [first] = failures;
  if (first === undefined) return undefined;
  const always = failures.find(({ equality }) => equality.sizes.size === 0);
  if (always) {
    const { left: one, right: other } = always.equality;
    return isOpen(left) || isOpen(right)
      ? `the ${always.axis} differ at every size: ${one} against ${other}`
      : undefined;
  }
  const { axis, equality } = failures.reduce((least, each) => {
    const [size, other] = [sizeOf(least.equality), sizeOf(each.equality)];
    return size?.[0] === other?.[0] && other && size && other[1] < size[1] ? each : least;
  }, first);
  const sizes = [...equality.sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(", ");
  return `the smallest size at which the ${axis} differ is ${sizes}: ${equality.left} against ${equality.right}`;
}

/** Whether a size of a map is known later. */
export function isOpen({ spatial }: TensorType): boolean {
  return spatial.some((extent) => typeof extent !== "number");
}

/** The one symbol that a failing size is of, and the size. */
function sizeOf({ sizes }: Differing): readonly [string, number] | undefined {
  const [first, second] = sizes;
  return second === undefined ? first : undefined;
}

function failuresOf(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
): readonly Failure[] {
  return (["heights", "widths"] as const).flatMap((axis, index) => {
    const [one, other] = [left.spatial[index], right.spatial[index]];
    if (one === undefined || other === undefined || sameExtent(one, other)) return [];
    const { equality } = decide(budget, one, other, limits.domainOf);
    if (equality.kind !== "differ") return [];
    const declared = decide(budget, one, other, (symbol) =>
      leavingSomething(limits.declaredOf(symbol), [one, other]),
    );
    const first = declared.equality.kind === "differ" ? declared.equality : equality;
    return [{ axis, equality: first }];
  });
}

/** The sizes of a domain that leave something of extents of its symbol. */
function leavingSomething(domain: Domain, extents: readonly Extent[]): Domain {
  const least = extents.flatMap((extent) => {
    const isOfIt = typeof extent !== "number" && extent.symbol === domain.symbol;
    const value = isOfIt ? smallestSizeReaching(extent, 1, domain) : undefined;
    return value === undefined ? [] : [{ kind: "compare", relation: ">=", value } as const];
  });
  return { ...domain, conditions: [...domain.conditions, ...least] };
}

/** Numbers that the sizes of real inputs are multiples of. */
const multiples: readonly number[] = [
  ...Array.from({ length: 63 }, (_, index) => index + 2),
  ...[96, 128, 192, 256, 512, 1024],
];

/** How much work a search for one limit may be: a help is not worth the whole budget of a check. */
const mostSpent = 2 ** 20;

/** A limit on the input under which two maps agree. */
export interface AgreeingLimit {
  readonly kind: LimitKind;
  /** By symbol, what its sizes must meet. */
  readonly needs: ReadonlyMap<string, readonly Condition[]>;
}

/**
 * What sizes must meet for two maps of one rank to agree: the smallest multiples that do, or else the very
 * sizes at which they agree, where these have no end and the language can say them.
 * @returns undefined where no such limit makes them agree.
 */
export function agreeingLimit(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
): AgreeingLimit | undefined {
  const axes = differingAxes(budget, limits, left, right);
  const sets = axes && agreeingSets(budget, axes);
  if (axes === undefined || sets === undefined) return undefined;
  const needs = new Map<string, readonly Condition[]>();
  let kind: LimitKind = "multiple";
  let spent = 0;
  for (const [symbol, set] of sets) {
    const agrees = (narrow: Domain | undefined): boolean =>
      narrow !== undefined &&
      spent < mostSpent &&
      axes.every(([one, other]) => {
        if (symbolOf(one, other) !== symbol) return true;
        const { equality, work } = decide(budget, one, other, () => narrow);
        spent += work;
        return equality.kind === "equal";
      });
    const multiple = candidates(set).find((each) =>
      agrees(limits.narrowed(symbol, [multipleOf(each)])),
    );
    const exact = multiple === undefined ? exactly(limits.domainOf(symbol), set) : undefined;
    if (multiple !== undefined) needs.set(symbol, [multipleOf(multiple)]);
    else if (exact && agrees(limits.narrowed(symbol, exact))) {
      kind = "exact";
      needs.set(
        symbol,
        needed(exact, (some) => agrees(limits.narrowed(symbol, some))),
      );
    } else return undefined;
  }
  return needs.size > 0 ? { kind, needs } : undefined;
}

/**
 * Which of the admissible sizes two maps of one rank agree for, where no limit can say that:
 * "they agree only for H ≡ 0 or 31 (mod 32)", "they agree for no admissible size". Of the latter, what they would
 * agree for if the input had no conditions: "without the input's conditions they would for H ≡ 0 (mod 16)".
 */
export function describeAgreement(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
  sides = "they",
): string | undefined {
  const never = `${sides} agree for no admissible size`;
  if (differInNumbers(left, right)) return never;
  const axes = differingAxes(budget, limits, left, right);
  if (axes === undefined) return undefined;
  const sets = agreeingSets(budget, axes);
  if (sets.size === 0) return undefined;
  const texts: string[] = [];
  const wider: (string | undefined)[] = [];
  let isNever = false;
  for (const [symbol, set] of sets) {
    const admitted = sizesOfDomain(limits.domainOf(symbol));
    const both = set && admitted && intersectSizes(set, admitted);
    if (set === undefined || both === undefined) return undefined;
    if (sameSizes(set, noSize)) return never;
    if (sameSizes(both, noSize)) isNever = true;
    texts.push(printSizeSet(symbol, both));
    wider.push(isEndless(set) ? printSizeSet(symbol, set) : undefined);
  }
  if (!isNever) return `${sides} agree only for ${texts.join(" and ")}`;
  if (wider.includes(undefined)) return never;
  return `${never}; without the input's conditions they would for ${wider.join(" and ")}`;
}

/** Whether maps of which one size is known later have two known sizes on one axis. */
function differInNumbers(left: TensorType, right: TensorType): boolean {
  if (!isOpen(left) && !isOpen(right)) return false;
  return left.spatial.some((one, axis) => {
    const other = right.spatial[axis];
    return typeof one === "number" && typeof other === "number" && one !== other;
  });
}

type Axis = readonly [Extent, Extent];

/** The extents of the axes that differ; undefined where no symbol's size can change that. */
function differingAxes(
  budget: Budget,
  limits: InputLimits,
  left: TensorType,
  right: TensorType,
): readonly Axis[] | undefined {
  const axes: Axis[] = [];
  for (const axis of [0, 1]) {
    const [one, other] = [left.spatial[axis], right.spatial[axis]];
    if (one === undefined || other === undefined || sameExtent(one, other)) continue;
    if (decide(budget, one, other, limits.domainOf).equality.kind === "equal") continue;
    if (symbolOf(one, other) === undefined) return undefined;
    axes.push([one, other]);
  }
  return axes;
}

/** The one symbol of two extents; undefined where there is none, or another. */
function symbolOf(...extents: readonly Extent[]): string | undefined {
  const symbols = extents.flatMap((side) => (typeof side === "number" ? [] : [side.symbol]));
  const [symbol, second] = new Set(symbols);
  return second === undefined ? symbol : undefined;
}

/** By symbol, the sizes at which every axis of it agrees; undefined where they have no closed form. */
function agreeingSets(
  budget: Budget,
  axes: readonly Axis[],
): ReadonlyMap<string, SizeSet | undefined> {
  const sets = new Map<string, SizeSet | undefined>();
  for (const [one, other] of axes) {
    const symbol = symbolOf(one, other) ?? "";
    const allowance = { left: mostSpent };
    const set = sizesAgreeing(one, other, allowance);
    budget.spend(mostSpent - allowance.left);
    const before = sets.has(symbol) ? sets.get(symbol) : everySize;
    sets.set(symbol, set && before && intersectSizes(before, set));
  }
  return sets;
}

/** How large a divisor of a period is tried. */
const largestDivisor = 4096;

/**
 * Multiples to try, ascending. All multiples of k have just the residues of the multiples of gcd(k, M)
 * modulo a period M, so the smallest k that helps divides M.
 */
function candidates(set: SizeSet | undefined): readonly number[] {
  if (set === undefined || !isEndless(set)) return multiples;
  const { modulus } = set;
  const most = Math.min(modulus - 1, largestDivisor);
  const divisors = Array.from({ length: most }, (_, index) => index + 1).filter(
    (each) => each > 1 && modulus % each === 0,
  );
  return modulus > 1 ? [...divisors, modulus] : [];
}

/** The conditions that leave just the sizes of a set that a domain admits, where these have no end. */
function exactly(domain: Domain, set: SizeSet | undefined): readonly Condition[] | undefined {
  const admitted = sizesOfDomain(domain);
  const both = set && admitted && intersectSizes(set, admitted);
  return both && isEndless(both) ? conditionsOf(both) : undefined;
}

function multipleOf(modulus: number): Condition {
  return { kind: "remainder", modulus, equal: true, remainder: 0 };
}

/** The conditions without those that the rest makes up for. */
function needed(
  conditions: readonly Condition[],
  suffice: (some: readonly Condition[]) => boolean,
): readonly Condition[] {
  return conditions.reduce<readonly Condition[]>((kept, condition) => {
    const fewer = kept.filter((each) => each !== condition);
    return fewer.length > 0 && suffice(fewer) ? fewer : kept;
  }, conditions);
}
