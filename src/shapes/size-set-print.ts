/** Sets of sizes in words, and as the conditions that the language has for them. */
import { enumerated } from "../diagnostics/lists.js";
import type { Condition } from "./domain.js";
import { countRanges, gapsBetween, type Range } from "./ranges.js";
import { classFrom, fewSizesOf, listSizes, type SizeSet } from "./size-set.js";

/** How many numbers a list shows before it is cut short. */
const shown = 8;

/**
 * A canonical set in words: `any H >= 33`, `H ≡ 0 (mod 32)`, `H ≢ 0 (mod 3), H >= 7`, `H = 7`,
 * `H from 1 to 6`, `any H >= 17 but 20`, `no H`. Long lists are cut short, and say how long they are.
 */
export function printSizeSet(symbol: string, set: SizeSet): string {
  const few = fewSizesOf(set);
  if (few !== undefined && (few.length <= shown || set.except.length > 1)) {
    return printFew(symbol, set, few);
  }
  const first = classFrom({ ...set, except: [] }, 1);
  const starts = first === undefined || set.from <= first ? "" : `${symbol} >= ${set.from}`;
  const but = set.except.length === 0 ? "" : ` but ${printList(set.except)}`;
  if (set.modulus === 1) {
    if (set.to !== undefined) return `${symbol} from ${set.from} to ${set.to}${but}`;
    return `any ${starts === "" ? symbol : starts}${but}`;
  }
  const ends = set.to === undefined ? "" : `${symbol} <= ${set.to}`;
  return [printClasses(symbol, set), starts, ends].filter((part) => part !== "").join(", ") + but;
}

function printFew(symbol: string, set: SizeSet, few: readonly number[]): string {
  const [first, second] = few;
  if (first === undefined) return `no ${symbol}`;
  if (second === undefined) return `${symbol} = ${first}`;
  if (set.modulus === 1 && set.except.length === 0 && few.length > 2) {
    return `${symbol} from ${set.from} to ${few.at(-1)}`;
  }
  const runs = few.map((size) => ({ first: size, last: size }));
  return `${symbol} = ${printList(runs, "or")}`;
}

/** `H ≡ 0 (mod 32)`, or what it is not where that is shorter. */
function printClasses(symbol: string, { modulus, residues }: SizeSet): string {
  const others = gapsBetween(residues, 0, modulus - 1);
  const isShorter = countRanges(others) < countRanges(residues) && others.length <= residues.length;
  const [sign, classes] = isShorter ? ["≢", others] : ["≡", residues];
  return `${symbol} ${sign} ${printList(classes, "or")} (mod ${modulus})`;
}

/** `1`, `1 or 3`, `0, 2 to 5 and 9`. */
function printList(ranges: readonly Range[], word: "and" | "or" = "and"): string {
  const texts = ranges.map(({ first, last }) => {
    if (first === last) return String(first);
    return last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`;
  });
  if (texts.length > shown) {
    return `${texts.slice(0, shown - 1).join(", ")} … (${texts.length} in all)`;
  }
  return enumerated(texts, word);
}

/** `32, 64, 96, 128, …`: the first sizes of a set. */
export function printFirstSizes(set: SizeSet, most = 4): string {
  const sizes = listSizes(set, most + 1);
  const text = sizes.slice(0, most).join(", ");
  return sizes.length > most ? `${text}, …` : text;
}

/** How many conditions a set may need to be worth writing as conditions. */
const mostConditions = 4;

/**
 * The conditions of an `input … where` that admit just the sizes of a canonical set.
 * @returns undefined where the language has none, or only a long list.
 */
export function conditionsOf(set: SizeSet): readonly Condition[] | undefined {
  const few = fewSizesOf(set);
  if (few?.length === 0) return undefined;
  if (few?.length === 1) return [{ kind: "compare", relation: "==", value: set.from }];
  const classes = classConditions(set);
  const first = classFrom({ ...set, except: [] }, 1) ?? set.from;
  const excepted = countRanges(set.except);
  if (classes === undefined || excepted > mostConditions) return undefined;
  const conditions: readonly Condition[] = [
    ...classes,
    ...(set.from > first ? [compare(">=", set.from)] : []),
    ...(set.to === undefined ? [] : [compare("<=", set.to)]),
    ...set.except.flatMap((range) => eachOf(range).map((size) => compare("!=", size))),
  ];
  return conditions.length <= mostConditions ? conditions : undefined;
}

function compare(relation: "!=" | "<=" | ">=", value: number): Condition {
  return { kind: "compare", relation, value };
}

function classConditions({ modulus, residues }: SizeSet): readonly Condition[] | undefined {
  if (modulus === 1) return [];
  const [only, second] = residues;
  if (only && second === undefined && only.first === only.last) {
    return [{ kind: "remainder", modulus, equal: true, remainder: only.first }];
  }
  const others = gapsBetween(residues, 0, modulus - 1);
  if (countRanges(others) > mostConditions) return undefined;
  return others
    .flatMap(eachOf)
    .map((remainder) => ({ kind: "remainder", modulus, equal: false, remainder }));
}

function eachOf({ first, last }: Range): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
