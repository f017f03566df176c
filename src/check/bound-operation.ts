/** The arguments of an operation as the numbers that it computes with. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import type { ArgumentKind, ArgumentSignature, BoundArguments } from "../ops/operation.js";
import { textOf } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";
import { matchArguments } from "./arguments.js";
import { paddingFinding, paddingWanted } from "./padding-slips.js";
import { evaluate } from "./evaluate.js";
import { blame, blameWithin, givenWithin, lookUp, reportOfBody, type Scope } from "./scope.js";
import { describeValue, type Value } from "./value.js";

const wanted: Readonly<Record<ArgumentKind, string>> = {
  window: "a whole number from 1 to 1,000,000, or a pair such as 3x3",
  count: "a whole number from 1 to 1,000,000",
  padding: paddingWanted,
  flag: "true or false",
  number: "a number of at least 0",
  rate: "a number from 0 to below 1",
};

/** The largest number that a channel count, a kernel, a stride or a padding may be. */
export const sizeLimit = 1_000_000;

/** How many channels a value may come to, by `flatten` or `concat`. */
export const channelLimit = 1_000_000_000;

/** The arguments of an operation that are right, and the names of those that are not. */
export interface BoundOperation {
  readonly bound: BoundArguments;
  readonly faulty: ReadonlySet<string>;
  /** All of them as they are written. */
  readonly given: ReadonlyMap<string, Argument>;
}

/** Evaluates the arguments of an operation. */
export function bindOperation(
  call: Call,
  signature: readonly ArgumentSignature[],
  scope: Scope,
): BoundOperation {
  const callee = `\`${call.callee.text}\``;
  const match = matchArguments(call, callee, signature);
  for (const problem of match.problems) {
    scope.found.add({ ...problem, notes: [...problem.notes, ...scope.notes] });
  }
  const bound = new Map<string, number | boolean | Pair>();
  const faulty = new Set(match.faulty);
  for (const { name, kind } of signature) {
    const argument = match.arguments.get(name);
    if (argument === undefined) continue;
    const { value: written } = argument;
    const isKnown = written.kind === "name" && lookUp(scope, written.name.text).known;
    const foreign =
      kind === "padding" && !isKnown ? paddingFinding(argument, callee, signature) : undefined;
    if (foreign) {
      faulty.add(name);
      scope.found.add({ ...foreign, notes: scope.notes });
      continue;
    }
    const value = evaluate(written, scope);
    const fitted = value && fit(value, kind);
    if (fitted !== undefined) bound.set(name, fitted);
    else faulty.add(name);
    if (value && fitted === undefined) {
      const holes = {
        name: name === "stride" ? "/stride" : name,
        callee,
        expected: wanted[kind],
        found: describeValue(value),
      };
      const { at, related } = blame(scope, argument.value);
      if (at !== argument.value.span) {
        scope.found.add(diagnostic("R0209", at, holes, { related, notes: scope.notes }));
      } else {
        const help = roundedDown(argument, value);
        const found = diagnostic("R0209", argument.span, holes, { related, ...(help && { help }) });
        reportComputed(scope, argument, found, kind);
      }
    } else if (value && scope.calls) scope.found.sound(argument);
  }
  // Problems without a slot of their own: one argument too many.
  if (match.problems.length > 0 && faulty.size === 0) faulty.add("");
  return { bound, faulty, given: match.arguments };
}

/** What rounds a quotient that comes to no whole number, which nothing does by itself. */
function roundedDown({ value: written, slash }: Argument, value: Value): Help | undefined {
  if (written.kind !== "binary" || slash || value.kind !== "number") return undefined;
  if (Number.isInteger(value.value) || value.value < 1) return undefined;
  const text = `floor(${textOf(written.span)})`;
  const edits = [{ span: written.span, text }];
  return { text: `\`${text}\` rounds it down`, edits, applicability: "unsafe" };
}

/**
 * Reports an argument whose value is computed: where an argument of the block was given that what is computed
 * rests on, if that is none either, or if the computing is right in other uses.
 */
function reportComputed(
  scope: Scope,
  argument: Argument,
  found: Diagnostic,
  kind: ArgumentKind,
): void {
  const { name, given } = givenWithin(scope, argument.value) ?? {};
  const value = name === undefined ? undefined : scope.values.get(name);
  const at = given && blameWithin(scope, argument.value);
  if (at === undefined) scope.found.add({ ...found, notes: scope.notes });
  else if (value === undefined || fit(value, kind) !== undefined) {
    reportOfBody(scope, argument, found, at);
  } else {
    const related = [{ span: argument.span, text: "it is used here" }, ...found.related];
    scope.found.add({ ...found, span: at, related, notes: scope.notes });
  }
}

function fit(value: Value, kind: ArgumentKind): number | boolean | Pair | undefined {
  switch (kind) {
    case "window":
      return pairOf(value, 1);
    case "padding":
      return pairOf(value, 0);
    case "count":
      return value.kind === "number" && isWhole(value.value, 1) ? value.value : undefined;
    case "flag":
      return value.kind === "boolean" ? value.value : undefined;
    case "number":
      return value.kind === "number" && value.value >= 0 ? value.value : undefined;
    case "rate":
      return value.kind === "number" && value.value >= 0 && value.value < 1
        ? value.value
        : undefined;
  }
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value <= sizeLimit;
}

/** Height and width: `3x3`, `[3, 5]`, or one number for both. */
function pairOf(value: Value, least: number): Pair | undefined {
  const numbers =
    value.kind === "number"
      ? [value.value, value.value]
      : value.kind === "dimensions"
        ? value.values
        : value.kind === "list"
          ? value.items.map((item) => (item.kind === "number" ? item.value : Number.NaN))
          : [];
  const [height, width] = numbers;
  if (numbers.length !== 2 || height === undefined || width === undefined) return undefined;
  return isWhole(height, least) && isWhole(width, least) ? [height, width] : undefined;
}
