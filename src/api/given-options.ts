/**
 * The options of a call as tables, one for each call, and the refusal of what is not in them. Types keep a program
 * in TypeScript from an option that there is not; one in JavaScript would have it go by in silence, and train for
 * hours with another number of epochs than it asked for.
 */
import { nearest } from "../diagnostics/nearest.js";
import { enumerated } from "../diagnostics/lists.js";
import { settingDocs } from "../recipe/setting-docs.js";
import { UsageError } from "./errors.js";
import { isRecord, written } from "./written-value.js";

/** What an option must be: one of a list of words, or of a kind; `open` is told by what reads it. */
export type OptionKind =
  | "text"
  | "flag"
  | "minutes"
  | "port"
  | "count"
  | "seed"
  | "columns"
  | "configuration"
  | "function"
  | "signal"
  | "open"
  | readonly string[];

/** Every option of a call. A table that lacks one, or has one too many, does not compile. */
export type OptionTable<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

/**
 * Refuses options that a call does not know, and values of another kind than they are.
 *
 * @param call such as "evaluate".
 * @throws UsageError for the first, with what was meant where that can be told.
 */
export function checkOptions(
  call: string,
  given: unknown,
  table: Readonly<Record<string, OptionKind>>,
): void {
  if (!isRecord(given)) {
    throw new UsageError(
      `the options of \`${call}\` are an object, not ${written(given)}`,
      `it takes ${listed(Object.keys(table))}`,
    );
  }
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined) throw unknownOption(call, name, Object.keys(table));
    if (value !== undefined) checkValue(name, value, kind);
  }
}

/** What the command line, or another part of a call, names otherwise. */
const otherNames: Readonly<Record<string, string>> = {
  output: "folder",
  run: "folder",
  set: "parameters",
  with: "recipe",
};

function unknownOption(call: string, name: string, names: readonly string[]): UsageError {
  const other = otherNames[name];
  const meant = other !== undefined && names.includes(other) ? other : nearest(name, names);
  const all = `\`${call}\` takes ${listed(names)}`;
  return new UsageError(`\`${call}\` has no option \`${name}\``, hint(name, meant, names) ?? all);
}

function hint(name: string, meant: string | undefined, names: readonly string[]) {
  const inRecipe = name === "rate" ? '"optimizer.rate"' : name;
  if (names.includes("recipe") && (name === "rate" || Object.hasOwn(settingDocs, name))) {
    return `it is a value of the recipe: \`recipe: { ${inRecipe}: … }\``;
  }
  if (meant === undefined) return undefined;
  const others = names.filter((each) => each !== meant);
  if (others.length === 0) return `did you mean \`${meant}\`?`;
  return `did you mean \`${meant}\`? There are also ${listed(others)}`;
}

const kinds: Readonly<
  Record<
    Exclude<OptionKind, readonly string[]>,
    { readonly words: string; readonly fits: (value: unknown) => boolean }
  >
> = {
  text: { words: "a text", fits: (value) => typeof value === "string" },
  flag: { words: "true or false", fits: (value) => typeof value === "boolean" },
  minutes: {
    words: "a number of minutes, 0 or more",
    fits: (value) => typeof value === "number" && value >= 0,
  },
  port: {
    words: "true, false, or a port from 0 to 65535",
    fits: (value) => typeof value === "boolean" || (isWhole(value) && value >= 0 && value < 65_536),
  },
  count: { words: "a whole number above 0", fits: (value) => isWhole(value) && value > 0 },
  seed: {
    words: "a whole number from 0 to 4294967295",
    fits: (value) => isWhole(value) && value >= 0 && value < 2 ** 32,
  },
  columns: {
    words: "a whole number of columns, 0 or more",
    fits: (value) => value === Infinity || (isWhole(value) && value >= 0),
  },
  configuration: {
    words: "the path of a configuration, or false for none",
    fits: (value) => typeof value === "string" || value === false,
  },
  function: { words: "a function", fits: (value) => typeof value === "function" },
  signal: { words: "an AbortSignal", fits: (value) => value instanceof AbortSignal },
  open: { words: "anything", fits: () => true },
};

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function checkValue(name: string, value: unknown, kind: OptionKind): void {
  if (typeof kind !== "string") {
    if (kind.some((word) => word === value)) return;
    const near = typeof value === "string" ? nearest(value, kind) : undefined;
    const all = `it is ${listed(kind, "or", '"')}`;
    throw new UsageError(
      `\`${name}\` cannot be ${written(value)}`,
      near === undefined ? all : `did you mean "${near}"? It is ${listed(kind, "or", '"')}`,
    );
  }
  const { words, fits } = kinds[kind];
  if (fits(value)) return;
  const example =
    kind === "signal" ? "give the `signal` of an AbortController, or" : `give one, or`;
  throw new UsageError(`\`${name}\` is ${words}, not ${written(value)}`, `${example} leave it out`);
}

function listed(names: readonly string[], word: "and" | "or" = "and", quote = "`"): string {
  const quoted = names.map((name) => `${quote}${name}${quote}`);
  return enumerated(quoted, word);
}
