/**
 * The sizes of a network's input, as far as its body lets them be. An operation or a merge that fails
 * for some admissible sizes only is one mistake with all others of its kind: the first is reported,
 * with the condition on the input that mends them all, and the rest is checked as if it stood there.
 */
import { holdsComment } from "../syntax/comments.js";
import type { Diagnostic, Edit, Help, Label } from "../diagnostics/diagnostic.js";
import { type Span } from "../source/source.js";
import {
  printDomain,
  printExtentsWhere,
  printExtentWhere,
  printTypeWhere,
  smallestSize,
  type Condition,
  type Domain,
  type Extent,
  type TensorType,
} from "../shapes/index.js";
import type { InputItem, WrittenCondition } from "./input.js";
import { limitingEdits, printNeeds, type Needs } from "./limiting-edits.js";

/** `least`: sizes that are too small. `multiple`: sizes that do not divide. `exact`: any other. */
export type LimitKind = "least" | "multiple" | "exact";

/** A place that needs a limit, and what it needs by itself. */
interface Place {
  readonly span: Span;
  readonly needs: Map<string, readonly Condition[]>;
}

interface Limit {
  readonly found: Diagnostic;
  /** The places that need it, the first of them that of the finding. */
  readonly places: Place[];
  /** What they need together. */
  readonly needs: Map<string, readonly Condition[]>;
}

/** How many other places a message names. */
const placesShown = 3;

export class InputLimits {
  /** Whether a window is larger than the smallest input itself, so that it is at fault and nothing before it. */
  windowTooLarge = false;
  readonly #domains: Map<string, Domain>;
  readonly #least = new Map<string, number | undefined>();
  readonly #limits = new Map<LimitKind, Limit>();

  /** @param item where the sizes are declared. @param written its conditions. */
  constructor(
    private readonly declared: readonly Domain[],
    private readonly item: InputItem | undefined,
    private readonly written: readonly WrittenCondition[] = [],
  ) {
    this.#domains = new Map(declared.map((domain) => [domain.symbol, domain]));
  }

  /** The sizes of a symbol that are still admissible. */
  readonly domainOf = (symbol: string): Domain =>
    this.#domains.get(symbol) ?? { symbol, conditions: [] };

  /** A shape as short as the declared sizes let it be: `(H / 4) x (W / 4) x 64` where they are multiples of 4. */
  readonly print = (type: TensorType): string => printTypeWhere(type, this.declared);

  /** Height and width alone. */
  readonly printSpatial = ({ spatial }: TensorType): string =>
    printExtentsWhere(spatial, this.declared);

  /** One extent likewise. */
  readonly printExtent = (extent: Extent): string => printExtentWhere(extent, this.declared);

  /** The sizes of a symbol as the input declares them. */
  readonly declaredOf = (symbol: string): Domain =>
    this.declared.find((domain) => domain.symbol === symbol) ?? { symbol, conditions: [] };

  /** The input with numbers for its sizes, where its conditions leave one of each. */
  get asOneSize(): Help | undefined {
    if (this.item === undefined || this.item.shape.kind !== "list") return undefined;
    const { shape, where } = this.item;
    const numbers = shape.items.map((each) => {
      const size = each.kind === "name" ? this.#onlySize(each.name.text) : undefined;
      return size ?? (each.kind === "number" ? each.value : undefined);
    });
    if (numbers.includes(undefined)) return undefined;
    const text = numbers.join("x");
    const { file, start } = shape.span;
    const span = file.span(start, where.at(-1)?.span.end ?? shape.span.end);
    const words = `an input of one size is written as that: \`input ${text}\``;
    // What a comment says of a condition would go with it.
    return holdsComment(span) ? { text: words } : { text: words, edits: [{ span, text }] };
  }

  #onlySize(symbol: string): number | undefined {
    const domain = this.declared.find((each) => each.symbol === symbol);
    const least = domain && smallestSize(domain);
    if (domain === undefined || least === undefined) return undefined;
    const larger: Condition = { kind: "compare", relation: ">", value: least };
    const more = { symbol, conditions: [...domain.conditions, larger] };
    return smallestSize(more) === undefined ? least : undefined;
  }

  /** The smallest of those that are still admissible. */
  leastOf(symbol: string): number {
    if (!this.#least.has(symbol)) this.#least.set(symbol, smallestSize(this.domainOf(symbol)));
    return this.#least.get(symbol) ?? 1;
  }

  /** The domain with some conditions more; undefined where no size is left. */
  narrowed(symbol: string, needs: readonly Condition[]): Domain | undefined {
    const domain = this.domainOf(symbol);
    const narrow = { symbol, conditions: [...domain.conditions, ...needs] };
    return smallestSize(narrow) === undefined ? undefined : narrow;
  }

  /** The same sizes, to be limited without a trace here. */
  apart(): InputLimits {
    return new InputLimits([...this.#domains.values()], this.item, this.written);
  }

  /** Goes on as if the input were limited; `found` is reported at the end if it is the first. */
  limit(kind: LimitKind, needs: Needs, at: Span, found: Diagnostic): void {
    const limit: Limit = this.#limits.get(kind) ?? { found, places: [], needs: new Map() };
    this.#limits.set(kind, limit);
    let place = limit.places.find(({ span }) => span.start === at.start && span.file === at.file);
    if (place === undefined) limit.places.push((place = { span: at, needs: new Map() }));
    for (const [symbol, need] of needs) {
      for (const all of [limit.needs, place.needs]) {
        all.set(symbol, together(symbol, all.get(symbol) ?? [], need));
      }
      const narrow = this.narrowed(symbol, need);
      if (narrow) this.#domains.set(symbol, narrow);
      this.#least.delete(symbol);
    }
  }

  /** What merges need of sizes so far, with what one more does. */
  pendingWith(more: Needs): Needs {
    const needs = new Map<string, readonly Condition[]>();
    const pending = [...this.#limits].flatMap(([kind, limit]) =>
      kind === "least" ? [] : [limit.needs],
    );
    for (const [symbol, need] of [...pending, more].flatMap((each) => [...each])) {
      needs.set(symbol, together(symbol, needs.get(symbol) ?? [], need));
    }
    return needs;
  }

  /** The edits that limit the input so. */
  editsFor(needs: Needs): readonly Edit[] {
    return this.item ? limitingEdits(this.item, this.written, needs) : [];
  }

  /** One diagnostic for each kind of limit that the body needs, but for sizes that others leave out anyway. */
  get found(): readonly Diagnostic[] {
    const limits = [...this.#limits].map(([kind, limit]) => ({ kind, ...limit }));
    // A mend of the merge itself comes first: it takes no size away.
    const sure = limits.filter(({ kind, found }) => kind !== "least" && !found.help?.edits);
    const least = limits.find(({ kind }) => kind === "least");
    const isMoot = least && this.#follow(least.needs, sure);
    const [heir] = sure;
    return limits
      .filter((limit) => !isMoot || limit !== least)
      .map(({ found, places, needs, ...limit }) => {
        const inherited = isMoot && heir?.kind === limit.kind ? labelsOf(least.places) : [];
        const [, ...others] = labelsOf(places);
        const text = printNeeds(needs);
        const edits = this.editsFor(needs);
        const help = {
          text: `limit the input: where ${text}`,
          ...(edits.length > 0 && { edits, narrows: true as const }),
        };
        const limited = { ...found, related: [...found.related, ...others, ...inherited] };
        if (!found.help?.edits) return { ...limited, help };
        return { ...limited, alternatives: [...(found.alternatives ?? []), help] };
      });
  }

  /** Whether sizes meet least sizes of themselves where they meet what others need. */
  #follow(needs: Needs, others: readonly Limit[]): boolean {
    return [...needs].every(([symbol, conditions]) => {
      const declared = this.declared.find((domain) => domain.symbol === symbol)?.conditions ?? [];
      const more = others.flatMap((other) => other.needs.get(symbol) ?? []);
      const least = smallestSize({ symbol, conditions: [...declared, ...more] }) ?? 0;
      return conditions.every((each) => each.kind === "compare" && least >= each.value);
    });
  }
}

/** The first places that need a limit, with what each of them needs. */
function labelsOf(places: readonly Place[]): readonly Label[] {
  return places
    .slice(0, placesShown + 1)
    .map(({ span, needs }) => ({ span, text: `needs ${printNeeds(needs)}` }));
}

/** What meets both: the larger of two least sizes, the least common multiple, or else all of them. */
function together(
  symbol: string,
  before: readonly Condition[],
  more: readonly Condition[],
): readonly Condition[] {
  return more.reduce<readonly Condition[]>((all, condition) => {
    for (const [index, known] of all.entries()) {
      const joined = join(known, condition);
      if (joined !== undefined) return all.with(index, joined);
    }
    const isKnown = all.some((known) => isSame(symbol, known, condition));
    return isKnown ? all : [...all, condition];
  }, before);
}

/** One condition that says what two do, where they are of one kind. */
function join(one: Condition, other: Condition): Condition | undefined {
  if (one.kind === "compare" && other.kind === "compare") {
    if (one.relation !== ">=" || other.relation !== ">=") return undefined;
    return one.value >= other.value ? one : other;
  }
  if (one.kind !== "remainder" || other.kind !== "remainder") return undefined;
  if (!isMultiple(one) || !isMultiple(other)) return undefined;
  let [a, b] = [one.modulus, other.modulus];
  while (b !== 0) [a, b] = [b, a % b];
  return { ...one, modulus: (one.modulus / a) * other.modulus };
}

function isMultiple({ equal, remainder }: Extract<Condition, { kind: "remainder" }>): boolean {
  return equal && remainder === 0;
}

function isSame(symbol: string, one: Condition, other: Condition): boolean {
  const print = (condition: Condition): string => printDomain({ symbol, conditions: [condition] });
  return print(one) === print(other);
}
