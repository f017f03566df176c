import { describe, expect, test } from "vitest";
import { findings, read, stepsOf } from "./reading.js";

const inBlock = (body: string): string => `block A {\n${body}\n}\n`;

describe("a new line ends a step", () => {
  test("between operations", () => {
    expect(stepsOf(inBlock("  conv 3x3, 64\n  batchnorm\n\n  relu"))).toEqual([
      ...["conv 3x3, 64", "batchnorm", "relu"],
    ]);
  });

  test.each(["\n", "\r\n", "\r"])("whatever ends the line: %j", (end) => {
    const text = inBlock("  conv 3x3, 64\n  // a comment\n  relu").replaceAll("\n", end);
    expect(findings(text)).toEqual([]);
    expect(stepsOf(text)).toEqual(["conv 3x3, 64", "relu"]);
  });

  test("tabs and spaces before it do not matter", () => {
    expect(stepsOf(inBlock("\tconv 3x3, 64 \t \n\t\trelu"))).toEqual(["conv 3x3, 64", "relu"]);
  });

  test("but a comment behind it does not hide it", () => {
    expect(stepsOf(inBlock("  conv 3x3, 64 // first\n  relu"))).toEqual(["conv 3x3, 64", "relu"]);
  });
});

test("a comma that nothing follows is found on its own line", () => {
  const text = `network N {\n  stage a: 2 x A(16,\n  stage b: 2 x A(32)\n}\n`;
  expect(findings(text)).toEqual(["2: R0101 expected an argument, found the end of the line"]);
});

describe("a new line goes on", () => {
  test.each([
    ["behind a comma", "conv 3x3,\n 64"],
    ["before a comma", "conv 3x3\n , 64"],
    ["behind a colon", "conv 3x3, 64, pad:\n 1"],
    ["behind an operator", "conv 3x3, 2 *\n 32"],
    ["inside parentheses", "conv (\n 3x3\n , 64\n)"],
    ["inside brackets", "conv [\n 3\n ,\n 3\n], 64"],
  ])("%s", (_where, step) => {
    expect(findings(inBlock(step))).toEqual([]);
    expect(stepsOf(inBlock(step))).toEqual([step]);
  });

  test("behind and before an arrow", () => {
    expect(stepsOf(inBlock("  relu ->\n  relu\n  -> relu"))).toEqual(["relu", "relu", "relu"]);
  });

  test("before an opening brace, before shortcut and where", () => {
    const text =
      "block A(a)\n  where a > 0\n{\n  residual\n  {\n    relu\n  }\n\n  shortcut identity\n}\n";
    expect(findings(text)).toEqual([]);
  });

  test("but not behind shortcut", () => {
    expect(findings(inBlock("  residual { relu } shortcut\n  identity"))).toEqual([
      "2: R0101 expected `identity`, `project`, `pad`, `none` or `{ … }`, found the end of the line",
    ]);
  });
});

describe("an open bracket", () => {
  test("ends where a line begins with a word that begins an item", () => {
    const text = "network N {\n  input [H, W, 3\n  stem { relu }\n  head { relu }\n}\n";
    expect(findings(text)).toEqual(["2: R0101 expected `,` or `]`, found the end of the line"]);
    expect(read(text).unit.declarations[0]).toMatchObject({
      items: [{ kind: "step" }, { kind: "stem" }, { kind: "head" }],
    });
  });

  test("does not reach past the declaration", () => {
    const text = "block A(a {\n  relu\n}\nblock B(b) { relu }\n";
    expect(findings(text)).toEqual(["1: R0101 expected `,` or `)`, found `{`"]);
    expect(read(text).unit.declarations.map(({ kind }) => kind)).toEqual(["block"]);
  });
});

test("a soft word begins a declaration only at the very beginning of a line", () => {
  expect(stepsOf("block A {\n  block 3x3\n  network\n  train\n}\n")).toEqual([
    ...["block 3x3", "network", "train"],
  ]);
});
