/** The functions that expressions can call; all of them are of numbers or lists. */
import type { Value } from "./value.js";

interface OfNumbers {
  /** How it is written, in messages. */
  readonly usage: string;
  /** `undefined` where it is not given as many numbers as it takes. */
  compute(numbers: readonly number[]): number | undefined;
}

function ofOne(name: string, round: (number: number) => number): OfNumbers {
  return {
    usage: `${name}(a)`,
    compute: ([x, ...more]) => (x !== undefined && more.length === 0 ? round(x) : undefined),
  };
}

function ofMany(name: string, choose: (a: number, b: number) => number): OfNumbers {
  return {
    usage: `${name}(a, b, …)`,
    compute: (numbers) =>
      numbers.length === 0 ? undefined : numbers.reduce((a, b) => choose(a, b)),
  };
}

const ofNumbers: Readonly<Record<string, OfNumbers>> = {
  min: ofMany("min", Math.min),
  max: ofMany("max", Math.max),
  floor: ofOne("floor", Math.floor),
  ceil: ofOne("ceil", Math.ceil),
  round: ofOne("round", Math.round),
};

export const functionNames: readonly string[] = [...Object.keys(ofNumbers), "len", "sum"];

/** The value of a call, or in words what the function takes. */
export function callFunction(name: string, given: readonly Value[]): Value | string {
  if (name === "len" || name === "sum") return ofList(name, given);
  const known = ofNumbers[name];
  const numbers = numbersOf(given);
  const value = numbers && known?.compute(numbers);
  if (value !== undefined) return { kind: "number", value };
  return `\`${known?.usage ?? name}\` with numbers`;
}

function ofList(name: "len" | "sum", given: readonly Value[]): Value | string {
  const [list, ...more] = given;
  if (list?.kind !== "list" || more.length > 0) return `\`${name}(list)\``;
  if (name === "len") return { kind: "number", value: list.items.length };
  const numbers = numbersOf(list.items);
  if (numbers === undefined) return "`sum(list)` with a list of numbers";
  const total = numbers.reduce((sum, number) => sum + number, 0);
  return Number.isFinite(total) ? { kind: "number", value: total } : "a sum that can be counted";
}

function numbersOf(values: readonly Value[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    if (value.kind !== "number") return undefined;
    numbers.push(value.value);
  }
  return numbers;
}
