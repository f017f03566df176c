/** What is said of arguments that no callee takes as they stand: misnamed, without their name, one too many, or missing. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { enumerated } from "../diagnostics/lists.js";
import { nearest } from "../diagnostics/nearest.js";
import { isWrittenOperation } from "../ops/registry.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, Expression } from "../syntax/ast.js";
import { leaveOut } from "./argument-edits.js";
import { argumentElsewhere } from "./arguments-elsewhere.js";
import { paddingHelp } from "./padding-slips.js";
import { takes, type Slot } from "./slots.js";
import { isSlip, suggestion } from "./suggestion.js";
import type { Value } from "./value.js";

/** What is said of an argument that there is not, and the one that it is meant to be, as far as that can be told. */
export interface Meant {
  readonly own?: string | undefined;
  readonly help?: Help;
  /** Whether it stands for none of them, so that all of them are as they are given. */
  readonly isSuperfluous?: true;
}

/** A slip of spelling comes before a sentence that names no argument of ours; a word of the field does not. */
export function meantBy(argument: Argument, free: readonly string[]): Meant {
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

export function misnamed(
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

export function oneTooMany(
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

export interface Unnamed {
  readonly slot: Slot;
  readonly argument: Argument;
  /** Where its value begins: behind a name that lacks its colon. */
  readonly start: number;
}

/**
 * What a kind of a recipe is given without a name, beyond what may be, with the slots that all of it fits in their
 * order, or whose names stand before it: `normalize(0.5, 0.5)`, `normalize mean [0.5], std [0.5]`; empty where some of it fits
 * none.
 */
export function unnamedOf({ arguments: given }: Call, slots: readonly Slot[]): readonly Unnamed[] {
  const positional = slots.filter((slot) => slot.positional).length;
  const beyond = given.filter(({ name }) => name === undefined).slice(positional);
  const named = slots.filter((slot) => !slot.positional);
  const free = named.filter(({ name }) => !given.some((each) => each.name?.text === name));
  const fitting = beyond.flatMap((argument, index): readonly Unnamed[] => {
    const colonless = behindName(argument.value, free);
    const slot = colonless?.slot ?? free[index];
    const value = colonless?.value ?? literal(argument.value);
    const fits = value !== undefined && slot?.reader?.read(value) !== undefined;
    const start = colonless?.start ?? argument.span.start;
    return fits && slot ? [{ argument, slot, start }] : [];
  });
  const isOnce = new Set(fitting.map(({ slot }) => slot)).size === fitting.length;
  return isOnce && fitting.length === beyond.length ? fitting : [];
}

/** `mean [0.5]`, which reads as a place in a list of that name. */
function behindName(
  expression: Expression,
  slots: readonly Slot[],
): { readonly slot: Slot; readonly value: Value; readonly start: number } | undefined {
  if (expression.kind !== "index" || expression.list.kind !== "name") return undefined;
  const { list, at, span } = expression;
  const slot = slots.find(({ name }) => name === list.name.text);
  const item = literal(at);
  if (slot === undefined || item === undefined) return undefined;
  const start = span.file.text.indexOf("[", list.span.end);
  return { slot, value: { kind: "list", items: [item] }, start };
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
export function withoutNames(
  unnamed: readonly Unnamed[],
  callee: string,
  most: number,
): Diagnostic {
  const [first] = unnamed as readonly [Unnamed, ...Unnamed[]];
  const written = unnamed.map(
    ({ argument: { span }, slot, start }) =>
      `${slot.name}: ${textOf(span.file.span(start, span.end))}`,
  );
  const edits = unnamed.map(({ argument: { span }, slot, start }) => ({
    span: span.file.span(span.start, start),
    text: `${slot.name}: `,
  }));
  const text = `give ${unnamed.length === 1 ? "it by its name" : "them by their names"}: \`${written.join(", ")}\``;
  const areNamed = unnamed.every(({ argument, start }) => start > argument.span.start);
  const help: Help = { text, edits, ...(!areNamed && { applicability: "unsafe" }) };
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

/** A step behind a comma that was meant to be an arrow. */
function joined({ span }: Argument): Help {
  const text = "operations are joined by `->`";
  const { file, start } = span;
  const comma = /,\s*$/.exec(file.text.slice(0, start));
  return comma
    ? { text, edits: [{ span: file.span(comma.index, start), text: " -> " }] }
    : { text };
}

/** Whether an argument is the bare name of an operation, most often a step that lacks its arrow. */
export function isStepName({ name, value }: Argument): boolean {
  return name === undefined && value.kind === "name" && isWrittenOperation(value.name.text);
}

export function missed(
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
