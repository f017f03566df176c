/**
 * Matches the arguments of a call with what the callee takes: by name, then by position. What does
 * not match is reported at the argument; what does is bound.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import type { ArgumentKind, ArgumentSignature, BoundArguments } from "../ops/operation.js";
import type { Argument, Call, Parameter } from "../syntax/ast.js";
import { evaluate } from "./evaluate.js";
import type { Scope } from "./scope.js";
import { suggestion } from "./suggestion.js";
import { describeValue, type Value } from "./value.js";

/** What a callee takes, whatever it is. */
export interface Slot {
  readonly name: string;
  readonly positional: boolean;
  readonly required: boolean;
}

export interface Match {
  readonly arguments: ReadonlyMap<string, Argument>;
  readonly problems: readonly Diagnostic[];
}

/** The slots of a block's or a network's parameters. */
export function parameterSlots(parameters: readonly Parameter[]): Slot[] {
  return parameters.map(({ name, default: value }) => ({
    name: name.text,
    positional: true,
    required: value === undefined,
  }));
}

/** Matches arguments with slots by name and position. */
export function matchArguments(call: Call, callee: string, slots: readonly Slot[]): Match {
  const matched = new Map<string, Argument>();
  const problems: Diagnostic[] = [];
  const positional = slots.filter((slot) => slot.positional);
  let next = 0;
  for (const argument of call.arguments) {
    const slot = argument.name
      ? slots.find(({ name }) => name === argument.name?.text)
      : positional[next++];
    if (slot === undefined) {
      problems.push(noSlot(argument, callee, slots, positional.length));
    } else if (matched.has(slot.name)) {
      problems.push(diagnostic("R0208", argument.span, { callee, name: slot.name }));
    } else matched.set(slot.name, argument);
  }
  const missing = slots.find(({ name, required }) => required && !matched.has(name));
  if (missing && problems.length === 0) {
    const help = `it takes ${slots.map(printSlot).join(", ")}`;
    problems.push(diagnostic("R0207", call.span, { callee, name: missing.name }, { help }));
  }
  return { arguments: matched, problems };
}

function noSlot(
  argument: Argument,
  callee: string,
  slots: readonly Slot[],
  most: number,
): Diagnostic {
  const takes =
    slots.length === 0 ? "it takes none" : `it takes ${slots.map(printSlot).join(", ")}`;
  if (argument.name) {
    const name = argument.slash ? "stride" : argument.name.text;
    const corrected = argument.slash
      ? undefined
      : suggestion(
          argument.name,
          slots.map((slot) => slot.name),
        );
    const help = corrected ?? takes;
    return diagnostic("R0205", argument.span, { callee, name }, { help });
  }
  const count = most === 0 ? "no arguments" : most === 1 ? "one argument" : `${most} arguments`;
  return diagnostic("R0206", argument.span, { callee, most: count }, { help: takes });
}

function printSlot({ name, required }: Slot): string {
  const shown = name === "stride" ? "/stride" : name;
  return required ? `\`${shown}\`` : `\`${shown}\` (optional)`;
}

const wanted: Readonly<Record<ArgumentKind, string>> = {
  window: "a whole number of at least 1, or a pair such as 3x3",
  count: "a whole number of at least 1",
  padding: "a whole number of at least 0, or a pair such as [1, 2]",
  flag: "true or false",
  number: "a number of at least 0",
  rate: "a number from 0 to below 1",
};

/** The largest number that a channel count, a kernel, a stride or a padding may be. */
export const sizeLimit = 1_000_000;

/** Evaluates the arguments of an operation. @returns undefined where one is in error. */
export function bindOperation(
  call: Call,
  signature: readonly ArgumentSignature[],
  scope: Scope,
): BoundArguments | undefined {
  const { arguments: matched, problems } = matchArguments(
    call,
    `\`${call.callee.text}\``,
    signature,
  );
  for (const problem of problems) {
    scope.found.add({ ...problem, notes: [...problem.notes, ...scope.notes] });
  }
  const bound = new Map<string, number | boolean | Pair>();
  let whole = problems.length === 0;
  for (const { name, kind } of signature) {
    const argument = matched.get(name);
    if (argument === undefined) continue;
    const value = evaluate(argument.value, scope);
    const fitted = value && fit(value, kind);
    if (fitted !== undefined) bound.set(name, fitted);
    else whole = false;
    if (value && fitted === undefined) {
      const holes = {
        name: name === "stride" ? "/stride" : name,
        callee: `\`${call.callee.text}\``,
        expected: wanted[kind],
        found: describeValue(value),
      };
      const found = diagnostic("R0209", argument.span, holes, { notes: scope.notes });
      scope.found.add(found);
    }
  }
  return whole ? bound : undefined;
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
