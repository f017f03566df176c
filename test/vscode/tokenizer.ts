/** The generated grammar at work, as VS Code runs it: vscode-textmate on Oniguruma. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

export const extension = join(import.meta.dirname, "..", "..", "editors", "vscode");
export const grammarFile = join(extension, "syntaxes", "resnet.tmLanguage.json");

export interface Coloured {
  readonly start: number;
  readonly end: number;
  /** Innermost last; without the scope of the language itself. */
  readonly scopes: readonly string[];
}

let loaded: Promise<textmate.IGrammar> | undefined;

/** The grammar of the file that is committed. */
export function grammar(): Promise<textmate.IGrammar> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<textmate.IGrammar> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) =>
      scope === "source.resnet"
        ? textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), grammarFile)
        : null,
  });
  const found = await registry.loadGrammar("source.resnet");
  if (found === null) throw new Error("The grammar cannot be loaded.");
  return found;
}

/** Every stretch of a text with its scopes, by the offsets of the text. */
export async function coloured(text: string): Promise<readonly Coloured[]> {
  const rules = await grammar();
  const stretches: Coloured[] = [];
  let stack = textmate.INITIAL;
  let offset = 0;
  for (const line of text.split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const content = line.replace(/[\r\n]+$/, "");
    const { tokens, ruleStack, stoppedEarly } = rules.tokenizeLine(content, stack);
    if (stoppedEarly) throw new Error(`The grammar did not come to the end of: ${content}`);
    for (const { startIndex, endIndex, scopes } of tokens) {
      const [start, end] = [offset + startIndex, offset + Math.min(endIndex, content.length)];
      if (start < end) stretches.push({ start, end, scopes: scopes.slice(1) });
    }
    stack = ruleStack;
    offset += line.length;
  }
  return stretches;
}
