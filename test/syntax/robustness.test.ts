import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceFile } from "../../src/source/source.js";
import { lex } from "../../src/syntax/lexer.js";
import { parse, parseValue, type Parsed } from "../../src/syntax/parse.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const specs = ["specs", "std"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".resnet"))
    .map((name) => ({ name, text: readFileSync(join(root, folder, name), "utf8") })),
);

/** Parses; whatever the text is, findings lie in it, and what is broken is reported. */
function survive(text: string): Parsed {
  const parsed = parse(new SourceFile("any.resnet", text));
  const wrong = parsed.diagnostics.find(({ span, message }) => {
    const [start, end] = [span?.start ?? -1, span?.end ?? -1];
    const isOutside = !(start >= 0 && end >= start && end <= text.length);
    return isOutside || /undefined|NaN|\{\w+\}/.test(message);
  });
  expect(wrong).toBeUndefined();
  const broken = parsed.unit.declarations.some((each) => each.broken) || parsed.lost.size > 0;
  if (broken) expect(parsed.diagnostics.length).toBeGreaterThan(0);
  return parsed;
}

const runs = { seed: 20151210, numRuns: 300 };

const words = [
  ...["import", "from", "as", "input", "stem", "stage", "head", "residual", "shortcut", "branches"],
  ...[
    "gate",
    "expect",
    "where",
    "block",
    "network",
    "train",
    "for",
    "x",
    "always",
    "conv",
    "A",
    "a",
  ],
  ...[
    "3",
    "3x3",
    "0.5",
    '"t"',
    '"',
    "->",
    "==",
    "<=",
    "<",
    "&&",
    "||",
    "!",
    "=",
    "+",
    "-",
    "*",
    "/",
  ],
  ...[
    "%",
    ",",
    ":",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "\n  ",
    "\n}\n",
    "//c\n",
    "///d\n",
    ";",
    "#",
  ],
  ...["'", "→", "\u0000", "😀", "\r", "\t"],
];

describe("random text", () => {
  test("of any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => void survive(text)),
      runs,
    );
  });

  test("of bytes read as UTF-8", () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(bytes, (each) => void survive(new TextDecoder().decode(each))),
      runs,
    );
  });

  test("of the language's own words", () => {
    const soup = fc.array(fc.constantFrom(...words), { maxLength: 120 });
    fc.assert(
      fc.property(
        soup,
        fc.constantFrom(" ", ""),
        (each, between) => void survive(each.join(between)),
      ),
      { ...runs, numRuns: 1500 },
    );
  });

  test("as a value from a command line", () => {
    const soup = fc.array(fc.constantFrom(...words), { maxLength: 30 });
    fc.assert(
      fc.property(soup, (each) => {
        const file = new SourceFile("<command line>", each.join(" "));
        const { expression, diagnostics } = parseValue(file);
        expect(expression === undefined).toBe(diagnostics.length > 0);
      }),
      { ...runs, numRuns: 1500 },
    );
  });
});

describe.each(specs)("$name", ({ text }) => {
  test("cut off anywhere", () => {
    for (let end = 0; end <= text.length; end += 7) survive(text.slice(0, end));
  });

  const { tokens } = lex(new SourceFile("spec", text));
  const spans = tokens.map((token) => [token.startOffset, (token.endOffset ?? 0) + 1] as const);

  test("without any one token", () => {
    for (const [start, end] of spans) survive(text.slice(0, start) + text.slice(end));
  });

  test("with any one token twice", () => {
    for (const [start, end] of spans) {
      survive(`${text.slice(0, end)} ${text.slice(start, end)}${text.slice(end)}`);
    }
  });

  test("with any two neighbours exchanged", () => {
    for (const [index, [start, end]] of spans.entries()) {
      const [nextStart, nextEnd] = spans[index + 1] ?? [end, end];
      const exchanged = text.slice(nextStart, nextEnd) + text.slice(end, nextStart);
      survive(text.slice(0, start) + exchanged + text.slice(start, end) + text.slice(nextEnd));
    }
  });

  test("with other ends of lines", () => {
    for (const end of ["\r\n", "\r"]) {
      expect(survive(text.replaceAll("\n", end)).diagnostics).toEqual([]);
    }
  });
});

const filled = (part: string, size = 100_000): string => part.repeat(Math.ceil(size / part.length));
/** Nearly the largest file that is read. */
const full = 500_000;
const many = 10_000;

describe("whatever the size", () => {
  test.each([
    ["nothing", ""],
    ["a NUL byte", "\u0000"],
    ["half a surrogate pair", "\ud83d"],
    ["a byte order mark", "\ufeff"],
    ["junk", filled("@$%~ ", full)],
    ["one line", filled("conv 3x3, ", full)],
    ["one word", filled("a", full)],
    ["words", filled("a ")],
    ["an endless chain", `block A { ${filled("a -> ", full)}a }`],
    ["100,000 empty lines", "\n".repeat(100_000)],
    ["open texts", filled('"a\n', full)],
    ["opening braces", filled("{", full)],
    ["closing braces", filled("}")],
    ["lines of closing braces", filled("}\n")],
    ["unclosed blocks", filled("block A {\n")],
    ["headers without bodies", filled("block A\n")],
    ["headers without braces", filled("block A\n relu\n")],
    ["open comments", filled("/*")],
    ["emoji", filled("😀\n")],
    ["conditions", `block A where ${filled("a, ")}`],
    ["broken steps", `block A {\n${filled("a b c\n")}}`],
    ["misspelt words", `network N {\n${filled("stge a: 3 x\n")}}`],
    ["NUL bytes", filled("\u0000")],
  ])("%s", (_what, text) => {
    survive(text);
  });

  test.each([
    ["braces", `block A ${"{ ".repeat(many)}${"}".repeat(many)}`],
    ["unclosed braces", `block A ${"{ ".repeat(many)}`],
    ["parentheses", `block A { conv ${"(".repeat(many)}1${")".repeat(many)} }`],
    ["brackets", `block A { conv ${"[".repeat(many)}1${"]".repeat(many)} }`],
    ["gates", `block A { ${"gate { ".repeat(many)}relu${" }".repeat(many)} }`],
  ])("10,000 %s in one another are one finding", (_what, text) => {
    expect(survive(text).diagnostics.map(({ code }) => code)).toEqual(["R0104"]);
  });

  test.each([
    ["minus signs", `block A { conv ${"-".repeat(many)}1 }`],
    ["exclamation marks", `block A { conv ${"!".repeat(many)}a }`],
    ["sums", `block A { conv ${"1 + ".repeat(many)}1 }`],
  ])("10,000 %s are one finding", (_what, text) => {
    expect(survive(text).diagnostics.map(({ code }) => code)).toEqual(["R0107"]);
  });

  test("10,000 indices and 10,000 items are fine", () => {
    expect(survive(`block A { conv [${"1, ".repeat(many)}1] }`).diagnostics).toEqual([]);
  });
});

test("300,000 stray braces of one line are told at once", () => {
  const before = performance.now();
  const { diagnostics } = parse(new SourceFile("spec.resnet", `${"}".repeat(300_000)}\n`));
  expect(diagnostics).toHaveLength(300_000);
  expect(performance.now() - before).toBeLessThan(8000);
});
