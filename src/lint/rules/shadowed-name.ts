/** A parameter with the name of something else that could be meant by it. */
import { operations } from "../../ops/registry.js";
import type { Label } from "../../diagnostics/diagnostic.js";
import { measures } from "../../check/measures.js";
import { parametersOf } from "../uses.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "shadowed-name",
  group: "tidiness",
  level: "warn",
  description: "A parameter has a name of its own",
  needs: "syntax",
  messages: { shadows: "the parameter `{name}` of {owner} hides {what}" },
  options: {},

  check({ unit, report }) {
    for (const declaration of unit.declarations) {
      if (declaration.kind === "import") continue;
      for (const { name } of parametersOf(declaration)) {
        const { text, span } = name;
        const hidden = unit.names.get(text);
        const related: Label[] = [];
        let what: string | undefined;
        if (hidden !== undefined && hidden.declaration !== declaration) {
          const { kind, name: declared } = hidden.declaration;
          what = `the ${kind === "instance" ? "network" : kind} ${declared.text}`;
          const at = hidden.imported ?? declared.span;
          if (at.file === span.file) related.push({ span: at, text: "hidden inside of it" });
        } else if (Object.hasOwn(operations, text)) {
          what = `the operation \`${text}\``;
        } else if ((measures as readonly string[]).includes(text)) {
          what = `the measure \`${text}\` of \`expect\``;
        }
        if (what === undefined) continue;
        const holes = { name: text, owner: declaration.name.text, what };
        report("shadows", span, holes, { related, help: "give the parameter another name" });
      }
    }
  },
});
