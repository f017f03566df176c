/** What the formatter makes of single things: the left of each pair becomes the right. */
import { describe, expect, test } from "vitest";
import { formatted } from "./formatting.js";

/** The body of a block, on its lines. */
const block = (...lines: readonly string[]): string =>
  ["block A(w) {", ...lines.map((line) => (line === "" ? "" : `  ${line}`)), "}", ""].join("\n");

const cases: Readonly<Record<string, readonly [string, string]>> = {
  "a new line between operations stays": [block("relu", "relu"), block("relu", "relu")],
  "arrows bring operations onto one line": [
    block("conv 3x3,", "64", "-> batchnorm ->", "relu"),
    block("conv 3x3, 64 -> batchnorm -> relu"),
  ],
  "a chain that does not fit has an arrow to a line": [
    block(`conv 3x3, ${"w * ".repeat(18)}w, groups: 32 -> batchnorm -> relu`),
    block(`conv 3x3, ${"w * ".repeat(18)}w, groups: 32`, "  -> batchnorm", "  -> relu"),
  ],
  "arrows of neighbours are aligned, column by column": [
    block("conv 1x1, w -> batchnorm gamma: 0 -> relu", "conv 3x3, 64, /2 -> batchnorm -> relu"),
    block(
      "conv 1x1, w      -> batchnorm gamma: 0 -> relu",
      "conv 3x3, 64, /2 -> batchnorm          -> relu",
    ),
  ],
  "an empty line, a comment and a line without an arrow end a column": [
    block(
      "conv 1x1 -> relu",
      "",
      "relu -> relu",
      "// why",
      "conv 1x1, w -> relu",
      "relu",
      "a -> relu",
    ),
    block(
      "conv 1x1 -> relu",
      "",
      "relu -> relu",
      "// why",
      "conv 1x1, w -> relu",
      "relu",
      "a -> relu",
    ),
  ],
  "a comment at the end of a line does not": [
    block("conv 1x1 -> relu // one", "a -> relu // two"),
    block("conv 1x1 -> relu // one", "a        -> relu // two"),
  ],
  "comparisons are aligned": [
    "network A = B() {\n expect { params==1\n macs<2G } }\n",
    "network A = B() {\n  expect {\n    params == 1\n    macs   <  2G\n  }\n}\n",
  ],
  "braces stay on one line where they were, and fit": [
    "block A { gate { globalavgpool -> dense 4 }\n residual { relu } shortcut identity }\n",
    "block A {\n  gate { globalavgpool -> dense 4 }\n  residual { relu } shortcut identity\n}\n",
  ],
  "braces that were open stay open": [
    block("gate {", "  relu", "}"),
    block("gate {", "  relu", "}"),
  ],
  "shortcut begins a line": [
    block("residual {", "  relu", "} shortcut project always"),
    block("residual {", "  relu", "}", "shortcut project always"),
  ],
  "branches stay on one line where they were": [
    block("branches sum {{relu}{ }} as both"),
    block("branches sum { { relu } {} } as both"),
  ],
  "one empty line at most, and none at the edges": [
    "\n\nblock A {\n\n\n  relu\n\n\n\n  relu\n\n}\n\n\n\nblock B {}\n\n\n",
    "block A {\n  relu\n\n  relu\n}\n\nblock B {}\n",
  ],
  "a division keeps its space, a stride has none": [
    block("conv 3x3 , w/2 , / 2"),
    block("conv 3x3, w / 2, /2"),
  ],
  "numbers, texts and parentheses are as written": [
    'network A = B(1_000, 4.10G, ((2)), "a  b") {}\n',
    'network A = B(1_000, 4.10G, ((2)), "a  b") {}\n',
  ],
  "the numbers of a long list fill lines": [
    `network A = B([${"1000, ".repeat(20)}1])\n`,
    `network A = B([\n  ${"1000, ".repeat(15)}1000,\n  ${"1000, ".repeat(4)}1\n])\n`,
  ],
  "comments in arguments": [
    block("conv 3x3, // size", "  w // width", "relu( // none", ")"),
    block("conv 3x3, // size", "  w // width", "relu(", "  // none", ")"),
  ],
  "comments in and around braces": [
    block("gate // before", "{ // behind", "relu", "// last", "}", "gate {", "// alone", "}"),
    block(
      "gate {",
      "  // before",
      "  // behind",
      "  relu",
      "  // last",
      "}",
      "gate {",
      "  // alone",
      "}",
    ),
  ],
  "comments between braces and shortcut": [
    block("residual {", "  relu", "} // end", "// why", "shortcut pad"),
    block("residual {", "  relu", "} // end", "// why", "shortcut pad"),
  ],
  "comments along a chain": [
    block("a // one", "// two", "-> b -> // three", "c"),
    block("a // one", "  // two", "  -> b // three", "  -> c"),
  ],
  "comments at the end of the file": [
    "block A {}\n// end\n\n// really",
    "block A {}\n// end\n\n// really\n",
  ],
  "a file of comments": ["\n// a\n\n\n/// b\n", "// a\n\n/// b\n"],
  "documentation stays right above": [
    "/// what\nblock A {}\n/// apart\n\nblock B {}\n",
    "/// what\nblock A {}\n/// apart\n\nblock B {}\n",
  ],
  "prettier-ignore leaves an item as it is": [
    block("// prettier-ignore", "conv   3x3 ,w->relu", "conv 3x3 ,w->relu"),
    block("// prettier-ignore", "conv   3x3 ,w->relu", "conv 3x3, w -> relu"),
  ],
  "an empty file": ["", ""],
  "a file of space": [" \n\n", ""],
};

describe("a spec is laid out", () => {
  test.each(Object.entries(cases))("%s", async (_name, [before, after]) => {
    expect(await formatted(before)).toBe(after);
    expect(await formatted(after)).toBe(after);
  });
});

describe("options", () => {
  const text = "\ufeffblock A {\r\n  relu\r\n  relu\r\n}\r\n";

  test("line ends and the byte order mark", async () => {
    expect(await formatted(text)).toBe("\ufeffblock A {\n  relu\n  relu\n}\n");
    expect(await formatted(text, { endOfLine: "auto" })).toBe(text);
    expect(await formatted(text, { endOfLine: "crlf" })).toBe(text);
  });

  test("indentation", async () => {
    const plain = "block A {\n  relu\n  relu\n}\n";
    expect(await formatted(plain, { useTabs: true })).toBe("block A {\n\trelu\n\trelu\n}\n");
    expect(await formatted(plain, { tabWidth: 4 })).toBe("block A {\n    relu\n    relu\n}\n");
  });

  test("the mark that asks for formatting", async () => {
    const untidy = "block A{relu}\n";
    expect(await formatted(untidy, { requirePragma: true })).toBe(untidy);
    const marked = await formatted(untidy, { insertPragma: true });
    expect(marked).toBe("// @format\n\nblock A { relu }\n");
    expect(await formatted(`${marked}block B{relu}\n`, { requirePragma: true })).toContain(
      "B { relu }",
    );
  });

  test("a column that would make a line too long is left out", async () => {
    const before = block("conv 3x3, w, groups: 2 -> relu", "a -> batchnorm epsilon: 1e-3");
    expect(await formatted(before, { printWidth: 40 })).toBe(before);
  });
});
