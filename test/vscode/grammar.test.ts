import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Lexer, type IToken } from "chevrotain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grammarPath, printTextMateGrammar } from "../../scripts/vscode/grammar-file.js";
import { nameScopes, scoped, scopeOf } from "../../scripts/vscode/scopes.js";
import { isWrittenOperation } from "../../src/ops/registry.js";
import { SourceFile } from "../../src/source/source.js";
import { parse } from "../../src/syntax/parse.js";
import * as T from "../../src/syntax/tokens.js";
import { rolesOf } from "./roles.js";
import { coloured } from "./tokenizer.js";

const root = join(import.meta.dirname, "..", "..");
const lexer = new Lexer([...T.tokenTypes], { positionTracking: "full" });

const files = ["specs", "std", "test"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".resnet"))
    .map((name) => join(root, folder, name)),
);

/** For every character of a text, the scopes that it has. */
async function scopesByCharacter(text: string): Promise<readonly string[]> {
  const scopes = Array.from({ length: text.length }, () => "");
  for (const stretch of await coloured(text)) {
    scopes.fill(stretch.scopes.join(" "), stretch.start, stretch.end);
  }
  return scopes;
}

/** What each token should be and is, where that is not the same: `line: token: wanted, has`. */
async function disagreements(text: string): Promise<string[]> {
  const { tokens, groups } = lexer.tokenize(text);
  const has = await scopesByCharacter(text);
  const wanted = wantedScopes(text);
  const all = [...tokens, ...(groups["comments"] ?? []), ...(groups["foreign"] ?? [])];
  return all.flatMap((token) => {
    const found = new Set(has.slice(token.startOffset, (token.endOffset ?? 0) + 1));
    if (/[\r\n]/.test(token.image)) found.delete("");
    const [first = "", ...more] = found;
    const answer = wanted(token);
    const fits =
      more.length === 0 && (typeof answer === "string" ? first === answer : answer(first));
    const right = typeof answer === "string" ? answer : "a name";
    return fits
      ? []
      : [`${token.startLine}: ${token.image}: ${right}, has ${[...found].join(", ")}`];
  });
}

type Wanted = string | ((scope: string) => boolean);

/** The scope that a token must have, by the lexer's type and, for names, by the parser's tree. */
function wantedScopes(text: string): (token: IToken) => Wanted {
  const { unit, diagnostics } = parse(new SourceFile("colours.resnet", text));
  const roles = rolesOf(unit);
  const isWhole = diagnostics.every(({ severity }) => severity !== "error");
  return ({ tokenType: type, startOffset, image }) => {
    const isSoft = T.softWords.includes(type);
    if (type !== T.Identifier && !isSoft) return scopeOf(type) ?? "";
    const role = roles.get(startOffset);
    // A comment of another language is an error by itself: what it parts from its first word is any name.
    if (/\*\/\s*$/.test(text.slice(0, startOffset))) {
      return (scope) => isName(scope) || (isSoft && scope === scopeOf(type));
    }
    if (role === "declared") return scoped(nameScopes.declared);
    if (role === "place") return scoped(nameScopes.place);
    if (role === "argument") return scoped(nameScopes.argument);
    if (role === "merge" && isMerge(image)) return scoped(nameScopes.merge);
    if (role === "step" && isWrittenOperation(image)) return scoped(nameScopes.operation);
    if (isSoft && role === undefined && isWhole) return scopeOf(type) ?? "";
    if (isSoft && role === undefined) return (scope) => isName(scope) || scope === scopeOf(type);
    return isName;
  };
}

function isMerge(word: string): boolean {
  return word === "sum" || word === "concat";
}

/** Whether a scope is one of a name: of none of the language's own words, texts and numbers. */
function isName(scope: string): boolean {
  return /^(?:variable|entity|support)\.|^constant\.language\.(?:shortcut|boolean)\./.test(scope);
}

test("the committed grammar is what `npm run grammar` writes", async () => {
  expect(readFileSync(join(root, grammarPath), "utf8")).toBe(await printTextMateGrammar());
});

test("there are specs, standard blocks and fixtures to colour", () => {
  expect(files.length).toBeGreaterThan(80);
});

test.each(files.map((file) => relative(root, file)))(
  "%s is coloured as it is lexed",
  async (file) => {
    expect(await disagreements(readFileSync(join(root, file), "utf8"))).toEqual([]);
  },
);

describe("what only looks like something else", () => {
  test.each([
    ["words of the language in a comment", '// network A { conv 3x3 } "text" 12 -> /2'],
    ["words of the language in a doc comment", '/// block A(x = 3) from "std/blocks" // more'],
    ["words of the language in a text", 'import { A } from "network // x 3x3 -> conv"'],
    ["a comment behind an item", "  conv 3x3, 16 // network N"],
    ["a comment of another language", "# network A { }\nblock B { relu }"],
    [
      "a comment of another language over lines",
      "/* network A {\n conv 3x3 \n */\nblock B { relu }",
    ],
    ["a text that is not closed", 'import { A } from "std/blocks\nblock B { relu }'],
    ["names that hold words", "block importer(stage1, input_size = 3) { conv3x3 -> reluish }"],
    [
      "dimensions and names that begin like them",
      "block A { conv 3x3, 3x3x, 0x10, 1_000, 4.1G, 5Gb }",
    ],
    [
      "words that are names",
      "block A(block, network, train, x, always) { conv 3x3, x\n block\n train 3 }",
    ],
    [
      "a count before x",
      "network N { stage a: n x x(16)\n 4x A\n depths[0] x conv(3x3, 2)\n n  x  A }",
    ],
    ["an import over lines", 'import {\n  A, // one\n  B as C,\n} from "x"\nblock D { relu }'],
    ["an import that is not closed", "import { A\nblock D { relu }"],
    ["signs of other languages", "block A { relu → relu => conv 3×3; relu |> relu | relu }"],
    ["characters that mean nothing", "block Ä { cönv 3x3 @ § relu & relu }"],
    ["digits of other scripts", "block A { conv ٣x٣, 16 }"],
  ])("%s", async (_what, text) => {
    expect(await disagreements(text)).toEqual([]);
  });
});

test("tokens in any order, beside each other or apart, are coloured as they are lexed", async () => {
  const words = [...T.reservedWords, ...T.softWords].map(({ PATTERN }) => String(PATTERN));
  const signs = [
    "->",
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    "!",
    "=",
    "+",
    "-",
    "*",
    "/",
    "%",
    ",",
    ":",
    ";",
  ];
  const others = [
    "conv",
    "pad",
    "project",
    "A",
    "x1",
    "3",
    "3x3",
    "1e-4",
    "4.1G",
    ".5",
    '"a // b"',
    "'a'",
    "#",
  ];
  const pieces = [
    ...words,
    ...signs,
    ..."{}()[]",
    ...others,
    "\n",
    "// c\n",
    "/* d */",
    "→",
    "é",
    "\n/// e\n",
  ];
  const text = fc.array(
    fc.tuple(fc.constantFrom(...pieces), fc.constantFrom("", " ", " ", "  ", "\t")),
    {
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(text, async (parts) => {
      expect(await disagreements(parts.flat().join(""))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
