/** Extents, types and domains as a reader of a spec would write them. */
import type { Condition, Domain } from "./domain.js";
import type { Extent } from "./extent.js";
import type { Step } from "./step.js";
import type { TensorType } from "./tensor-type.js";

/** `56`, `H`, `floor((H + 1) / 3)`, `ceil(H / 2)`, `2 * floor(H / 2)`. */
export function printExtent(extent: Extent): string {
  if (typeof extent === "number") return String(extent);
  let text = extent.symbol;
  let sum = false;
  for (const step of extent.steps) {
    text = printStep(step, sum ? `(${text})` : text);
    sum = step.divisor === 1 && step.offset !== 0;
  }
  return text;
}

function printStep({ multiplier, offset, divisor }: Step, inner: string): string {
  const product = multiplier === 1 ? inner : `${multiplier} * ${inner}`;
  if (divisor > 1 && offset === 0) return `floor(${product} / ${divisor})`;
  if (divisor > 1 && offset === divisor - 1) return `ceil(${product} / ${divisor})`;
  if (offset === 0) return product;
  const sum = offset < 0 ? `${product} - ${-offset}` : `${product} + ${offset}`;
  return divisor === 1 ? sum : `floor((${sum}) / ${divisor})`;
}

/** Extents side by side: `56x56`, `ceil(H / 2) x ceil(W / 2)`, `(H - 1) x (W - 1)`. */
export function printExtents(extents: readonly Extent[]): string {
  const symbolic = extents.some((extent) => typeof extent !== "number");
  return extents.map((extent) => asFactor(printExtent(extent))).join(symbolic ? " x " : "x");
}

/** The text of an extent as it stands beside others: in parentheses, if it is not one number, name or call. */
export function asFactor(text: string): string {
  if (!text.includes(" ")) return text;
  return /^(?:floor|ceil)\(/.test(text) && closesAtEnd(text) ? text : `(${text})`;
}

/** Whether the first parenthesis of a text is closed by its last sign. */
function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (const [at, sign] of [...text].entries()) {
    if (sign === "(") depth++;
    if (sign === ")" && --depth === 0) return at === text.length - 1;
  }
  return false;
}

/** `56x56x64`, `ceil(H / 2) x ceil(W / 2) x 64`; a vector is its length alone, `1000`. */
export function printType(type: TensorType): string {
  return printExtents([...type.spatial, type.channels]);
}

/** `H % 32 == 0, H >= 64`; a domain without conditions is `H >= 1`. */
export function printDomain(domain: Domain): string {
  if (domain.conditions.length === 0) return `${domain.symbol} >= 1`;
  return domain.conditions.map((each) => printCondition(domain.symbol, each)).join(", ");
}

function printCondition(symbol: string, condition: Condition): string {
  if (condition.kind === "compare") return `${symbol} ${condition.relation} ${condition.value}`;
  const relation = condition.equal ? "==" : "!=";
  return `${symbol} % ${condition.modulus} ${relation} ${condition.remainder}`;
}
