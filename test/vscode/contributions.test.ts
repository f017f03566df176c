import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { beforeAll, describe, expect, test } from "vitest";
import { pageOf } from "../../editors/vscode/src/diagram-page.js";
import { check } from "../../src/check/check.js";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import { MemoryHost } from "../check/memory-host.js";
import { findings } from "../syntax/reading.js";
import { extension } from "./tokenizer.js";

const json = (name: string): unknown => JSON.parse(readFileSync(join(extension, name), "utf8"));

describe("snippets", () => {
  interface Snippet {
    readonly prefix: string;
    readonly body: string | readonly string[];
  }
  const snippets = Object.entries(json("snippets/resnet.json") as Record<string, Snippet>);
  const inNetwork = new Set(["stage", "head", "expect"]);
  const inBlock = new Set(["residual", "branches", "gate"]);

  test.each(snippets)("%s is syntax, in its place", (_name, { prefix, body }) => {
    const text = filled(typeof body === "string" ? body : body.join("\n"));
    const whole = inNetwork.has(prefix)
      ? `network N {\n${text}\n}\n`
      : inBlock.has(prefix)
        ? `block B {\n${text}\n}\n`
        : `${text}\n`;
    expect(findings(whole)).toEqual([]);
  });

  test("a network and its block are sound as they come", () => {
    const bodyOf = (name: string): string =>
      filled((new Map(snippets).get(name)?.body as readonly string[]).join("\n"));
    for (const block of ["Basic block", "Bottleneck block"]) {
      const network = bodyOf("Network").replaceAll("Basic", block.split(" ")[0] ?? "");
      const text = `${bodyOf(block)}\n\n${network}\n`;
      const { diagnostics } = check("n.resnet", new MemoryHost({ "n.resnet": text }));
      expect(diagnostics.map(({ message }) => message)).toEqual([]);
    }
  });

  /** With the first of every choice, and the text of every place. */
  function filled(body: string): string {
    const texts = new Map<string, string>();
    return body
      .replace(/\$\{(\d+)\|([^,|]*)[^|]*\|\}/g, "$2")
      .replace(/\$\{(\d+):((?:[^{}])*)\}/g, (_all, number: string, text: string) => {
        texts.set(number, text);
        return text;
      })
      .replace(/\$\{(\d+)\}|\$(\d+)/g, (_all, a: string, b: string) => texts.get(a ?? b) ?? "");
  }
});

describe("the problem matcher", () => {
  const manifest = json("package.json") as {
    readonly contributes: {
      readonly problemMatchers: readonly { readonly pattern: readonly { regexp: string }[] }[];
    };
  };
  const [title, place] = (manifest.contributes.problemMatchers[0]?.pattern ?? []).map(
    ({ regexp }) => new RegExp(regexp),
  );

  test("reads what the command prints", () => {
    const text = 'import { B } from "std/nope"\n\nnetwork N { input 8x8x3\n  conv 3x3 16 }\n';
    const { diagnostics } = check("a b/n.resnet", new MemoryHost({ "a b/n.resnet": text }));
    expect(diagnostics.length).toBeGreaterThan(0);
    const lines = renderDiagnostics(diagnostics, { color: false, width: 40 }).split("\n");
    const read = lines.flatMap((line, index) => {
      const [, severity, code, message] = title?.exec(line) ?? [];
      const [, file, row, column] = place?.exec(lines[index + 1] ?? "") ?? [];
      return severity === undefined || file === undefined
        ? []
        : [{ severity, code, message, file, row: Number(row), column: Number(column) }];
    });
    expect(read).toEqual(
      diagnostics.map(({ severity, code, message, span }) => {
        const { line, column } = span?.file.position(span.start) ?? { line: 0, column: 0 };
        return { severity, code, message, file: span?.file.path, row: line, column };
      }),
    );
  });
});

describe("the language's settings", () => {
  const settings = json("language-configuration.json") as {
    readonly indentationRules: Readonly<Record<string, string>>;
    readonly onEnterRules: readonly {
      readonly beforeText: string;
      readonly afterText?: string;
      readonly action: { readonly appendText?: string };
    }[];
    readonly wordPattern: string;
  };
  const increases = new RegExp(settings.indentationRules["increaseIndentPattern"] ?? "");
  const decreases = new RegExp(settings.indentationRules["decreaseIndentPattern"] ?? "");

  test.each([
    ["block Basic(width) {", true],
    ["  residual { // the branch {", true],
    ["network N(", true],
    ["  stem { conv 3x3, 16 -> relu }", false],
    ["  // what opens { is not open", false],
    ['  data folder("{")', false],
    ["  conv 3x3, 64, /2", false],
    ["  stage conv2: depths[0] x Basic(16)", false],
  ])("%j opens a level: %s", (line, opens) => {
    expect(increases.test(line)).toBe(opens);
  });

  test.each([
    ["  }", true],
    ["  )", true],
    ["  relu }", false],
  ])("%j closes one: %s", (line, closes) => {
    expect(decreases.test(line)).toBe(closes);
  });

  test.each([
    ["/// Two convolutions.", "", "/// "],
    ["  /// Two", " convolutions.", "/// "],
    ["  conv 3x3 ->", "", undefined],
    ["// a plain comment", "", undefined],
  ])("enter behind %j before %j begins the next line with %j", (before, after, appended) => {
    const rule = settings.onEnterRules.find(
      ({ beforeText, afterText }) =>
        new RegExp(beforeText).test(before) &&
        (afterText === undefined || new RegExp(afterText).test(after)),
    );
    expect(rule?.action.appendText).toBe(appended);
  });

  test("a word is a name or a number", () => {
    const words = "conv 3x3, 1_000 -> batch_norm2".match(new RegExp(settings.wordPattern, "g"));
    expect(words).toEqual(["conv", "3x3", "1_000", "batch_norm2"]);
  });
});

describe("a block of Markdown that says resnet", () => {
  let markdown: textmate.IGrammar;
  beforeAll(async () => {
    const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
    await oniguruma.loadWASM(readFileSync(wasm));
    const grammars: Record<string, object> = {
      "text.html.markdown": { scopeName: "text.html.markdown", patterns: [] },
      "source.resnet": json("syntaxes/resnet.tmLanguage.json") as object,
      "markdown.resnet.codeblock": json("syntaxes/markdown.tmLanguage.json") as object,
    };
    const registry = new textmate.Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
      }),
      loadGrammar: async (scope) => (grammars[scope] ?? null) as textmate.IRawGrammar | null,
      getInjections: (scope) =>
        scope === "text.html.markdown" ? ["markdown.resnet.codeblock"] : undefined,
    });
    markdown = (await registry.loadGrammar("text.html.markdown")) as textmate.IGrammar;
  });

  test("is coloured as a spec, up to its end", () => {
    let stack = textmate.INITIAL;
    const found = ["conv", "```resnet", "conv 3x3", "```", "conv"].map((line) => {
      const { tokens, ruleStack } = markdown.tokenizeLine(line, stack);
      stack = ruleStack;
      return tokens.some(({ scopes }) => scopes.includes("support.function.operation.resnet"));
    });
    expect(found).toEqual([false, false, true, false, false]);
  });
});

describe("the page of a diagram", () => {
  test("holds the picture and lets nothing in", () => {
    const page = pageOf({ svg: "<svg><script>1</script></svg>" });
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain("<script");
  });

  test("says why there is none", () => {
    expect(pageOf({ problem: "error: <b>" })).toContain("<pre>error: &lt;b&gt;</pre>");
  });
});
