/** Recipes that do not suit their networks: told where they are written, and only where it is certain. */
import { describe, expect, it } from "vitest";
import type { CheckOptions } from "../../src/check/check.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { SourceFile, textOf } from "../../src/source/source.js";
import type { Expression } from "../../src/syntax/ast.js";
import { parseValue } from "../../src/syntax/parse.js";
import { checkText } from "./memory-host.js";

interface Parts {
  readonly input?: string;
  readonly head?: string;
  readonly settings?: string;
  readonly batch?: number;
}

function spec({ input = "32x32x3", head = "dense 10", settings = "", batch = 128 }: Parts): string {
  return `network Net {
  input ${input}
  stem { conv 3x3, 8 -> batchnorm -> relu }
  head classify { globalavgpool -> ${head} }
}
train it for Net {
  ${/\bdata /.test(settings) ? "" : 'data cifar10("data")'}
  optimizer sgd(0.1)
  batch ${batch}
  epochs 10
  ${settings}
}
`;
}

function found(parts: Parts, options: CheckOptions = {}): readonly Diagnostic[] {
  return checkText(spec(parts), options).diagnostics;
}

function textAt({ span }: Diagnostic): string {
  return span?.file.text.slice(span.start, span.end) ?? "";
}

/** The one finding: its code, what it stands at, and its message. */
function one(parts: Parts): readonly string[] {
  const all = found(parts);
  expect(all).toHaveLength(1);
  return all.flatMap((each) => [each.code, textAt(each), each.message]);
}

describe("images", () => {
  it("are held to a fixed input, at the step that gives them their size", () => {
    expect(one({ settings: "augment { flip -> crop 28 }" })).toEqual([
      "R0513",
      "28",
      "training images come to 28x28x3, and Net takes 32x32x3",
    ]);
    expect(one({ input: "64x64x3" })).toEqual([
      "R0513",
      'cifar10("data")',
      "training images come to 32x32x3, and Net takes 64x64x3",
    ]);
    const middle = "preprocess { shorter 40 -> centercrop size: 36 }\n  augment { resizedcrop 32 }";
    expect(one({ settings: middle })).toEqual([
      "R0513",
      "36",
      "validation images come to 36x36x3, and Net takes 32x32x3",
    ]);
    expect(one({ settings: "preprocess { shorter 40 }" })).toEqual([
      "R0513",
      "shorter 40",
      "training images come to 40x40x3, and Net takes 32x32x3",
    ]);
  });

  it("are held to the conditions of a symbolic one", () => {
    const [finding] = found({
      input: "[H, W, 3] where H % 32 == 0",
      settings: "preprocess { resize 225x224 }",
    });
    expect(finding?.message).toBe(
      "training images come to 225x224x3, and Net takes HxWx3 for H ≡ 0 (mod 32)",
    );
    expect(finding?.help?.text).toBe(
      "H = 225 is refused: the nearest sizes are 224 and 256; let `resize 225x224` in the recipe's " +
        "`preprocess` be to an admissible size",
    );
    expect(finding?.help?.edits).toBeUndefined();
    expect(found({ input: "[H, W, 3]", settings: "preprocess { resize 225x224 }" })).toEqual([]);
  });

  it("of a folder are known by their channels, and by a size that the recipe gives them", () => {
    const folder = 'data folder("images")';
    expect(found({ settings: folder })).toEqual([]);
    expect(found({ settings: `${folder}\n  preprocess { shorter 32 }` })).toEqual([]);
    expect(one({ input: "32x32x1", settings: folder })).toEqual([
      "R0513",
      'folder("images")',
      "training images come to 3 channels, and Net takes 32x32x1",
    ]);
    expect(one({ settings: `${folder}\n  preprocess { grey -> resize 32 }` })).toEqual([
      "R0513",
      "grey",
      "training images come to 32x32x1, and Net takes 32x32x3",
    ]);
    expect(one({ settings: `${folder}\n  preprocess { resize 30 }` })[0]).toBe("R0513");
  });

  it("have to be as large as a crop of them, its padding counted", () => {
    expect(one({ settings: "augment { flip -> crop 40, pad: 3 }" })).toEqual([
      "R0506",
      "crop 40, pad: 3",
      "`crop 40x40` does not fit into images of 32x32, and 38x38 with its padding",
    ]);
    const behind = "preprocess { resize 24x40 -> centercrop 32 }";
    expect(one({ settings: behind }).slice(0, 2)).toEqual(["R0506", "centercrop 32"]);
    const small = `data shapes(size: 40, classes: 8, validation: 0)
      preprocess { resize 24 -> centercrop 32 }`;
    const part = "augment { resizedcrop 32 }";
    expect(found({ head: "dense 8", settings: `${small}\n  ${part}` })).toEqual([]);
  });

  it("of training and of validation are told at once, where two settings are to be others", () => {
    const all = found({ input: "28x28x3", settings: "augment { crop 32, pad: 4 }" });
    expect(all.map(({ message }) => message)).toEqual([
      "validation images come to 32x32x3, and Net takes 28x28x3",
      "training images come to 32x32x3, and Net takes 28x28x3",
    ]);
    expect(all.map(textAt)).toEqual(['cifar10("data")', "32"]);
  });

  it("have an aspect, which `shorter` keeps", () => {
    const wide = "preprocess { resize 32x64 -> shorter 16 }";
    expect(found({ input: "16x32x3", settings: wide })).toEqual([]);
  });

  it("of validation are none where the data has none", () => {
    const shapes = (validation: number): string =>
      `data shapes(size: 40, classes: 8, validation: ${validation})\n  augment { crop 32 }`;
    expect(one({ head: "dense 8", settings: shapes(64) })[2]).toMatch(/^validation images come/);
    expect(found({ head: "dense 8", settings: shapes(0) })).toEqual([]);
  });
});

describe("the rest", () => {
  it.each([
    [{ head: "dense 100" }, "R0510", 'cifar10("data")'],
    [{ settings: "loss crossentropy(weights: [1, 2])" }, "R0510", "[1, 2]"],
    [{ settings: 'freeze ["stem", "conv2"]' }, "R0507", '"conv2"'],
    [{ settings: 'freeze "stm"' }, "R0507", '"stm"'],
    [{ settings: 'freeze ["stem", "classify"]' }, "R0508", '["stem", "classify"]'],
    [{ settings: 'rates within(["stem", "conv2"], 0.1)' }, "R0507", '"conv2"'],
    [{ settings: 'rates within(["stem", "classify"], [1, 2, 3])' }, "R0517", "[1, 2, 3]"],
    [{ settings: "droppath 0.1" }, "R0509", "0.1"],
    [{ batch: 50_001 }, "R0512", "50001"],
    [{ settings: "accumulate 129" }, "R0512", "129"],
    [{ settings: "augment { scale [40, 50] -> flip }" }, "R0512", "scale [40, 50]"],
    [{ settings: "preprocess { normalize mean: 0.5, std: [1, 1] }" }, "R0514", "[1, 1]"],
    [{ input: "[H, W, 3]", settings: "sizes growing(48, until: 4)" }, "R0515", "48"],
    [{ settings: "sizes growing(16, until: 4, by: 8)" }, "R0515", "growing(16, until: 4, by: 8)"],
  ])("of what %j says is %s", (parts, code, at) => {
    expect(one(parts).slice(0, 2)).toEqual([code, at]);
  });

  it("is in order", () => {
    expect(found({ settings: 'freeze "stem"', batch: 50_000 })).toEqual([]);
    expect(found({ input: "[H, W, 3]", settings: "sizes growing(16, until: 4, by: 8)" })).toEqual(
      [],
    );
    expect(found({ settings: "accumulate 128" })).toEqual([]);
  });

  it("of a head that ends in a map, and of nothing else then", () => {
    const text = spec({}).replace("globalavgpool -> dense 10", "conv 1x1, 100");
    const [finding, ...others] = checkText(text).diagnostics;
    expect(finding).toMatchObject({
      code: "R0511",
      message:
        "Net does not lead from images to classes: the head classify ends in a map, 32x32x100",
    });
    expect(others).toEqual([]);
  });

  it("of classes, with the edit of the number, whichever layer of the head has it", () => {
    for (const layers of [
      "conv 1x1, 100 -> globalavgpool",
      "globalavgpool -> dense(100, bias: true)",
    ]) {
      const text = spec({ settings: "" }).replace("globalavgpool -> dense 10", layers);
      const [finding] = checkText(text).diagnostics;
      const edits = finding?.help?.edits ?? [];
      expect([finding?.code, ...edits.map((edit) => [textOf(edit.span), edit.text])]).toEqual([
        "R0510",
        ["100", "10"],
      ]);
    }
  });

  it("of heads that tell different numbers of classes apart", () => {
    const text = spec({
      settings: "",
      head: "dense 10 }\n  head quality { globalavgpool -> dense 2",
    });
    const all = checkText(text).diagnostics;
    expect(all.map(({ code }) => code)).toEqual(["R0511"]);
    expect(all[0]?.message).toBe(
      "Net does not lead from images to classes: the head classify tells 10 of them apart, and quality 2",
    );
  });

  it("of a random scale that is not cropped, but not where a batch is one image, or it is no range", () => {
    const help = (input: string): string | undefined =>
      found({ input, settings: "augment { scale [40, 50] }" }).find(({ code }) => code === "R0512")
        ?.help?.text;
    expect(help("32x32x3")).toBe("put `crop 32x32` behind it");
    expect(help("48x32x3")).toBe("put `crop 48x32` behind it, and let it begin at 48 or more");
    expect(help("[H, W, 3]")).toBe("put `crop 40x40` behind it");
    const open = { input: "[H, W, 3]" };
    expect(found({ ...open, batch: 1, settings: "augment { scale [40, 50] }" })).toEqual([]);
    expect(found({ ...open, settings: "augment { scale [40, 40] }" })).toEqual([]);
  });

  it("of one number to normalise by", () => {
    const text = (batch: number): string =>
      spec({ batch, settings: "" }).replace("conv 3x3, 8", "conv 32x32, 8, pad: 0");
    const [finding, ...others] = checkText(text(1)).diagnostics;
    expect(finding?.code).toBe("R0516");
    expect(others).toEqual([]);
    expect(checkText(text(2)).diagnostics).toEqual([]);
  });
});

describe("only what is certain is told", () => {
  it("not of a network in error, or one that is not what is expected", () => {
    const wrong = spec({ settings: "" }).replace(
      "dense 10 }",
      "dense 100 }\n  expect { params == 1 }",
    );
    expect(checkText(wrong).diagnostics.map(({ code }) => code)).toEqual(["R0401"]);
  });

  it("not with other parameters than the written ones, nor where it is not asked for", () => {
    const text = spec({ head: "dense classes" }).replace("Net {", "Net(classes = 7) {");
    expect(checkText(text).diagnostics.map(({ code }) => code)).toEqual(["R0510"]);
    const value = parseValue(new SourceFile("<command line>", "8")).expression as Expression;
    expect(checkText(text, { parameters: new Map([["classes", value]]) }).diagnostics).toEqual([]);
    expect(checkText(text, { fit: false }).diagnostics).toEqual([]);
  });

  it("of what a command line gives, there, without an edit of the file", () => {
    const value = parseValue(new SourceFile("<command line>", '["stm"]')).expression;
    const recipe = [{ setting: "freeze", value: value as Expression }];
    const [finding] = found({ settings: 'freeze "stem"' }, { recipe });
    expect(finding?.message).toBe("Net has no place `stm`");
    expect(finding?.span?.file.path).toBe("<command line>");
    expect(finding?.help?.text).toMatch(/^did you mean `stem`/);
    expect(finding?.help?.edits).toBeUndefined();
  });
});
