/** Paddings by the names that PyTorch and Keras have for them. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import type { Argument } from "../syntax/ast.js";
import { leaveOut } from "./argument-edits.js";
import type { Slot } from "./slots.js";

/** What a padding is here. */
export const paddingWanted = "a whole number from 0 to 1,000,000, or a pair such as [1, 2]";

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
export function paddingHelp(argument: Argument, slots: readonly Slot[]): Help | undefined {
  const word = paddingIn(argument);
  if (word === undefined || !slots.some(({ name }) => name === "pad")) return undefined;
  const text = paddings[word] ?? "";
  if (word === "same") return leaveOut(argument, text);
  return { text, edits: [{ span: argument.span, text: "pad: 0" }] };
}

/** Whether an argument is a padding by a name that is none here. */
export function isPaddingName(argument: Argument, slots: readonly Slot[]): boolean {
  const takesPadding = slots.some(({ name }) => name === "pad");
  return takesPadding && argument.value.kind === "name" && paddingIn(argument) !== undefined;
}

/** What is said of `pad: same`; undefined of any other argument. @param callee in backquotes. */
export function paddingFinding(
  argument: Argument,
  callee: string,
  slots: readonly Slot[],
): Diagnostic | undefined {
  const help = paddingHelp(argument, slots);
  if (help === undefined) return undefined;
  const found = `\`${textOf(argument.value.span)}\``;
  const holes = { name: "pad", callee, expected: paddingWanted, found };
  return diagnostic("R0209", argument.span, holes, { help });
}
