/** A parameter that its block or network never reads: whoever sets it changes nothing. */
import { namesRead, parametersOf } from "../uses.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "unused-parameter",
  group: "correctness",
  level: "warn",
  description: "Every parameter of a block or network is read in it",
  needs: "syntax",
  messages: { unused: "{kind} {owner} never reads its parameter `{name}`" },
  options: {},

  check({ unit, report }) {
    for (const declaration of unit.declarations) {
      if (declaration.broken) continue;
      const read = new Set(namesRead(declaration).map(({ text }) => text));
      for (const { name } of parametersOf(declaration)) {
        if (read.has(name.text) || declaration.kind === "import") continue;
        const { kind, name: owner } = declaration;
        const text =
          name.text === "stride"
            ? "a stage that gives a stride, as in `/2`, changes nothing: read it, as `/stride`, where the block halves its map"
            : "read it, or take it out, with the arguments of its calls";
        report("unused", name.span, { kind, owner: owner.text, name: name.text }, { help: text });
      }
    }
  },
});
