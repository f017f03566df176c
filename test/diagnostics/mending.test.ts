import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { diagnostic, type Diagnostic } from "../../src/diagnostics/diagnostic.js";
import type { Texts } from "../../src/diagnostics/edits.js";
import { SourceFile, type Span } from "../../src/source/source.js";
import { OverlayHost } from "../../src/check/overlay-host.js";
import { mend, type Mended, type MendOptions } from "../../src/diagnostics/mending.js";
import { MemoryHost } from "../check/memory-host.js";

/** Mends `spec.resnet` among other files. */
function mendText(
  text: string,
  others: Readonly<Record<string, string>> = {},
  options: MendOptions = {},
): Mended {
  const host = new MemoryHost({ ...others, "spec.resnet": text });
  return mend((texts) => check("spec.resnet", new OverlayHost(host, texts)).diagnostics, options);
}

const network = (body: string): string => `network Net(classes = 10) {
  input 32x32x3
${body}
  head { globalavgpool -> dense classes }
}
`;

describe("what is mended", () => {
  test("several mistakes, of syntax, names and shapes, one after the other", () => {
    const text = network(`  stem { cnov 3x3, 16; -> batchnrom }
  residual { conv 3x3, 32 } shortcut identity`);
    const { texts, mends, left } = mendText(text);
    expect(texts.get("spec.resnet")).toBe(
      network(`  stem { conv 3x3, 16 -> batchnorm }
  residual { conv 3x3, 32 } shortcut project`),
    );
    expect(mends.map(({ code }) => code).sort()).toEqual(["R0102", "R0201", "R0201", "R0301"]);
    expect(left).toEqual([]);
  });

  test("a file that is imported", () => {
    const wide = "block Wide(width) {\n  residual { conv 3x3, width }\n  shortcut identity\n}\n";
    const text = `import { Wide } from "./wide"\n${network("  Wide(16)")}`;
    const { texts } = mendText(text, { "wide.resnet": wide });
    expect([...texts]).toEqual([["wide.resnet", wide.replace("identity", "project")]]);
  });

  test("no file that may not be changed", () => {
    const wide = "block Wide(width) {\n  residual { conv 3x3, width }\n  shortcut identity\n}\n";
    const text = `import { Wide } from "./wide"\n${network("  Wide(16)")}`;
    const mayChange = (path: string): boolean => path === "spec.resnet";
    const { texts, left } = mendText(text, { "wide.resnet": wide }, { mayChange });
    expect(texts.size).toBe(0);
    expect(left.map(({ code }) => code)).toEqual(["R0301"]);
  });

  test("an expectation only where unsafe mends are asked for", () => {
    const text = network("  expect {\n    params == 1\n    macs >= 100G\n  }");
    const safe = mendText(text);
    expect([safe.texts.size, safe.left.length, safe.unsafe]).toEqual([0, 2, 2]);
    const all = mendText(text, {}, { unsafe: true });
    expect(all.texts.get("spec.resnet")).toContain("params == 40\n    macs >= 30\n");
    expect([all.left, all.unsafe]).toEqual([[], 0]);
  });
});

describe("what is found of a mend", () => {
  test("each stands where it is in the text that came out", () => {
    const text = network(`  stem { cnov 3x3, 16; -> batchnrom }\n  rleu`);
    const { texts, mends } = mendText(text);
    const after = texts.get("spec.resnet") ?? "";
    const there = mends.map(({ offset, now }) => [now, after.slice(offset, offset + now.length)]);
    expect(there).toHaveLength(4);
    for (const [now, at] of there) expect(at).toBe(now);
  });
});

test("a flood of mistakes that no mend ends is given up, after a number of tries that falls with its size", () => {
  const tries = (count: number): number => {
    const host = new MemoryHost({ "spec.resnet": "}".repeat(count) });
    let checks = 0;
    mend((texts) => {
      checks++;
      return check("spec.resnet", new OverlayHost(host, texts)).diagnostics;
    });
    return checks;
  };
  expect(tries(200)).toBeLessThan(500);
  expect(tries(2000)).toBeLessThan(50);
});

test("thousands of mends that do not touch are made at once", () => {
  const { mends, left } = mendText(network("  relu;\n".repeat(4000)));
  expect(mends).toHaveLength(4000);
  expect(left).toEqual([]);
});

describe("a mend that would make it worse is not kept", () => {
  /** Finds that a comma is missing between `pad` and `1`, and then what is wrong with each that it parts. */
  const findComma =
    (faults: readonly string[]) =>
    (texts: Texts): readonly Diagnostic[] => {
      const file = new SourceFile("comma.resnet", texts.get("comma.resnet") ?? "conv 3x3, pad 1");
      const at = (word: string): Span =>
        file.span(file.text.indexOf(word), file.text.indexOf(word) + word.length);
      if (file.text.includes("pad,")) {
        return faults.map((word) => diagnostic("R0206", at(word), { callee: "conv", most: "2" }));
      }
      const end = at("pad").end;
      const edits = [{ span: file.span(end, end), text: "," }];
      const holes = { expected: "`,`", found: "1" };
      return [diagnostic("R0101", at("1"), holes, { help: { text: "put a comma", edits } })];
    };

  test("one that leaves several findings where it was made", () => {
    const { texts, refused, left } = mend(findComma(["pad", "1"]));
    expect([texts.size, refused, left.map(({ code }) => code)]).toEqual([0, 1, ["R0101"]]);
  });

  test("but one that leaves another in the place of the first", () => {
    const { texts, refused } = mend(findComma(["1"]));
    expect([texts.get("comma.resnet"), refused]).toEqual(["conv 3x3, pad, 1", 0]);
  });

  const code = "R0106";
  const spoil = (first: string, second: string): Mended => {
    const host = new MemoryHost({ "spec.resnet": "good bad" });
    return mend((texts) => {
      const { file } = new OverlayHost(host, texts).read("spec.resnet");
      if (file === undefined) throw new Error("there is no file");
      return [...file.text.matchAll(/bad|worse/g)].map((match) => {
        const span = file.span(match.index, match.index + match[0].length);
        const edits = [{ span, text: match[0] === "bad" ? first : second }];
        return {
          code,
          severity: "error",
          message: "",
          span,
          related: [],
          notes: [],
          help: { text: "", edits },
        } as const;
      });
    });
  };

  test("where another error comes in its place", () => {
    const { texts, mends, refused, left } = spoil("worse", "fine");
    expect([texts.size, mends.length, refused, left.length]).toEqual([0, 0, 1, 1]);
  });

  test("where the error stays", () => {
    expect(spoil("bad", "fine")).toMatchObject({ refused: 1, mends: [] });
  });

  test("and one that mends is", () => {
    expect(spoil("fine", "fine").texts.get("spec.resnet")).toBe("good fine");
  });
});
