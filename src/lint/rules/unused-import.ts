/** A name that is imported and never used. */
import type { Edit } from "../../diagnostics/diagnostic.js";
import { withoutItem } from "../../diagnostics/edits.js";
import type { ImportDeclaration } from "../../syntax/ast.js";
import { namesRead } from "../uses.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "unused-import",
  group: "tidiness",
  level: "warn",
  description: "Every imported name is used",
  needs: "syntax",
  messages: { unused: "`{name}` is imported and never used" },
  options: {},

  check({ unit, report }) {
    const read = new Set(unit.declarations.flatMap(namesRead).map(({ text }) => text));
    for (const declaration of unit.declarations) {
      if (declaration.kind !== "import" || declaration.broken) continue;
      const unused = declaration.names.filter(({ name, alias }) => !read.has((alias ?? name).text));
      for (const each of unused) {
        const { text, span } = each.alias ?? each.name;
        const edits =
          unused.length === declaration.names.length
            ? [withoutImport(declaration)]
            : [withoutName(declaration, declaration.names.indexOf(each))];
        report("unused", span, { name: text }, { help: { text: "take it out", edits } });
      }
    }
  },
});

/** The whole line goes where nothing else is on it; the doc above it stays. */
function withoutImport({ from, names }: ImportDeclaration): Edit {
  const { file, end } = from.span;
  const { text } = file;
  const first = names[0]?.name.span.start ?? end;
  const start = text.lastIndexOf("import", first);
  const line = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
  return { span: file.span(start, end + line), text: "" };
}

/** A name with the comma that parts it from its neighbour. */
function withoutName({ names }: ImportDeclaration, index: number): Edit {
  const spans = names.map(({ name, alias = name }) =>
    name.span.file.span(name.span.start, alias.span.end),
  );
  return { span: withoutItem(spans, index), text: "" };
}
