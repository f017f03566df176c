/** The settings of a recipe as they are written: where a finding about one stands, and what its edits replace. */
import type { SettingPlace } from "../recipe/fit/misfit.js";
import type { Span } from "../source/source.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, Expression, Setting, TrainDeclaration } from "../syntax/ast.js";
import { isChain } from "../syntax/ast.js";
import { argumentOf } from "./arguments.js";
import { kindSlots } from "./recipe-settings.js";

/** A recipe with its settings, in the file or on a command line. */
export type WrittenRecipe = Pick<TrainDeclaration, "name" | "network" | "settings">;

function settingNamed({ settings }: WrittenRecipe, key: string): Setting | undefined {
  return settings.find((setting) => setting.key.text === key);
}

/** Where a setting is written; the recipe's name where it is left out. */
export function settingSpan(recipe: WrittenRecipe, key: string): Span {
  return settingNamed(recipe, key)?.span ?? recipe.name.span;
}

/** The calls of a setting: that of `optimizer sgd(0.1)`, or the steps of `augment { flip -> crop 32 }`. */
export function settingCalls(recipe: WrittenRecipe, key: string): readonly Call[] {
  const value = settingNamed(recipe, key)?.value;
  if (value === undefined) return [];
  if (isChain(value))
    return value.steps.flatMap((step) => (step.kind === "call" ? [step.call] : []));
  return value.kind === "call" ? [value.call] : [];
}

/** Where a part of a recipe is written; the nearest that is about it where it is left out. */
export function placeSpan(recipe: WrittenRecipe, place: SettingPlace): Span {
  const { setting: key, step = 0, argument, item } = place;
  if (key === "network") return recipe.network.span;
  const setting = settingNamed(recipe, key);
  if (setting === undefined) return recipe.name.span;
  const { value } = setting;
  const call = settingCalls(recipe, key)[step];
  const slots = (call && kindSlots(key, call.callee.text)) ?? [];
  const given = call && argument !== undefined ? argumentOf(call, slots, argument) : undefined;
  if (given !== undefined) return itemOf(given.value, item).span;
  if (call !== undefined && (place.step !== undefined || !isChain(value))) return call.span;
  if (isChain(value)) return setting.key.span;
  return itemOf(value, item).span;
}

function itemOf(value: Expression, item: number | undefined): Expression {
  if (value.kind !== "list" || item === undefined) return value;
  return value.items[item] ?? value;
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
export function isNumber({ span }: Pick<Expression, "span">): boolean {
  return /^[\d_.]+(e-?\d+)?$/i.test(textOf(span));
}
