import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { channelLimit, sizeLimit } from "../../src/check/bound-operation.js";
import { depthLimit as blockDepthLimit } from "../../src/check/block.js";
import { workLimit } from "../../src/check/budget.js";
import { chainDepthLimit } from "../../src/check/chain.js";
import { check } from "../../src/check/check.js";
import { conditionLimit } from "../../src/check/input.js";
import { measures } from "../../src/check/measures.js";
import { importDepthLimit } from "../../src/check/program.js";
import { grouped } from "../../src/diagnostics/numbers.js";

import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { operationLimit } from "../../src/graph/builder.js";
import { sizeLimitKilobytes } from "../../src/host/node-host.js";
import { SourceFile } from "../../src/source/source.js";
import { nestingLimit, operandLimit, parse } from "../../src/syntax/parse.js";
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

test("the reference gives every limit as it is", () => {
  const section = reference.slice(reference.indexOf("## Limits"));
  const given = [...section.matchAll(/^\|.*\| ([\d,]+(?: kB)?) +\|$/gm)].map(([, limit]) => limit);
  expect(given).toEqual([
    `${sizeLimitKilobytes} kB`,
    ...[
      nestingLimit,
      operandLimit,
      operationLimit,
      channelLimit,
      blockDepthLimit,
      chainDepthLimit,
      importDepthLimit,
      sizeLimit,
      conditionLimit,
      workLimit,
    ].map((value) => grouped(value)),
  ]);
});
