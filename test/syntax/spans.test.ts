import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { SourceFile, textOf, type Span } from "../../src/source/source.js";
import type { Chain, Expression, SourceUnit } from "../../src/syntax/ast.js";
import { parse, parseValue } from "../../src/syntax/parse.js";
import { drawFrom, sentence } from "../grammar/sentences.js";
import { read } from "./reading.js";

type Plain = Readonly<Record<string, unknown>>;

/** A node without places, so that equal text gives equal nodes. */
function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key]) => !["span", "shortcutSpan", "docs"].includes(key),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, bare(value)]));
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "file" in value && "start" in value;
}

/** Every node that has a span, with the key that it stands under. */
function nodesIn(node: unknown, key: string): { key: string; node: Plain & { span: Span } }[] {
  if (Array.isArray(node)) return node.flatMap((each) => nodesIn(each, key));
  if (typeof node !== "object" || node === null || isSpan(node)) return [];
  const inside = Object.entries(node).flatMap(([name, value]) => nodesIn(value, name));
  const own = "span" in node ? [{ key, node: node as Plain & { span: Span } }] : [];
  return [...own, ...inside];
}

const declarationIn = (text: string): Plain => read(text).unit.declarations[0] as unknown as Plain;
const stepIn = (text: string): unknown =>
  (declarationIn(`block A {\n  ${text}\n}`)["body"] as Chain).steps[0];
const itemIn = (text: string): unknown =>
  (declarationIn(`network A {\n  ${text}\n}`)["items"] as unknown[])[0];
const valueIn = (text: string): Expression | undefined =>
  parseValue(new SourceFile("value", text)).expression;

/** What the text of a node is when it is read by itself, by what the node is. */
function reread({ key, node }: { key: string; node: Plain }, text: string): unknown {
  const kind = typeof node["kind"] === "string" ? node["kind"] : "";
  if (["import", "block", "network", "instance", "train"].includes(kind))
    return declarationIn(text);
  if (["input", "stem", "stage", "head", "expect", "step"].includes(kind)) return itemIn(text);
  if (["residual", "branches", "gate", "from"].includes(kind)) return stepIn(text);
  if (kind === "call" && "call" in node && (key === "steps" || key === "step")) return stepIn(text);
  if (key === "shortcut") {
    return (stepIn(`residual { relu } shortcut ${text}`) as Plain)["shortcut"];
  }
  if ("steps" in node) return declarationIn(`block A ${text}`)["body"];
  if (key === "call") return (stepIn(text) as Plain)["call"];
  if (key === "arguments") {
    return ((stepIn(`f(${text})`) as Plain)["call"] as { arguments: unknown[] }).arguments[0];
  }
  if (key === "parameters") {
    return (declarationIn(`block A(${text}) { }`)["parameters"] as unknown[])[0];
  }
  if (key === "settings") {
    return (declarationIn(`train a for B {\n  ${text}\n}`)["settings"] as unknown[])[0];
  }
  return valueIn(text);
}

function expectExactSpans(unit: SourceUnit): number {
  const nodes = nodesIn(unit.declarations, "declarations");
  for (const each of nodes) {
    const { node, key } = each;
    const text = textOf(node.span);
    expect(text.trim()).toBe(text);
    if ("text" in node) {
      // The name of a stride that is written with a slash is the slash.
      expect(text === "/" ? "stride" : text).toBe(node["text"]);
    } else if (key === "from" && "value" in node) {
      expect(text.slice(1, -1)).toBe(node["value"]);
    } else {
      expect(bare(reread(each, text)), text).toEqual(bare(node));
    }
    if (isSpan(node["shortcutSpan"])) {
      const shortcut = textOf(node["shortcutSpan"]);
      expect(shortcut.startsWith("shortcut")).toBe(true);
      expect(text.includes(shortcut)).toBe(true);
    }
  }
  return nodes.length;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const specs = ["specs", "std"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".resnet"))
    .map((name) => join(folder, name)),
);

describe("the text of every node's span, read by itself, is that node", () => {
  test.each(specs)("in %s", (path) => {
    const { unit, diagnostics } = parse(
      new SourceFile(path, readFileSync(join(root, path), "utf8")),
    );
    expect(diagnostics).toEqual([]);
    expect(expectExactSpans(unit)).toBeGreaterThan(5);
  });

  test("in random sentences", () => {
    let nodes = 0;
    for (let seed = 0; seed < 120; seed++) {
      nodes += expectExactSpans(read(sentence(drawFrom(seed), 8 + (seed % 8))).unit);
    }
    expect(nodes).toBeGreaterThan(2000);
  });

  test("behind characters of two code units", () => {
    const text =
      '/// 😀 𝕏\nimport { A } from "😀/𝕏" // 😀\nblock B(a = 1) {\n  conv 3x3, a // 😀\n}\n';
    const { unit, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(unit.declarations[0]).toMatchObject({ docs: "😀 𝕏" });
    expectExactSpans(unit);
  });
});
