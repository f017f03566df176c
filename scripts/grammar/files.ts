/** Everything under `grammar/` that is generated, by its path there. */
import { format, resolveConfig } from "prettier";
import { printGrammar } from "./ebnf.js";
import { grammarRules } from "./productions.js";
import { drawRule } from "./railroad.js";
import { tables } from "./tables.js";

/** @param read gives the committed text of a file that is generated in part. */
export async function generatedFiles(
  read: (path: string) => string,
): Promise<ReadonlyMap<string, string>> {
  const rules = [...grammarRules()];
  const files = new Map([["grammar.ebnf", printGrammar()]]);
  for (const [name, production] of rules) {
    files.set(`railroad/${name}.svg`, drawRule(name, production));
  }
  const pictures = rules.map(([name]) => `![${name}](railroad/${name}.svg)`).join("\n\n");
  const readme = fill(read("README.md"), new Map([["diagrams", pictures]]));
  files.set("README.md", await formatted(readme));
  files.set("reference.md", await formatted(fill(read("reference.md"), tables())));
  return files;
}

async function formatted(markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig("grammar/README.md")), parser: "markdown" });
}

/**
 * Replaces what stands between `<!-- generated: name -->` and `<!-- end -->`.
 * @throws Error where a part is missing in the file or has no content.
 */
function fill(text: string, parts: ReadonlyMap<string, string>): string {
  const used = new Set<string>();
  const filled = text.replace(
    /(<!-- generated: (\w+) -->)\n[\s\S]*?(<!-- end -->)/g,
    (_all, begin: string, name: string, end: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`Nothing generates ${name}.`);
      used.add(name);
      return `${begin}\n\n${part}\n\n${end}`;
    },
  );
  const unused = [...parts.keys()].find((name) => !used.has(name));
  if (unused !== undefined) throw new Error(`The file has no place for ${unused}.`);
  return filled;
}
