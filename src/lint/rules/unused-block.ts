/** A block that no network of its file uses, in a file that has networks. */
import type { Declaration } from "../../syntax/ast.js";
import { namesRead } from "../uses.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "unused-block",
  group: "tidiness",
  level: "warn",
  description: "Every block of a file with networks is used in it",
  needs: "syntax",
  messages: { unused: "block {name} is never used" },
  options: {
    exported: {
      type: "array",
      items: { type: "string" },
      uniqueItems: true,
      default: [],
      description: "Blocks that are there for other files.",
    },
  },

  check({ unit, options: { exported }, report }) {
    const { declarations } = unit;
    const isLibrary = declarations.every(({ kind }) => kind === "import" || kind === "block");
    if (isLibrary) return;
    const readers = new Map<string, Set<Declaration>>();
    for (const declaration of declarations) {
      for (const { text } of namesRead(declaration)) {
        readers.set(text, (readers.get(text) ?? new Set()).add(declaration));
      }
    }
    for (const declaration of declarations) {
      if (declaration.kind !== "block" || exported.includes(declaration.name.text)) continue;
      const { text, span } = declaration.name;
      // What only an unused block reads is told once that block is gone.
      const others = [...(readers.get(text) ?? [])].filter((each) => each !== declaration);
      if (others.length > 0) continue;
      const help =
        "take it out, or move it into a file of blocks alone, for others to import; `exported` of this rule names those that stay";
      report("unused", span, { name: text }, { help });
    }
  },
});
