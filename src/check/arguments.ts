/**
 * Matches the arguments of a call with what the callee takes: by name, then by position. What does
 * not match is reported at the argument; what does is bound.
 */
import { enumerated } from "../diagnostics/lists.js";
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import { isWrittenOperation } from "../ops/registry.js";
import type { ArgumentKind, ArgumentSignature, BoundArguments } from "../ops/operation.js";
import { textOf, type Span } from "../source/source.js";
import type { Argument, Call, Expression, Parameter } from "../syntax/ast.js";
import { leftOut } from "./argument-edits.js";
import { argumentElsewhere } from "./arguments-elsewhere.js";
import { evaluate } from "./evaluate.js";
import { blame, blameWithin, givenWithin, lookUp, reportOfBody, type Scope } from "./scope.js";
import { nearest } from "../diagnostics/nearest.js";
import { isSlip, suggestion } from "./suggestion.js";
import { describeValue, type Value } from "./value.js";

/** What a callee takes, whatever it is. */
export interface Slot {
  readonly name: string;
  readonly positional: boolean;
  readonly required: boolean;
  /** Where it is declared, for what a file declares. */
  readonly declared?: Span;
  /** What reads its value, for what a recipe takes; undefined for a value that is none. */
  readonly reader?: { read(value: Value): unknown };
}

export interface Match {
  readonly arguments: ReadonlyMap<string, Argument>;
  readonly problems: readonly Diagnostic[];
  /** The slots that the problems leave without a value that was meant. */
  readonly faulty: ReadonlySet<string>;
}

/** The slots of a block's or a network's parameters. */
export function parameterSlots(parameters: readonly Parameter[]): Slot[] {
  return parameters.map(({ name, default: value }) => ({
    name: name.text,
    positional: true,
    required: value === undefined,
    declared: name.span,
  }));
}

/** Matches arguments with slots by name and position. */
export function matchArguments(call: Call, callee: string, slots: readonly Slot[]): Match {
  const matched = new Map<string, Argument>();
  const faulty = new Set<string>();
  const problems: Diagnostic[] = [];
  const positional = slots.filter((slot) => slot.positional);
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  const meant: Argument[] = [];
  const unnamed = unnamedOf(call, slots);
  if (unnamed.length > 0) problems.push(withoutNames(unnamed, callee, positional.length));
  for (const { slot } of unnamed) faulty.add(slot.name);
  let next = 0;
  for (const argument of call.arguments) {
    const slot = argument.name ? byName.get(argument.name.text) : positional[next++];
    const first = slot && matched.get(slot.name);
    if (first && slot) {
      const related = [{ span: first.span, text: "given here first" }];
      const same = textOf(first.value.span) === textOf(argument.value.span);
      const help = leaveOut(argument, "leave one of them out");
      const { applicability: _unsafe, ...safe } = help;
      const details = { related, help: same ? safe : help };
      problems.push(diagnostic("R0208", argument.span, { callee, name: slot.name }, details));
      faulty.add(slot.name);
    } else if (slot) matched.set(slot.name, argument);
    else if (argument.name) meant.push(argument);
    else if (unnamed.length === 0) problems.push(oneTooMany(argument, call, callee, slots));
  }
  for (const argument of meant) {
    // What a command line gives may be meant for one that the file has: it takes its place.
    const isGiven = argument.span.file !== call.callee.span.file;
    const free = slots.flatMap(({ name }) => (isGiven || !matched.has(name) ? [name] : []));
    const mean = meantBy(argument, free);
    problems.push(misnamed(argument, callee, slots, free, mean));
    if (mean.isSuperfluous) continue;
    for (const name of mean.own === undefined ? free : [mean.own]) faulty.add(name);
  }
  const missing = slots.filter(
    ({ name, required }) => required && !matched.has(name) && !faulty.has(name),
  );
  if (missing.length > 0) {
    problems.push(missed(call, callee, slots, missing));
    for (const { name } of missing) faulty.add(name);
  }
  return { arguments: matched, problems, faulty };
}

/** The argument that a call gives for one of the names that its callee takes, by that name or by its place. */
export function argumentOf(call: Call, slots: readonly Slot[], name: string): Argument | undefined {
  return matchArguments(call, call.callee.text, slots).arguments.get(name);
}

/** What is said of an argument that there is not, and the one that it is meant to be, as far as that can be told. */
interface Meant {
  readonly own?: string | undefined;
  readonly help?: Help;
  /** Whether it stands for none of them, so that all of them are as they are given. */
  readonly isSuperfluous?: true;
}

/** A slip of spelling comes before a sentence that names no argument of ours; a word of the field does not. */
function meantBy(argument: Argument, free: readonly string[]): Meant {
  const { name, slash } = argument;
  if (slash || name === undefined) return {};
  const elsewhere = argumentElsewhere(name, free);
  if (elsewhere?.superfluous)
    return { help: leaveOut(argument, elsewhere.help.text), isSuperfluous: true };
  const own = nearest(name.text, free);
  if (elsewhere && (elsewhere.own !== undefined || own === undefined || !isSlip(name.text, own))) {
    return elsewhere;
  }
  const help = own === undefined ? undefined : suggestion(name, free);
  return { own, ...(help && { help }) };
}

function misnamed(
  argument: Argument,
  callee: string,
  slots: readonly Slot[],
  free: readonly string[],
  meant: Meant,
): Diagnostic {
  const padding = paddingHelp(argument, slots);
  if (padding !== undefined) {
    const holes = { callee, name: argument.name?.text ?? "" };
    return diagnostic("R0205", argument.span, holes, { help: padding });
  }
  const name = argument.slash ? "/stride" : (argument.name?.text ?? "");
  const isOfBlock = argument.slash && slots.some(({ declared }) => declared);
  const otherwise = isOfBlock ? strideOf(argument, slots, free) : leaveOut(argument, takes(slots));
  const help = meant.help ?? otherwise;
  return diagnostic("R0205", argument.span, { callee, name }, { help });
}

/** What a stride behind a slash is for, of a block that has no parameter for it. */
function strideOf(argument: Argument, slots: readonly Slot[], free: readonly string[]): Help {
  const written = textOf(argument.value.span);
  const gives = `\`/${written}\` gives a parameter named \`stride\``;
  const [only, ...more] = free;
  if (only === undefined || more.length > 0) return leaveOut(argument, `${gives}; ${takes(slots)}`);
  const text = `${only}: ${written}`;
  return {
    text: `${gives}: give \`${only}\` that name, or write \`${text}\``,
    edits: [{ span: argument.span, text }],
    applicability: "unsafe",
  };
}

function oneTooMany(
  argument: Argument,
  call: Call,
  callee: string,
  slots: readonly Slot[],
): Diagnostic {
  const most = slots.filter(({ positional }) => positional).length;
  const holes = { callee, most: atMost(most, slots.length > most) };
  const text = slots.length === 0 ? "leave it out" : takes(slots);
  const help = isStepName(argument)
    ? joined(argument)
    : (paddingHelp(argument, slots) ??
      byItsName(argument, call, slots) ??
      leaveOut(argument, text));
  return diagnostic("R0206", argument.span, holes, { help });
}

/** How many arguments there may be, and whether others may be given by their name. */
function atMost(most: number, named: boolean): string {
  const count = most === 0 ? "no" : most === 1 ? "one" : String(most);
  return `${count} argument${most === 1 ? "" : "s"}${named ? " without a name" : ""}`;
}

interface Unnamed {
  readonly argument: Argument;
  readonly slot: Slot;
}

/**
 * What a kind of a recipe is given without a name, beyond what may be, with the slots that all of it fits in their
 * order: `normalize(0.5, 0.5)`; empty where some of it fits none.
 */
function unnamedOf({ arguments: given }: Call, slots: readonly Slot[]): readonly Unnamed[] {
  const positional = slots.filter((slot) => slot.positional).length;
  const beyond = given.filter(({ name }) => name === undefined).slice(positional);
  const named = slots.filter((slot) => !slot.positional);
  const free = named.filter(({ name }) => !given.some((each) => each.name?.text === name));
  const fitting = beyond.flatMap((argument, index): readonly Unnamed[] => {
    const slot = free[index];
    const value = literal(argument.value);
    const fits = value !== undefined && slot?.reader?.read(value) !== undefined;
    return fits && slot ? [{ argument, slot }] : [];
  });
  return fitting.length === beyond.length ? fitting : [];
}

/** The value of an expression that is a number, true or false, or a list of such as it is written. */
function literal(expression: Expression): Value | undefined {
  if (expression.kind === "number") return { kind: "number", value: expression.value };
  if (expression.kind === "name" && ["true", "false"].includes(expression.name.text)) {
    return { kind: "boolean", value: expression.name.text === "true" };
  }
  if (expression.kind !== "list") return undefined;
  const items = expression.items.map(literal).filter((item) => item !== undefined);
  return items.length === expression.items.length ? { kind: "list", items } : undefined;
}

/** What is said of arguments that stand without the names they are given by, which is one mistake. */
function withoutNames(unnamed: readonly Unnamed[], callee: string, most: number): Diagnostic {
  const [first] = unnamed as readonly [Unnamed, ...Unnamed[]];
  const written = unnamed.map(
    ({ argument, slot }) => `${slot.name}: ${textOf(argument.value.span)}`,
  );
  const edits = unnamed.map(({ argument: { span }, slot }) => ({
    span: span.file.span(span.start, span.start),
    text: `${slot.name}: `,
  }));
  const text = `give ${unnamed.length === 1 ? "it by its name" : "them by their names"}: \`${written.join(", ")}\``;
  const help: Help = { text, edits, applicability: "unsafe" };
  const holes = { callee, most: atMost(most, true) };
  return diagnostic("R0206", first.argument.span, holes, { help });
}

/** What is given without its name where PyTorch and Keras take it so: a stride, and the padding behind it. */
function byItsName(
  { value, span }: Argument,
  { arguments: given }: Call,
  slots: readonly Slot[],
): Help | undefined {
  const positional = slots.filter((slot) => slot.positional).length;
  const unnamed = given.filter(({ name }) => name === undefined);
  const index = unnamed.findIndex((each) => each.span === span) - positional;
  const free = (name: string): boolean =>
    slots.some((slot) => slot.name === name && !slot.positional) &&
    !given.some((each) => each.name?.text === name);
  const isNumber = value.kind === "number" && Number.isInteger(value.value) && value.value >= 0;
  const put = (text: string, words: string, isSure: boolean): Help => ({
    text: words,
    edits: [{ span: span.file.span(span.start, span.start), text }],
    ...(!isSure && { applicability: "unsafe" }),
  });
  const written = textOf(value.span);
  const isStride = value.kind === "name" && /^strides?$/i.test(value.name.text);
  const mayBeStride = isStride || (isNumber && value.value >= 1 && value.value <= 8);
  if (index <= 1 && free("stride") && (isStride || (index === 0 && mayBeStride))) {
    return put("/", `a stride is written \`/${written}\``, isStride);
  }
  if (index === 1 && free("pad") && isNumber) {
    return put("pad: ", `a padding is written \`pad: ${written}\``, false);
  }
  return undefined;
}

/** What paddings are called in PyTorch and Keras, and what is written here instead. */
const paddings: Readonly<Record<string, string>> = {
  same: "nothing need be written: k // 2 on each side keeps the size, and is what a window of odd size has; other paddings are numbers, `pad: 1`",
  valid: "a padding is a number: `pad: 0` for none",
};

/** The padding of PyTorch and Keras that an argument speaks of. */
function paddingIn({ name, value }: Argument): string | undefined {
  if (name !== undefined && name.text !== "pad" && name.text !== "padding") return undefined;
  const text =
    value.kind === "name" ? value.name.text : value.kind === "string" ? value.value : undefined;
  const word = text?.toLowerCase();
  return word !== undefined && Object.hasOwn(paddings, word) ? word : undefined;
}

/** What is written for `padding: same`. */
function paddingHelp(argument: Argument, slots: readonly Slot[]): Help | undefined {
  const word = paddingIn(argument);
  if (word === undefined || !slots.some(({ name }) => name === "pad")) return undefined;
  const text = paddings[word] ?? "";
  if (word === "same") return leaveOut(argument, text);
  return { text, edits: [{ span: argument.span, text: "pad: 0" }] };
}

/** Whether an argument is a padding by a name that is none here, which is reported as such. */
export function isPaddingName(argument: Argument, slots: readonly Slot[]): boolean {
  const takesPadding = slots.some(({ name }) => name === "pad");
  return takesPadding && argument.value.kind === "name" && paddingIn(argument) !== undefined;
}

/** A step behind a comma that was meant to be an arrow. */
function joined({ span }: Argument): Help {
  const text = "operations are joined by `->`";
  const { file, start } = span;
  const comma = /,\s*$/.exec(file.text.slice(0, start));
  return comma
    ? { text, edits: [{ span: file.span(comma.index, start), text: " -> " }] }
    : { text };
}

/** The help that leaves an argument out: a guess, as its value was meant for something. */
function leaveOut(argument: Argument, text: string): Help {
  return { text, edits: [leftOut(argument)], applicability: "unsafe" };
}

/** Whether an argument is the bare name of an operation, most often a step that lacks its arrow. */
export function isStepName({ name, value }: Argument): boolean {
  return name === undefined && value.kind === "name" && isWrittenOperation(value.name.text);
}

function missed(
  call: Call,
  callee: string,
  slots: readonly Slot[],
  missing: readonly Slot[],
): Diagnostic {
  const names = missing.map(({ name }) => `\`${name}\``);
  const related = missing.slice(0, 3).flatMap(({ declared, name }) => {
    return declared ? [{ span: declared, text: `\`${name}\` has no default` }] : [];
  });
  const holes = { callee, names: enumerated(names, "and") };
  return diagnostic("R0207", call.span, holes, { related, help: takes(slots) });
}

/** How many slots a message lists. */
const slotsShown = 10;

function takes(slots: readonly Slot[]): string {
  if (slots.length === 0) return "it takes none";
  const shown = slots.slice(0, slotsShown).map(printSlot);
  return `it takes ${shown.join(", ")}${slots.length > slotsShown ? ", …" : ""}`;
}

function printSlot({ name, required }: Slot): string {
  const shown = name === "stride" ? "/stride" : name;
  return required ? `\`${shown}\`` : `\`${shown}\` (optional)`;
}

const wanted: Readonly<Record<ArgumentKind, string>> = {
  window: "a whole number from 1 to 1,000,000, or a pair such as 3x3",
  count: "a whole number from 1 to 1,000,000",
  padding: "a whole number from 0 to 1,000,000, or a pair such as [1, 2]",
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
    const padding = kind === "padding" ? paddingHelp(argument, signature) : undefined;
    const { value: written } = argument;
    if (padding && !(written.kind === "name" && lookUp(scope, written.name.text).known)) {
      faulty.add(name);
      const found = `\`${textOf(written.span)}\``;
      const holes = { name, callee, expected: wanted[kind], found };
      const details = { help: padding, notes: scope.notes };
      scope.found.add(diagnostic("R0209", argument.span, holes, details));
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
        const found = diagnostic("R0209", argument.span, holes, { related });
        reportComputed(scope, argument, found, kind);
      }
    } else if (value && scope.calls) scope.found.sound(argument);
  }
  // Problems without a slot of their own: one argument too many.
  if (match.problems.length > 0 && faulty.size === 0) faulty.add("");
  return { bound, faulty, given: match.arguments };
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
