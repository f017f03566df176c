import { describe, expect, test } from "vitest";
import { SourceFile } from "../../src/source/source.js";
import { lex } from "../../src/syntax/lexer.js";
import { parseValue } from "../../src/syntax/parse.js";
import * as T from "../../src/syntax/tokens.js";
import { findings, onlyFinding, read } from "./reading.js";

function kinds(text: string): string[] {
  return lex(new SourceFile("test.resnet", text)).tokens.map(({ tokenType }) => tokenType.name);
}

function value(text: string): unknown {
  return parseValue(new SourceFile("test.resnet", text)).expression;
}

describe("numbers", () => {
  test.each([
    ["64", 64],
    ["0.1", 0.1],
    ["1e-4", 1e-4],
    ["2E+3", 2000],
    ["25_557_032", 25_557_032],
    ["4.1G", 4.1e9],
    ["3k", 3000],
    ["3K", 3000],
    ["0.27M", 270_000],
    ["2T", 2e12],
  ])("%s is %d", (text, number) => {
    expect(value(text)).toMatchObject({ kind: "number", value: number });
  });

  test("a suffix is a part of the number alone, not of a name", () => {
    expect(kinds("4G 4Gb")).toEqual(["Number", "Number", "Identifier"]);
  });
});

describe("dimensions", () => {
  test.each([
    ["3x3", [3, 3]],
    ["224x224x3", [224, 224, 3]],
    ["1x1x1x1", [1, 1, 1, 1]],
  ])("%s", (text, values) => {
    expect(value(text)).toMatchObject({ kind: "dimensions", values });
  });

  test("need their numbers on both sides", () => {
    expect(kinds("3x 3 x3 3x3a")).toEqual([
      ...["Number", "XWord", "Number", "Identifier"],
      ...["Number", "Identifier"],
    ]);
  });
});

describe("words", () => {
  test("reserved words and longer names", () => {
    expect(kinds("stage stages from fromage")).toEqual([
      ...["StageKeyword", "Identifier", "FromKeyword", "Identifier"],
    ]);
  });

  test("soft words are names wherever a name fits", () => {
    const text = "block block(train, x = 1) {\n  network x, for: train, always: block\n}";
    expect(findings(text)).toEqual([]);
  });

  test("every reserved word is refused as a name", () => {
    for (const { PATTERN } of T.reservedWords) {
      const found = onlyFinding(`block ${String(PATTERN)} { relu }`);
      expect(found.code).toBe("R0101");
      expect(found.help?.text).toBe(`\`${String(PATTERN)}\` cannot be a name`);
    }
  });
});

describe("texts", () => {
  test("keep what stands in the quotes", () => {
    const [declaration] = read('import { A } from "a b/→ // 😀"').unit.declarations;
    expect(declaration).toMatchObject({ from: { value: "a b/→ // 😀" } });
  });

  test("end with their line", () => {
    const found = onlyFinding('import { A } from "std/blocks\nblock B { relu }');
    expect(found.code).toBe("R0103");
    expect(found.help?.text).toBe('close it with `"`');
  });
});

describe("comments", () => {
  const text = [
    "/// One.",
    "///   Two, indented.",
    "block A { relu } // beside",
    "// between",
    "/// lost: an empty line follows",
    "",
    "/// Three.",
    "block B {",
    "  relu // inside",
    "}",
  ].join("\n");

  test("are all kept, in order, with their places", () => {
    const { comments } = read(text).unit;
    expect(comments.map((comment) => comment.text)).toEqual([
      "/// One.",
      "///   Two, indented.",
      "// beside",
      "// between",
      "/// lost: an empty line follows",
      "/// Three.",
      "// inside",
    ]);
    for (const { text: kept, span } of comments) {
      expect(text.slice(span.start, span.end)).toBe(kept);
    }
  });

  test("`///` documents the declaration that follows", () => {
    const docs = read(text).unit.declarations.map((declaration) => declaration.docs);
    expect(docs).toEqual(["One.\n  Two, indented.", "Three."]);
  });
});

describe("characters that mean nothing", () => {
  test.each([
    ["block A { relu; conv 3x3, 1 }", "`;`", "operations are joined by `->`"],
    ["block A { relu;; conv 3x3, 1 }", "`;;`", "operations are joined by `->`"],
    ["block A { relu } # no", "`#`", "a comment begins with `//`"],
    ["block A { /* no */ relu }", "`/*`", "a comment begins with `//`"],
    ["import { A } from 'x'", "`'x'`", 'a text stands in straight double quotes: `"x"`'],
    ["import { A } from “x”", "`“x”`", 'a text stands in straight double quotes: `"x"`'],
    ["block A { relu → relu }", "`→`", "write `->`"],
    ["block A { relu => relu }", "`=>`", "write `->`"],
    ["block A { relu | relu }", "`|`", "write `->`"],
    ["block A { 2 × relu }", "`×`", "write `x`"],
    ["block A { conv 3x3, 4 − 1 }", "`−`", "write `-`"],
    ["block A(a) where a ≥ 1 { relu }", "`≥`", "write `>=`"],
    ["block A { dropout .5 }", "`.5`", "write `0.5`"],
    ["block A(a) where a > 1 & a < 3 { relu }", "`&`", "write `&&`"],
    ["block Größe { relu }", "`öß`", "names are made of a to z, A to Z, 0 to 9 and `_`"],
    [
      "block A { \u0441onv 3x3, 4 }",
      "`\u0441`",
      "`\u0441` is the Cyrillic small letter es, U+0441; write `c`, which looks like it",
    ],
    [
      "block A { \u0441\u043env 3x3, 4 }",
      "`\u0441\u043e`",
      "`\u0441` is the Cyrillic small letter es, U+0441; write `c`, which looks like it",
    ],
    [
      "block A { conv 3x3\uff0c 4 }",
      "`\uff0c`",
      "`\uff0c` is U+FF0C; write `,`, which looks like it",
    ],
    ["block A {\u00a0relu }", "the character U+00A0", "write a plain space"],
    ["block A { \u0000relu }", "the character U+0000", "delete it"],
    ["block A { relu\u200b }", "the character U+200B", "delete it"],
    ["block A { $ }", "`$`", undefined],
    ["block A { 😀😀 }", "`😀😀`", undefined],
  ])("%j is one mistake", (text, what, help) => {
    const found = onlyFinding(text);
    expect(found.code).toBe("R0102");
    expect(found.message).toBe(`${what} has no meaning here`);
    expect(found.help?.text).toBe(help);
  });

  test("what was meant is read all the same", () => {
    expect(read("block A { relu → conv 3x3, .5; relu }").unit.declarations[0]).toMatchObject({
      body: { steps: [{ kind: "call" }, { kind: "call" }, { kind: "call" }] },
    });
  });

  test("the help can be applied", () => {
    const text = "block A { relu → relu }";
    const [edit] = onlyFinding(text).help?.edits ?? [];
    const mended = text.slice(0, edit?.span.start) + edit?.text + text.slice(edit?.span.end);
    expect(findings(mended)).toEqual([]);
  });

  test("a byte order mark at the beginning is no mistake", () => {
    expect(findings("\ufeffblock A { relu }")).toEqual([]);
    expect(findings("block A { \ufeffrelu }")).toEqual([
      "1: R0102 the character U+FEFF has no meaning here",
    ]);
  });
});
