/** A place that is named with `as` and that nothing goes on from. */
import { placesTaken } from "../uses.js";
import type { Edit } from "../../diagnostics/diagnostic.js";
import type { ChainStep, Declaration, Name } from "../../syntax/ast.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "unused-name",
  group: "tidiness",
  level: "info",
  description: "A chain goes on from every place that is named with `as`",
  needs: "syntax",
  messages: { unused: "no chain goes on from `{name}`" },
  options: {},

  check({ chains, recipes, report }) {
    const named = recipes.flatMap(({ recipe: { freeze, rates } }) => [
      ...(typeof freeze === "boolean" ? [] : freeze),
      ...(rates.kind === "within" ? rates.places : []),
    ]);
    const kept = new Set(named.flatMap((place) => place.split(".")));
    const taken = new Map<Declaration, ReadonlySet<string>>();
    for (const { steps, declaration } of chains) {
      const places = taken.get(declaration) ?? placesTaken(declaration);
      taken.set(declaration, places);
      for (const step of steps) {
        const { label } = step;
        if (label === undefined || places.has(label.text) || kept.has(label.text)) continue;
        const text = "take the name out; the names of the weights change with it";
        const help = { text, edits: [withoutLabel(step, label)], applicability: "unsafe" as const };
        report("unused", label.span, { name: label.text }, { help });
      }
    }
  },
});

/** Takes ` as name` out. */
function withoutLabel(step: ChainStep, { span }: Name): Edit {
  const { file, end } = span;
  const before = /\s+as\s+$/.exec(file.text.slice(step.span.start, span.start))?.[0].length ?? 0;
  return { span: file.span(span.start - before, end), text: "" };
}
