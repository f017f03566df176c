/** The settings of a recipe as they are written: where a finding about one stands, and what its edits replace. */
import type { Argument, Call, Expression, TrainDeclaration } from "../syntax/ast.js";
import { isChain } from "../syntax/ast.js";
import type { Span } from "../source/source.js";
import { textOf } from "../source/source.js";

/** Where a setting is written; the recipe's name where it is left out. */
export function settingSpan({ settings, name }: TrainDeclaration, key: string): Span {
  return settings.find((setting) => setting.key.text === key)?.span ?? name.span;
}

/** The calls of a setting: that of `optimizer sgd(0.1)`, or the steps of `augment { flip -> crop 32 }`. */
export function settingCalls({ settings }: TrainDeclaration, key: string): readonly Call[] {
  const value = settings.find((setting) => setting.key.text === key)?.value;
  if (value === undefined) return [];
  if (isChain(value))
    return value.steps.flatMap((step) => (step.kind === "call" ? [step.call] : []));
  return value.kind === "call" ? [value.call] : [];
}

/** The argument of a call by its name, or the first without one. */
export function argumentNamed(
  { arguments: given }: Call,
  name: string,
  isFirst = false,
): Argument | undefined {
  const named = given.find((argument) => argument.name?.text === name);
  return named ?? (isFirst ? given.find((argument) => argument.name === undefined) : undefined);
}

/** Whether an expression is a number as it is written, which an edit may replace. */
export function isNumber({ span }: Expression): boolean {
  return /^[\d_.]+(e-?\d+)?$/i.test(textOf(span));
}
