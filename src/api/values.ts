/**
 * Values from outside a spec, as a command line or a program gives them, brought into the language:
 * each becomes an expression whose span is in the words that gave it.
 */
import type { RecipeOverride } from "../check/recipe.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { givenPaths } from "../host/node-host.js";
import type { Recipe } from "../recipe/recipe.js";
import { SourceFile, type Span } from "../source/source.js";
import type { Expression } from "../syntax/ast.js";
import { parse, parseValue } from "../syntax/parse.js";
import type { RunValue } from "../train/given.js";
import { SpecError, UsageError } from "./errors.js";
import { isRecord, written } from "./written-value.js";

/** A text is read as the language writes values: `"[3, 4, 6, 3]"`, `"shapes(train: 100)"`. */
export type SpecValue = RunValue["value"];

/** A value with the words that gave it, such as `--set classes=10`, for messages. */
export type GivenValue = RunValue;

/** A value, and whether a run that goes on has kept it from when it began. */
export interface PlacedValue extends GivenValue {
  readonly kept?: boolean;
}

/** Where a value stands, in messages. */
function placeOf({ words, kept = false }: PlacedValue): string {
  if (kept) return givenPaths.run;
  return words === undefined ? givenPaths.options : givenPaths.commandLine;
}

/** The value as an expression. @throws SpecError where it is none. */
export function expressionOf(given: PlacedValue): Expression {
  const { name, words } = given;
  const text = String(given.value);
  const place = placeOf(given);
  const file = new SourceFile(place, text);
  const { expression, diagnostics } = parseValue(file);
  const whole = new SourceFile(place, words ?? `${name}=${text}`);
  const offset = whole.text.lastIndexOf(text);
  if (diagnostics.length > 0) throw new SpecError(moved(diagnostics, file, whole, offset));
  if (expression === undefined) throw new UsageError(`the value of ${name} is not one value`);
  return moved(expression, file, whole, offset);
}

/** A setting's value. @throws SpecError where it is none, with what was meant where that can be told. */
function settingValue(setting: string, given: PlacedValue): RecipeOverride["value"] {
  try {
    return valueOrChain(setting, given);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const text = String(given.value);
    const meant = meantBy(setting, text).find((value) => isRead(setting, { ...given, value }));
    const [first, ...rest] = error.diagnostics;
    if (meant === undefined || first === undefined) throw error;
    const help = { text: `did you mean \`${setting}=${meant}\`?` };
    throw new SpecError([{ ...first, help }, ...rest]);
  }
}

/** The settings whose values are steps in braces. */
const ofSteps: readonly string[] = ["preprocess", "augment"] satisfies (keyof Recipe)[];

/** What a text that is no value may have been meant as: steps, a call, names of places. */
function meantBy(setting: string, text: string): readonly string[] {
  if (text.trim() === "") return [];
  const call = /^\s*([A-Za-z]+)\s+(.+?)\s*$/.exec(text);
  const places = text.split(",").map((place) => place.trim());
  return [
    ...(ofSteps.includes(setting) || text.includes("->") ? [`{ ${text} }`] : []),
    ...(call === null ? [] : [`${call[1]}(${call[2]})`]),
    ...(places.every((place) => /^[A-Za-z][\w.]*$/.test(place))
      ? [`[${places.map((place) => `"${place}"`).join(", ")}]`]
      : []),
  ];
}

function isRead(setting: string, given: PlacedValue): boolean {
  try {
    valueOrChain(setting, given);
    return true;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

/** A setting's value, which may be a chain in braces. @throws SpecError where it is none. */
function valueOrChain(setting: string, given: PlacedValue): RecipeOverride["value"] {
  const text = String(given.value);
  if (!text.startsWith("{")) return expressionOf(given);
  const before = `train recipe for Network {\n${setting} `;
  const place = placeOf(given);
  const file = new SourceFile(place, `${before}${text}\n}\n`);
  const { unit, diagnostics } = parse(file);
  const whole = new SourceFile(place, given.words ?? `${given.name}=${text}`);
  const offset = whole.text.lastIndexOf(text) - before.length;
  if (diagnostics.length > 0) throw new SpecError(moved(diagnostics, file, whole, offset));
  const [declaration] = unit.declarations;
  const value = declaration?.kind === "train" ? declaration.settings[0]?.value : undefined;
  if (value === undefined) throw new UsageError(`the value of ${given.name} is not one value`);
  return moved(value, file, whole, offset);
}

/** Plain data with every span in `from` moved to where the same text stands in `to`. */
function moved<T>(data: T, from: SourceFile, to: SourceFile, offset: number): T {
  if (Array.isArray(data)) {
    return data.map((item: unknown) => moved(item, from, to, offset)) as T;
  }
  if (typeof data !== "object" || data === null || data instanceof SourceFile) return data;
  if (isSpan(data) && data.file === from) {
    return to.span(data.start + offset, data.end + offset) as T;
  }
  return Object.fromEntries(
    Object.entries(data).map(([key, inner]) => [key, moved<unknown>(inner, from, to, offset)]),
  ) as T;
}

function isSpan(data: object): data is Span {
  return "file" in data && "start" in data && "end" in data;
}

/** Network parameters by name. @throws SpecError where a value is none. */
export function parametersOf(given: readonly PlacedValue[]): ReadonlyMap<string, Expression> {
  return new Map(given.map((each) => [each.name, expressionOf(each)]));
}

/** `optimizer.rate` is an argument of a setting, `epochs` a setting. @throws SpecError likewise. */
export function overrideOf(given: PlacedValue): RecipeOverride {
  const [setting = "", argument, ...rest] = given.name.split(".");
  if (setting === "" || argument === "" || rest.length > 0) {
    throw new UsageError(
      `\`${given.name}\` is no value of a recipe`,
      "write `epochs=3`, or `optimizer.rate=0.05` for an argument of a setting",
    );
  }
  const value = argument === undefined ? settingValue(setting, given) : expressionOf(given);
  return { setting, value, ...(argument !== undefined && { argument }) };
}

/**
 * Values by name, as a program gives them, or one after the other, with the words that gave them. None is undefined, as
 * an option may be: what a program misspells of its own would train with another number of epochs.
 */
export type GivenValues = Readonly<Record<string, SpecValue>> | readonly GivenValue[];

/**
 * Values one after the other. What types promise, a program in JavaScript may not keep: a text would be taken
 * letter by letter.
 *
 * @param option whose they are: `parameters`, `recipe`.
 * @throws UsageError where they are no values by name.
 */
export function givenValues(
  option: "parameters" | "recipe",
  given: GivenValues = {},
): readonly GivenValue[] {
  const example = option === "parameters" ? "{ classes: 10 }" : "{ epochs: 3 }";
  if (!isList(given) && !isRecord(given)) {
    throw new UsageError(
      `\`${option}\` are values by name, not ${written(given)}`,
      `give an object, such as \`${example}\``,
    );
  }
  const values = isList(given)
    ? given
    : Object.entries(given).map(([name, value]) => ({ name, value }));
  for (const each of values as readonly unknown[]) checkGiven(option, each, example);
  return values;
}

function isList(given: GivenValues): given is readonly GivenValue[] {
  return Array.isArray(given);
}

function checkGiven(option: string, given: unknown, example: string): void {
  const { name, value, words } = (given ?? {}) as Partial<Record<keyof GivenValue, unknown>>;
  if (typeof name !== "string") {
    throw new UsageError(
      `a value of \`${option}\` has no name: ${written(given)}`,
      `give an object, such as \`${example}\``,
    );
  }
  const isWords = typeof words === "string" && words.includes(String(value));
  if (words !== undefined && !isWords) {
    throw new UsageError(
      `the \`words\` of ${name} do not hold its value: ${written(words)}`,
      `give the words that the value stands in, such as \`--epochs 3\`, or leave them out`,
    );
  }
  if (["number", "boolean", "string"].includes(typeof value)) return;
  const shown = written(value);
  throw new UsageError(
    `${name} is no number, boolean or text: ${shown}`,
    Array.isArray(value)
      ? `give the text that the language writes, \`${JSON.stringify(shown)}\``
      : "give a number, a boolean, or a text as the language writes it; leave out what has no value",
  );
}

/** What `diagnostics` hold that stops everything after. */
export function errorsIn(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
