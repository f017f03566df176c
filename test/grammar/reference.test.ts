import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { measures } from "../../src/check/measures.js";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { SourceFile } from "../../src/source/source.js";
import { parse } from "../../src/syntax/parse.js";
import { memoryHost } from "./memory-host.js";

const path = fileURLToPath(new URL("../../grammar/reference.md", import.meta.url));
const reference = readFileSync(path, "utf8");
const blocks = [...reference.matchAll(/^```(\S*) ?(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = "", kind = "", text = ""]) => ({ language, kind, text }),
);

const render = (found: readonly Diagnostic[]): string =>
  renderDiagnostics(found, { color: false, width: 100 });

describe("the examples of the reference", () => {
  test("are all in the language", () => {
    expect(blocks.map(({ language }) => language)).toEqual(blocks.map(() => "resnet"));
    expect(blocks.length).toBeGreaterThanOrEqual(12);
  });

  const files = blocks.filter(({ kind }) => kind === "");
  test.each(files)("a whole file is right: $text", ({ text }) => {
    const result = check("example.resnet", memoryHost(new Map([["example.resnet", text]])));
    expect(render(result.diagnostics)).toBe("");
  });

  const fragments = blocks.filter(({ kind }) => kind !== "");
  test.each(fragments)("a fragment parses: $text", ({ kind, text }) => {
    expect(kind).toBe("fragment");
    expect(render(parse(new SourceFile("fragment.resnet", text)).diagnostics)).toBe("");
  });
});

test("the reference explains every measure", () => {
  const section = reference.slice(
    reference.indexOf("## `expect`"),
    reference.indexOf("## `train`"),
  );
  const explained = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(explained).toEqual([...measures]);
});

test("the links within the reference lead somewhere", () => {
  const anchors = [...reference.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = [...reference.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.filter((link) => !anchors.includes(link ?? ""))).toEqual([]);
});
