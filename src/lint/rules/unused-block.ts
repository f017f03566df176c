/** A block that no network of its file uses, in a file that has networks. */
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
    for (const declaration of declarations) {
      if (declaration.kind !== "block" || exported.includes(declaration.name.text)) continue;
      const { text, span } = declaration.name;
      // What only an unused block reads is told once that block is gone.
      const isRead = declarations.some(
        (each) => each !== declaration && namesRead(each).some((name) => name.text === text),
      );
      if (isRead) continue;
      const help =
        "take it out, or move it into a file of blocks alone, for others to import; `exported` of this rule names those that stay";
      report("unused", span, { name: text }, { help });
    }
  },
});
