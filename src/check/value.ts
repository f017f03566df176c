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

/** The value as a spec would write it. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case "number":
      return String(value.value);
    case "boolean":
      return String(value.value);
    case "string":
      return `"${value.value}"`;
    case "dimensions":
      return value.values.join("x");
    case "list":
      return `[${value.items.map(printValue).join(", ")}]`;
    case "shortcut":
      return value.form;
    case "block":
      return value.block.name.text;
  }
}

/** "the number 3.5", "the list [1, 2]": the kind and the value. */
export function describeValue(value: Value): string {
  return `${kindNames[value.kind].replace(/^a /, "the ")} ${printValue(value)}`;
}
