/** A name that another file declares is imported from there; paths of what ships with the compiler are known. */
import { expect, test } from "vitest";
import { shippedImports } from "../../src/check/imports.js";
import { standardImports } from "../../src/host/workspace-files.js";
import type { ReadResult } from "../../src/check/host.js";
import { check } from "../../src/check/check.js";
import { checkText, found, mended, MemoryHost } from "./memory-host.js";

const net = (head: string, step: string): string => `${head}network Net {
  input 32x32x3
  stage a: ${step}
  head { globalavgpool -> dense 10 }
}
`;

test("the paths of what ships are the files of its folder", () => {
  expect(shippedImports).toEqual(standardImports());
});

test("a block that ships is imported, into an import of its file if there is one", () => {
  const line = 'import { Basic } from "std/blocks"\n';
  expect(mended(net("", "2 x Basic(16)"))).toBe(net(`${line}\n`, "2 x Basic(16)"));
  const both = 'import { Basic, Bottleneck } from "std/blocks"\n';
  expect(mended(net(line, "Bottleneck(16)"))).toBe(net(both, "Bottleneck(16)"));
});

test("so is a block of a file that is imported already, before one that ships", () => {
  const others = { "own.resnet": "block Basic(width) { conv 3x3, width }\nblock Wide { relu }\n" };
  const line = 'import { Wide } from "own"\n';
  const [first] = checkText(net(line, "Basic(16)"), {}, others).diagnostics;
  expect(first?.help?.text).toBe('import `Basic` from "own"');
});

test.each([
  ["Bottelneck", "Bottleneck"],
  ["BasicBlock", "Basic"],
  ["BasicBlok", "Basic"],
  ["BottleneckBlock", "Bottleneck"],
])("of a block that ships, %s is taken for %s where that was meant", (written, meant) => {
  const spec = net("", `2 x ${written}(16)`);
  const [first] = found(spec);
  expect(first?.help?.text).toBe(`did you mean \`${meant}\` of "std/blocks"?`);
  expect(mended(spec)).toBe(spec);
  const line = `import { ${meant} } from "std/blocks"\n\n`;
  expect(mended(spec, { unsafe: true })).toBe(net(line, `2 x ${meant}(16)`));
});

test("a parameter that is a number is no block that there is", () => {
  const spec =
    "network Net(Unit, classes = 10) {\n  input 8x8x3\n  stage a: Foo\n  head { globalavgpool -> dense classes }\n}\n";
  expect(found(spec)[0]?.help?.text).toBe("there is `Unit`");
});

test("a name of the file itself that is near is offered as well", () => {
  const block = "block Basics(width) { conv 3x3, width }\n";
  const [first] = found(net(block, "Basic(16)"));
  expect(first?.help?.text).toBe('import `Basic` from "std/blocks"');
  expect(first?.alternatives?.map(({ text }) => text)).toEqual(["did you mean `Basics`?"]);
});

test("a path of what ships is never looked for in a folder", () => {
  const [first] = found(net('import { Basic } from "std/block"\n', "Basic(16)"));
  expect(first?.help?.text).toBe("did you mean `std/blocks`?");
  const [other] = found(net('import { Basic } from "std/resnet"\n', "Basic(16)"));
  expect(other?.help).toEqual({ text: "what ships with the compiler is `std/blocks`" });
});

test("no other file is read for a misspelt operation", () => {
  const paths: string[] = [];
  class Watched extends MemoryHost {
    override read(path: string): ReadResult {
      paths.push(path);
      return super.read(path);
    }
  }
  check("net.resnet", new Watched({ "net.resnet": net("", "2 x batchnrom") }));
  expect(paths).toEqual(["net.resnet"]);
});
