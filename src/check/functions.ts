/** The functions that expressions can call; all of them are of numbers or lists. */
import type { Value } from "./value.js";

const ofNumbers: Readonly<Record<string, (numbers: readonly number[]) => number | string>> = {
  min: (numbers) => (numbers.length > 0 ? Math.min(...numbers) : "min(a, b, …)"),
  max: (numbers) => (numbers.length > 0 ? Math.max(...numbers) : "max(a, b, …)"),
  floor: ([x, ...more]) => (x !== undefined && more.length === 0 ? Math.floor(x) : "floor(a)"),
  ceil: ([x, ...more]) => (x !== undefined && more.length === 0 ? Math.ceil(x) : "ceil(a)"),
  round: ([x, ...more]) => (x !== undefined && more.length === 0 ? Math.round(x) : "round(a)"),
};

export const functionNames: readonly string[] = [...Object.keys(ofNumbers), "len", "sum"];

/** The value of a call, or in words what the function takes. */
export function callFunction(name: string, given: readonly Value[]): Value | string {
  if (name === "len" || name === "sum") {
    const [list, ...more] = given;
    if (list?.kind !== "list" || more.length > 0) return `${name}(list)`;
    if (name === "len") return { kind: "number", value: list.items.length };
    const numbers = numbersOf(list.items);
    if (numbers === undefined) return "sum(list of numbers)";
    return { kind: "number", value: numbers.reduce((total, number) => total + number, 0) };
  }
  const numbers = numbersOf(given);
  const compute = ofNumbers[name];
  if (numbers === undefined || compute === undefined) return `numbers in ${name}(…)`;
  const value = compute(numbers);
  return typeof value === "string" ? value : { kind: "number", value };
}

function numbersOf(values: readonly Value[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    if (value.kind !== "number") return undefined;
    numbers.push(value.value);
  }
  return numbers;
}
