/** What the values of a recipe may be: each reader takes a value or says in words what it wants. */
import { diagnostic } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import type { Call, Expression } from "../syntax/ast.js";
import { placesHelp } from "../syntax/setting-slips.js";
import { matchArguments } from "./arguments.js";
import { type Slot } from "./slots.js";
import { evaluate } from "./evaluate.js";
import { lookUp, type Scope } from "./scope.js";
import { grouped } from "../diagnostics/numbers.js";
import { describeValue, type Value } from "./value.js";

export interface Reader<T> {
  readonly expected: string;
  read(value: Value): T | undefined;
}

/** A number in [least, most]. */
export function numberFrom(least: number, most = Infinity, whole = false): Reader<number> {
  const kind = whole ? "a whole number" : "a number";
  const range =
    most === Infinity
      ? `${kind} of at least ${least}`
      : `${kind} from ${least} to ${grouped(most)}`;
  return {
    expected: range,
    read: (value) =>
      value.kind === "number" &&
      Number.isFinite(value.value) &&
      value.value >= least &&
      value.value <= most &&
      (!whole || Number.isInteger(value.value))
        ? value.value
        : undefined,
  };
}

export const flag: Reader<boolean> = {
  expected: "true or false",
  read: (value) => (value.kind === "boolean" ? value.value : undefined),
};

export const text: Reader<string> = {
  expected: "a text in quotes",
  read: (value) => (value.kind === "string" ? value.value : undefined),
};

/** One number, or one per channel; each meets `test`. */
export function perChannel(test: (value: number) => boolean, expected: string): Reader<number[]> {
  return {
    expected,
    read(value) {
      const items = value.kind === "list" ? value.items : [value];
      const numbers = items.flatMap((item) => (item.kind === "number" ? [item.value] : []));
      const all = numbers.length === items.length && numbers.length > 0 && numbers.every(test);
      return all ? numbers : undefined;
    },
  };
}

/** The numbers of a list; undefined where it is none, or has something else in it. */
function numbersOf(value: Value): number[] | undefined {
  if (value.kind !== "list") return undefined;
  const numbers = value.items.flatMap((item) => (item.kind === "number" ? [item.value] : []));
  return numbers.length === value.items.length ? numbers : undefined;
}

/** Two numbers, the least and the most, each of which meets `test`. */
function rangeOf(
  value: Value,
  test: (value: number) => boolean,
): readonly [least: number, most: number] | undefined {
  const numbers = numbersOf(value);
  const [least, most] = numbers ?? [];
  if (numbers?.length !== 2 || least === undefined || most === undefined) return undefined;
  return numbers.every(test) && least <= most ? [least, most] : undefined;
}

/** A number for every class, which float32 does not turn into nothing or too much. */
export const perClass: Reader<readonly number[]> = {
  expected: "a list of numbers from 1e-6 to 1e6, one per class, such as [1, 2.5]",
  read(value) {
    const numbers = numbersOf(value) ?? [];
    const fits = numbers.every((number) => number >= 1e-6 && number <= 1e6);
    return fits && numbers.length > 0 ? numbers : undefined;
  },
};

/** Rising whole numbers >= 0. */
export const epochList: Reader<number[]> = {
  expected: "a list of rising epochs, such as [82, 123]",
  read(value) {
    const numbers = numbersOf(value);
    const rising = numbers?.every(
      (number, i) => Number.isInteger(number) && number >= 0 && number > (numbers[i - 1] ?? -1),
    );
    return rising === true ? numbers : undefined;
  },
};

/** Height and width: `32x32`, or one number for both. */
export const imageSize: Reader<readonly [number, number]> = {
  expected: "a size in pixels, such as 224 or 224x224",
  read(value) {
    const numbers =
      value.kind === "dimensions"
        ? value.values
        : value.kind === "number"
          ? [value.value, value.value]
          : [];
    const [height, width] = numbers;
    if (numbers.length !== 2 || height === undefined || width === undefined) return undefined;
    const fits = [height, width].every((n) => Number.isInteger(n) && n >= 1 && n <= 16384);
    return fits ? [height, width] : undefined;
  },
};

/** Of a whole that is never all of it. */
export const share: Reader<number> = {
  expected: "a number from 0 to below 1",
  read: (value) =>
    value.kind === "number" && value.value >= 0 && value.value < 1 ? value.value : undefined,
};

/** Of an area. */
export const areaShare: Reader<number> = {
  expected: "a number above 0 and at most 1",
  read: (value) =>
    value.kind === "number" && value.value > 0 && value.value <= 1 ? value.value : undefined,
};

/** Of an area, least and most: `[0.02, 0.33]`. */
export const areaRange: Reader<readonly [number, number]> = {
  expected: "the least and the largest share, such as [0.02, 0.33]",
  read: (value) => rangeOf(value, (share) => share > 0 && share <= 1),
};

/** Least and most: `[256, 480]`. */
export const sideRange: Reader<readonly [number, number]> = {
  expected: "the least and the most pixels, such as [256, 480]",
  read: (value) => rangeOf(value, (side) => Number.isInteger(side) && side >= 1 && side <= 16384),
};

/** Names of places in the network in quotes. */
export const placeNames: Reader<readonly string[]> = {
  expected: 'names of places in quotes, such as ["stem", "conv2"]',
  read(value) {
    const items = value.kind === "list" ? value.items : [value];
    const names = items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
    return names.length === items.length && names.every((name) => name !== "") ? names : undefined;
  },
};

/** The same; `true` for all but the heads, `false` for none. */
export const places: Reader<boolean | readonly string[]> = {
  expected: `true, false, or ${placeNames.expected}`,
  read: (value) => (value.kind === "boolean" ? value.value : placeNames.read(value)),
};

/** One argument of something in a recipe. */
export interface RecipeSlot<T> extends Slot {
  readonly reader: Reader<T>;
  /** What it is when left out; absent where it must be given. */
  readonly otherwise?: T;
}

/** A named argument with a default. */
export function option<T>(name: string, reader: Reader<T>, otherwise: T): RecipeSlot<T> {
  return { name, reader, otherwise, positional: false, required: false };
}

/** A positional argument that must be given. */
export function needed<T>(name: string, reader: Reader<T>): RecipeSlot<T> {
  return { name, reader, positional: true, required: true };
}

export type Slots = Readonly<Record<string, RecipeSlot<unknown>>>;
export type Read<S extends Slots> = {
  readonly [K in keyof S]: S[K] extends RecipeSlot<infer T> ? T : never;
};

/** Reads the arguments of a call; @returns undefined where one is wrong, which has been reported. */
export function readArguments<S extends Slots>(
  call: Call,
  slots: S,
  scope: Scope,
): Read<S> | undefined {
  const { arguments: matched, problems } = matchArguments(
    call,
    `\`${call.callee.text}\``,
    Object.values(slots),
  );
  for (const problem of problems) scope.found.add(problem);
  let whole = problems.length === 0;
  const values: Record<string, unknown> = {};
  for (const [key, slot] of Object.entries(slots)) {
    const argument = matched.get(slot.name);
    if (argument === undefined) {
      values[key] = slot.otherwise;
      continue;
    }
    values[key] = readValue(slot.name, argument.value, slot.reader, scope);
    if (values[key] === undefined) whole = false;
  }
  return whole ? (values as Read<S>) : undefined;
}

/** Reads one value; reports where it is not what it must be. */
export function readValue<T>(
  name: string,
  expression: Expression,
  reader: Reader<T>,
  scope: Scope,
): T | undefined {
  if (isOfPlaces(reader) && isUnquoted(expression, scope)) {
    const found = `\`${textOf(expression.span)}\``;
    const holes = { name, expected: reader.expected, found };
    const details = { help: placesHelp(expression.span) };
    scope.found.add(diagnostic("R0503", expression.span, holes, details));
    return undefined;
  }
  const isWord = expression.kind === "name" && !lookUp(scope, expression.name.text).known;
  const value = isWord ? undefined : evaluate(expression, scope);
  if (value === undefined && !isWord) return undefined;
  const read = value && reader.read(value);
  if (read === undefined) {
    const found = value ? describeValue(value) : `\`${textOf(expression.span)}\``;
    const holes = { name, expected: reader.expected, found };
    scope.found.add(diagnostic("R0503", expression.span, holes));
  }
  return read;
}

function isOfPlaces(reader: Reader<unknown>): boolean {
  return reader === placeNames || reader === places;
}

/** Whether an expression names places without their quotes, by itself or in a list. */
function isUnquoted(expression: Expression, scope: Scope): boolean {
  const items = expression.kind === "list" ? expression.items : [expression];
  const isName = (item: Expression): boolean =>
    item.kind === "name" && !lookUp(scope, item.name.text).known;
  return items.some(isName) && items.every((item) => isName(item) || item.kind === "string");
}

/** `name` or `name(arguments)` as a call. */
export function asCall(expression: Expression): Call | undefined {
  if (expression.kind === "call") return expression.call;
  if (expression.kind !== "name") return undefined;
  return { callee: expression.name, arguments: [], span: expression.span };
}
