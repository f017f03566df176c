/**
 * Extents as they are read under the conditions on their input: where H is a multiple of 8, 8 * ceil(H / 8) is H.
 * What is printed has the extent's value at every admissible size; nothing is decided by it.
 */
import { sizeAt, solveDomain, type AdmissibleSizes } from "./admissible.js";
import type { Domain } from "./domain.js";
import { extentAt, type Extent } from "./extent.js";
import { gcd } from "./integers.js";
import { asFactor, printExtent } from "./print.js";
import type { TensorType } from "./tensor-type.js";

/** How many sizes are looked at for one extent: beyond, it is printed as it is. */
const sizesLimit = 1024;

/** (multiplier * H + offset) / divisor, which leaves no remainder at any admissible size. */
interface Quotient {
  readonly multiplier: number;
  readonly offset: number;
  readonly divisor: number;
}

/** The extent as text, as short as the conditions on its symbol let it be. */
export function printExtentWhere(extent: Extent, domains: readonly Domain[]): string {
  const text = printExtent(extent);
  if (typeof extent === "number" || extent.steps.length === 0) return text;
  const domain = domains.find(({ symbol }) => symbol === extent.symbol);
  const quotient = domain && quotientOf(extent, domain);
  const plain = quotient && printQuotient(extent.symbol, quotient);
  return plain !== undefined && plain.length <= text.length ? plain : text;
}

/** `printType` of a map under the conditions on the input's sizes. */
export function printTypeWhere(type: TensorType, domains: readonly Domain[]): string {
  return printExtentsWhere([...type.spatial, type.channels], domains);
}

/** `printExtents` under the conditions on the input's sizes: `56x56`, `(H / 4) x (W / 4)`. */
export function printExtentsWhere(extents: readonly Extent[], domains: readonly Domain[]): string {
  const symbolic = extents.some((extent) => typeof extent !== "number");
  return extents
    .map((extent) => asFactor(printExtentWhere(extent, domains)))
    .join(symbolic ? " x " : "x");
}

/**
 * The extent as one quotient without remainder, where it is one at every admissible size. Over one period of its
 * steps, the product b of their divisors, an extent grows by the product m of their multipliers. So it is
 * (m H + c) / b at all sizes of a progression if it is that at those of one common period.
 */
function quotientOf(extent: Exclude<Extent, number>, domain: Domain): Quotient | undefined {
  const sizes = solved(domain);
  const period = product(extent.steps.map(({ divisor }) => divisor));
  const growth = product(extent.steps.map(({ multiplier }) => multiplier));
  if (sizes === undefined || period === undefined || growth === undefined) return undefined;
  const count = period / gcd(period, sizes.stride);
  if (count > sizesLimit) return undefined;
  const common = gcd(growth, period);
  const [multiplier, divisor] = [growth / common, period / common];
  const offset = divisor * extentAt(extent, sizes.start) - multiplier * sizes.start;
  for (let index = 0; index < count; index++) {
    const size = sizeAt(sizes, index);
    const whole = [divisor * extentAt(extent, size), multiplier * size];
    if (!whole.every(Number.isSafeInteger)) return undefined;
    if (divisor * extentAt(extent, size) !== multiplier * size + offset) return undefined;
  }
  return { multiplier, offset, divisor };
}

const known = new WeakMap<Domain, AdmissibleSizes>();

function solved(domain: Domain): Extract<AdmissibleSizes, { kind: "progression" }> | undefined {
  const sizes = known.get(domain) ?? solveDomain(domain);
  known.set(domain, sizes);
  return sizes.kind === "progression" ? sizes : undefined;
}

/** The product, unless it was rounded. */
function product(numbers: readonly number[]): number | undefined {
  const all = numbers.reduce((so, number) => so * number, 1);
  return Number.isSafeInteger(all) ? all : undefined;
}

function printQuotient(symbol: string, { multiplier, offset, divisor }: Quotient): string {
  const times = multiplier === 1 ? symbol : `${multiplier} * ${symbol}`;
  const sum = offset === 0 ? times : `${times} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}`;
  if (divisor === 1) return sum;
  return offset === 0 ? `${sum} / ${divisor}` : `(${sum}) / ${divisor}`;
}
