/** What an expression of the language comes to, and how a value is called in a message. */
import type { BlockDeclaration } from "../syntax/ast.js";
import type { Unit } from "./program.js";

export type ShortcutKind = "identity" | "project" | "project always" | "pad" | "none";

export const shortcutKinds: readonly ShortcutKind[] = [
  "identity",
  "project",
  "project always",
  "pad",
  "none",
];

export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "dimensions"; readonly values: readonly number[] }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "shortcut"; readonly form: ShortcutKind }
  | { readonly kind: "block"; readonly block: BlockDeclaration; readonly unit: Unit };

/** A value's name by its kind: "a number". */
export const kindNames: Readonly<Record<Value["kind"], string>> = {
  number: "a number",
  boolean: "true or false",
  string: "a text",
  dimensions: "dimensions",
  list: "a list",
  shortcut: "a kind of shortcut",
  block: "a block",
};

/** How many items of a list a message shows. */
const itemsShown = 8;

/** The value as a spec would write it; a long list is cut. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case "number":
    case "boolean":
      return String(value.value);
    case "string":
      return `"${value.value}"`;
    case "dimensions":
      return value.values.join("x");
    case "list": {
      const shown = value.items.slice(0, itemsShown).map(printValue);
      return `[${[...shown, ...(value.items.length > itemsShown ? ["…"] : [])].join(", ")}]`;
    }
    case "shortcut":
      return value.form;
    case "block":
      return value.block.name.text;
  }
}

const articles: Readonly<Record<Value["kind"], string>> = {
  number: "the number ",
  boolean: "",
  string: "the text ",
  dimensions: "the dimensions ",
  list: "the list ",
  shortcut: "the shortcut ",
  block: "the block ",
};

/** "the number 3.5", "the list [1, 2]": the kind and the value. */
export function describeValue(value: Value): string {
  return `${articles[value.kind]}${printValue(value)}`;
}

/** Whether two values are the same. @param spend is told how many items are compared. */
export function sameValue(left: Value, right: Value, spend: (work: number) => void): boolean {
  if (left === right) return true;
  if (left.kind === "list" && right.kind === "list") {
    spend(left.items.length);
    return (
      left.items.length === right.items.length &&
      left.items.every((item, index) => sameValue(item, right.items[index] as Value, spend))
    );
  }
  if (left.kind === "block" && right.kind === "block") return left.block === right.block;
  return left.kind === right.kind && printValue(left) === printValue(right);
}
