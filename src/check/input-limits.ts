/**
 * The sizes of a network's input, as far as its body lets them be. An operation or a merge that fails
 * for some admissible sizes only is one mistake with all others of its kind: the first is reported,
 * with the condition on the input that mends them all, and the rest is checked as if it stood there.
 */
import type { Diagnostic, Edit, Label } from "../diagnostics/diagnostic.js";
import type { Span } from "../source/source.js";
import { printDomain, smallestSize, type Condition, type Domain } from "../shapes/index.js";
import type { InputItem } from "./input.js";

/** `least`: sizes that are too small. `multiple`: sizes that do not divide. */
export type LimitKind = "least" | "multiple";

interface Limit {
  readonly found: Diagnostic;
  /** The other places that need it, with what each needs. */
  readonly others: Label[];
  /** By symbol: the least size, or the number that sizes must be multiples of. */
  readonly needs: Map<string, number>;
}

/** How many other places a message names. */
const placesShown = 3;

export class InputLimits {
  readonly #domains: Map<string, Domain>;
  readonly #least = new Map<string, number | undefined>();
  readonly #limits = new Map<LimitKind, Limit>();

  /** @param item where the sizes are declared. */
  constructor(
    domains: readonly Domain[],
    private readonly item: InputItem | undefined,
  ) {
    this.#domains = new Map(domains.map((domain) => [domain.symbol, domain]));
  }

  /** The sizes of a symbol that are still admissible. */
  readonly domainOf = (symbol: string): Domain =>
    this.#domains.get(symbol) ?? { symbol, conditions: [] };

  /** The smallest of them. */
  leastOf(symbol: string): number {
    if (!this.#least.has(symbol)) this.#least.set(symbol, smallestSize(this.domainOf(symbol)));
    return this.#least.get(symbol) ?? 1;
  }

  /** The domain with one condition more; undefined where no size is left. */
  narrowed(kind: LimitKind, symbol: string, need: number): Domain | undefined {
    const domain = this.domainOf(symbol);
    const narrow = { symbol, conditions: [...domain.conditions, conditionOf(kind, need)] };
    return smallestSize(narrow) === undefined ? undefined : narrow;
  }

  /** Goes on as if the input were limited; `found` is reported at the end if it is the first. */
  limit(kind: LimitKind, needs: ReadonlyMap<string, number>, at: Span, found: Diagnostic): void {
    const first = this.#limits.get(kind);
    const limit = first ?? { found, others: [], needs: new Map<string, number>() };
    this.#limits.set(kind, limit);
    for (const [symbol, need] of needs) {
      limit.needs.set(symbol, together(kind, limit.needs.get(symbol) ?? 1, need));
      const narrow = this.narrowed(kind, symbol, need);
      if (narrow) this.#domains.set(symbol, narrow);
      this.#least.delete(symbol);
    }
    const known = [limit.found.span, ...limit.others.map(({ span }) => span)];
    const isNew = known.every((span) => span?.start !== at.start || span.file !== at.file);
    if (first && isNew && first.others.length < placesShown) {
      first.others.push({ span: at, text: `needs ${this.#print(kind, needs)}` });
    }
  }

  /** One diagnostic for each kind of limit that the body needs. */
  get found(): readonly Diagnostic[] {
    return [...this.#limits].map(([kind, { found, others, needs }]) => {
      const text = this.#print(kind, needs);
      const edits = this.#edits(text);
      const help = { text: `limit the input: where ${text}`, ...(edits && { edits }) };
      return { ...found, related: [...found.related, ...others], help };
    });
  }

  #print(kind: LimitKind, needs: ReadonlyMap<string, number>): string {
    return [...needs]
      .map(([symbol, need]) => printDomain({ symbol, conditions: [conditionOf(kind, need)] }))
      .join(", ");
  }

  #edits(conditions: string): readonly Edit[] | undefined {
    if (this.item === undefined) return undefined;
    const { shape, where } = this.item;
    const last = where.at(-1)?.span ?? shape.span;
    const span = last.file.span(last.end, last.end);
    return [{ span, text: `${where.length === 0 ? " where" : ","} ${conditions}` }];
  }
}

function conditionOf(kind: LimitKind, need: number): Condition {
  return kind === "least"
    ? { kind: "compare", relation: ">=", value: need }
    : { kind: "remainder", modulus: need, equal: true, remainder: 0 };
}

/** What meets two needs of one kind: the larger size, or the least common multiple. */
export function together(kind: LimitKind, one: number, other: number): number {
  if (kind === "least") return Math.max(one, other);
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return (one / a) * other;
}
