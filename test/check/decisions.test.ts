/**
 * Merges are decided for every admissible size: known pairs of windows, and random ones against
 * arithmetic over the sizes 1 to 200.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, checkText, codesAndLines, render } from "./memory-host.js";

function network(input: string, body: string): string {
  return `network Net {\n  input ${input}\n${body}\n  head { globalavgpool -> dense 10 }\n}\n`;
}

function branches(left: string, right: string, input = "[H, W, 3]"): string {
  return network(input, `  branches sum {\n    { ${left} }\n    { ${right} }\n  }`);
}

function codes(text: string): string[] {
  return checkText(text).diagnostics.map(({ code }) => code);
}

describe("two branches of a symbolic input", () => {
  it.each([
    ["3x3 /2 and 1x1 /2", "conv 3x3, 8, /2", "conv 1x1, 8, /2"],
    ["two /2 and one /4", "conv 3x3, 8, /2 -> conv 3x3, 8, /2", "conv 1x1, 8, /4"],
    ["7x7 /2 and 3x3 /2", "conv 7x7, 8, /2", "maxpool 3x3, /2 -> conv 1x1, 8"],
    ["/2 /3 and /3 /2", "conv 1x1, 8, /2 -> conv 1x1, 8, /3", "conv 1x1, 8, /3 -> conv 1x1, 8, /2"],
    [
      "a pool that counts the last window",
      "avgpool 2x2, /2, ceil: true -> conv 1x1, 8",
      "conv 3x3, 8, /2",
    ],
    ["dilated and plain", "conv 3x3, 8, dilation: 4", "conv 1x1, 8"],
    ["upsampling by 6, and by 2 and 3", "upsample 6", "upsample 2 -> upsample 3"],
    ["up and down again", "upsample 2 -> conv 1x1, 3, /2", "relu"],
  ])("%s always agree", (_title, left, right) => {
    expect(codes(branches(left, right))).toEqual([]);
  });

  it.each([
    ["avgpool 2x2, /2 -> conv 1x1, 8", "conv 3x3, 8, /2", "H >= 2, W >= 2", "H = 3: 1 against 2", "H % 2 == 0, W % 2 == 0"],
    ["conv 3x3, 3, /2 -> upsample 2", "relu", "", "H = 1: 2 against 1", "H % 2 == 0, W % 2 == 0"],
    ["conv 3x3, 3, /4 -> upsample 4", "relu", "H % 2 == 0, W % 4 == 0", "H = 2: 4 against 2", "H % 4 == 0"],
    ["conv 3x3, 3, /32 -> upsample 32", "relu", "H > 40, W > 40", "H = 41: 64 against 41", "H % 32 == 0, W % 32 == 0"],
  ])("%s and %s where %s agree only for multiples", (left, right, where, smallest, limit) => {
    const input = `[H, W, 3]${where === "" ? "" : ` where ${where}`}`;
    const text = branches(left, right, input);
    const { diagnostics } = checkText(text);
    expect(codesAndLines(diagnostics)).toEqual(["R0302:5"]);
    expect(diagnostics[0]?.label).toContain(`the smallest size at which the heights differ is ${smallest}`);
    const { help, alternatives = [] } = diagnostics[0] ?? {};
    const helps = [...(help ? [help] : []), ...alternatives];
    expect(helps.at(-1)?.text).toBe(`limit the input: where ${limit}`);
    for (const { edits = [] } of helps) expect(codes(applyEdits(text, edits))).toEqual([]);
  }); // prettier-ignore

  it.each([
    ["conv 3x3, 3, pad: 0", "relu", "H >= 3, W >= 3"],
    ["conv 1x1, 3, /2", "relu", "H >= 2, W >= 2"],
    ["globalavgpool", "relu", "H >= 2, W >= 2"],
    ["avgpool 2x2, /2", "conv 3x3, 3, /2", "H % 2 == 1, W >= 2, H >= 2"],
  ])("%s and %s where %s never agree, and no limit mends it", (left, right, where) => {
    const { diagnostics } = checkText(branches(left, right, `[H, W, 3] where ${where}`));
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0302"]);
    const { help, notes = [], alternatives } = diagnostics[0] ?? {};
    // A vector is told not to be a map; of maps, when they agree is a note beside what mends it.
    if (left === "globalavgpool") {
      expect(help?.text).toContain("cannot be spread over a map here");
    } else {
      expect(notes[0]?.startsWith("they agree for no admissible size")).toBe(true);
      if (help) expect(help.text).toMatch(/`ceil|^put `upsample 2`/);
    }
    expect(alternatives).toBeUndefined();
  });

  it.each([
    ["conv 3x3, 3, /2, pad: 0 -> upsample 2", "conv 2x2, 3, pad: 0", "H >= 4, W % 2 == 1, W >= 3", "H % 2 == 1"],
    ["conv 2x2, 3, /3, pad: 0 -> upsample 3", "conv 2x2, 3, pad: 0", "H >= 40, W >= 40", "H % 3 == 1, W % 3 == 1"],
    ["conv 1x1, 3, /3", "conv 2x2, 3, pad: 1, /3", "H >= 6, W >= 6", "H % 3 != 0, W % 3 != 0"],
    ["conv [1, 1], 3, /[72, 1] -> upsample [72, 1]", "relu", "", "H % 72 == 0"],
  ])("%s and %s where %s agree just where %s", (left, right, where, limit) => {
    const text = branches(left, right, `[H, W, 3]${where === "" ? "" : ` where ${where}`}`);
    const { diagnostics } = checkText(text);
    expect(codesAndLines(diagnostics)).toEqual(["R0302:5"]);
    expect(diagnostics[0]?.help?.text).toBe(`limit the input: where ${limit}`);
    expect(codes(applyEdits(text, diagnostics[0]?.help?.edits ?? []))).toEqual([]);
  }); // prettier-ignore

  it.each([
    ["conv 1x1, 3, /2", "relu", "W == 1", "they agree only for H = 1"],
    ["conv 3x3, 3, /[16, 1] -> upsample [16, 1]", "conv 3x3, 3, /[16, 1], pad: [0, 1] -> conv 1x1, 3, pad: [1, 0]", "H >= 3", "they agree for no admissible size"],
  ])("%s and %s where %s: %s", (left, right, where, said) => {
    const { diagnostics } = checkText(branches(left, right, `[H, W, 3] where ${where}`));
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0302"]);
    expect(diagnostics[0]?.notes[0]).toBe(said);
  }); // prettier-ignore

  it("both axes of a square input are limited together", () => {
    const left = "conv 1x1, 3, /[4, 1] -> upsample [4, 1]";
    const right = "conv 1x1, 3, /[1, 6] -> upsample [1, 6]";
    const text = branches(left, right, "[H, H, 3]");
    const { diagnostics } = checkText(text);
    expect(diagnostics.map(({ help }) => help?.text)).toEqual([
      "limit the input: where H % 12 == 0",
    ]);
    expect(codes(applyEdits(text, diagnostics[0]?.help?.edits ?? []))).toEqual([]);
  });

  it("height and width of one size and of two", () => {
    expect(codes(branches("relu", "relu", "[H, H, 3]"))).toEqual([]);
    const swapped = "branches sum { { conv [1, 2], 3, pad: 0 } { conv [2, 1], 3, pad: 0 } }";
    expect(codes(network("[H, W, 3] where H > 1, W > 1", `  ${swapped}`))).toEqual(["R0302"]);
    expect(codes(network("[32, W, 3]", "  conv 3x3, 8, /2"))).toEqual([]);
  });
});

describe("shortcuts", () => {
  it.each(["pad", "project", "project always"])("`%s` follows the stride on odd sizes", (form) => {
    const residual = `  residual { conv 3x3, 8, /2 -> conv 3x3, 8, /2 }\n  shortcut ${form}`;
    expect(codes(network("[H, W, 3]", residual))).toEqual([]);
    for (const size of [1, 2, 3, 5, 7, 31, 33]) {
      expect(codes(network(`${size}x${size}x3`, residual))).toEqual([]);
    }
  });

  it("a stride and an enlargement cancel", () => {
    const residual = "  residual { conv 3x3, 8, /2 -> upsample 2 }\n  shortcut project";
    expect(codes(network("32x32x3", residual))).toEqual([]);
    expect(codes(network("33x33x3", residual))).toEqual(["R0309"]);
  });

  it.each([
    ["1x1 map", "7x7x16", "avgpool 7x7, pad: 0"],
    ["1x7 map", "7x7x16", "avgpool [7, 1], pad: 0"],
    ["one channel", "7x7x16", "conv 1x1, 1"],
    ["vector", "7x7x16", "globalavgpool"],
  ])("a sum does not broadcast a %s", (_title, input, shortcut) => {
    const residual = `  residual { conv 3x3, 16 }\n  shortcut { ${shortcut} }`;
    expect(codes(network(input, residual))).toEqual(["R0301"]);
  });

  it("a gate scales by one factor per channel or per value, and by nothing else", () => {
    const gate = (body: string): string[] => codes(network("8x8x16", `  gate { ${body} }`));
    expect(gate("globalavgpool -> dense 16")).toEqual([]);
    expect(gate("avgpool 8x8, pad: 0")).toEqual([]);
    expect(gate("conv 3x3, 16 -> sigmoid")).toEqual([]);
    expect(gate("globalavgpool -> dense 8")).toEqual(["R0306"]);
    expect(gate("conv 1x1, 1")).toEqual(["R0306"]);
    expect(gate("avgpool [8, 1], pad: 0")).toEqual(["R0306"]);
    expect(gate("globalavgpool -> dense 1")).toEqual(["R0306"]);
  });
});

describe("a gate of a map's size", () => {
  const gated = (body: string, input: string): string => network(input, `  gate { ${body} }`);

  it("fails at its smallest size, and a limit mends it", () => {
    const text = gated("conv 3x3, 3, /2 -> upsample 2 -> sigmoid", "[H, W, 3] where H % 4 == 0");
    const { diagnostics } = checkText(text);
    expect(codesAndLines(diagnostics)).toEqual(["R0306:3"]);
    expect(diagnostics[0]?.label).toBe(
      "the smallest size at which the widths differ is W = 1: 1 against 2",
    );
    expect(diagnostics[0]?.help?.text).toBe("limit the input: where W % 2 == 0");
    expect(codes(applyEdits(text, diagnostics[0]?.help?.edits ?? []))).toEqual([]);
  });

  it("may fail at every size", () => {
    const { diagnostics } = checkText(gated("conv 3x3, 3, pad: 0", "[H, W, 3] where H > 2, W > 2"));
    expect(codesAndLines(diagnostics)).toEqual(["R0306:3"]);
    expect(diagnostics[0]?.label).toContain("H = 3: 3 against 1");
    expect(diagnostics[0]?.notes).toEqual(["they agree for no admissible size"]);
  });
});

describe("a window larger than the smallest map", () => {
  it.each([
    ["[H, W, 3]", "  conv 5x5, 8, pad: 0 -> conv 5x5, 8, pad: 0", "H >= 9, W >= 9"],
    ["[H, H, 3]", "  conv 7x7, 8, /2, pad: 0 -> maxpool 3x3, /2, pad: 0", "H >= 11"],
    ["[H, W, 3] where H % 8 == 0, W >= 50", "  conv 9x9, 8, pad: 0", "H >= 16"],
    ["[H, 9, 3] where H != 12", "  conv [12, 3], 8, pad: 0", "H >= 13"],
    ["[H, W, 3]", "  maxpool 2x2, /2 -> maxpool 2x2, /2 -> maxpool 2x2, /2", "H >= 8, W >= 8"],
  ])("%s,%s needs %s", (input, body, limit) => {
    const text = network(input, body);
    const { diagnostics } = checkText(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0303"]);
    expect(diagnostics[0]?.help?.text).toBe(`limit the input: where ${limit}`);
    const mended = applyEdits(text, diagnostics[0]?.help?.edits ?? []);
    expect(codes(mended), mended).toEqual([]);
    // One less is not enough.
    const less = mended.replace(
      /(where|,) H >= (\d+)/,
      (_all, word, least) => `${word} H >= ${least - 1}`,
    );
    if (!input.includes("where")) expect(codes(less), less).toEqual(["R0303"]);
  });

  it("cannot be mended where every size is too small", () => {
    const { diagnostics } = checkText(network("[H, 32, 3] where H <= 4", "  conv 5x5, 8, pad: 0"));
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0303"]);
    expect(diagnostics[0]?.help?.edits).toBeUndefined();
  });
});

/** One operation on an extent, as the language writes it and as arithmetic. */
interface Step {
  readonly text: string;
  at(size: number): number;
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 4 }),
      pad: fc.integer({ min: 0, max: 2 }),
      ceil: fc.boolean(),
    })
    .filter(({ kernel, pad }) => pad < kernel)
    .map(({ kernel, stride, pad, ceil }) => ({
      text: `maxpool ${kernel}, /${stride}, pad: ${pad}, ceil: ${ceil}`,
      at(size: number): number {
        const turns = (size + 2 * pad - kernel) / stride;
        if (!ceil) return Math.floor(turns) + 1;
        // The last window begins inside the map or its near padding.
        let count = Math.ceil(turns) + 1;
        while ((count - 1) * stride >= size + pad) count--;
        return count;
      },
    })),
  fc.integer({ min: 1, max: 3 }).map((factor) => ({
    text: `upsample ${factor}`,
    at: (size: number): number => size * factor,
  })),
);
const chains = fc.array(steps, { minLength: 1, maxLength: 3 });

const conditions = fc.constantFrom(
  { text: "H >= 1", admits: () => true },
  { text: "H % 2 == 0", admits: (size: number) => size % 2 === 0 },
  { text: "H % 4 == 0, H > 9", admits: (size: number) => size % 4 === 0 && size > 9 },
  { text: "H % 3 != 1", admits: (size: number) => size % 3 !== 1 },
  { text: "H >= 17, H != 20", admits: (size: number) => size >= 17 && size !== 20 },
  { text: "H < 40", admits: (size: number) => size < 40 },
);

/** What arithmetic says: every extent on the way is at least 1, and both ways end alike. */
function verdictAt(
  size: number,
  left: readonly Step[],
  right: readonly Step[],
): "small" | "differ" | "fine" {
  const ends = [left, right].map((chain) =>
    chain.reduce((extent, step) => (extent < 1 ? extent : step.at(extent)), size),
  );
  if (ends.some((end) => end < 1)) return "small";
  return ends[0] === ends[1] ? "fine" : "differ";
}

describe("random residuals with a shortcut of their own", () => {
  it("are decided as arithmetic over the sizes 1 to 200 does", () => {
    fc.assert(
      fc.property(chains, chains, conditions, (left, right, { text, admits }) => {
        const chain = (all: readonly Step[]): string => all.map((step) => step.text).join(" -> ");
        const spec = network(
          `[H, 64, 3] where ${text}`,
          `  residual { ${chain(left)
            .replace(/maxpool (\d)/g, "maxpool [$1, 1]")
            .replace(/\/(\d)/g, "/[$1, 1]")
            .replace(/pad: (\d)/g, "pad: [$1, 0]")
            .replace(/upsample (\d)/g, "upsample [$1, 1]")} }\n` +
            `  shortcut { ${chain(right)
              .replace(/maxpool (\d)/g, "maxpool [$1, 1]")
              .replace(/\/(\d)/g, "/[$1, 1]")
              .replace(/pad: (\d)/g, "pad: [$1, 0]")
              .replace(/upsample (\d)/g, "upsample [$1, 1]")} }`,
        );
        const sizes = Array.from({ length: 200 }, (_, index) => index + 1).filter(admits);
        const verdicts = new Map(sizes.map((size) => [size, verdictAt(size, left, right)]));
        const { diagnostics } = checkText(spec);
        const found = diagnostics.map(({ code }) => code).sort();
        const small = sizes.some((size) => verdicts.get(size) === "small");
        const differing = sizes.filter((size) => verdicts.get(size) === "differ");
        // Where the sides differ at every size, that comes first: what is wrong there may use small sizes up.
        const isFirst = found.includes("R0301") && !found.includes("R0303");
        expect(found.includes("R0303") || isFirst, `${spec}\n${render(diagnostics)}`).toBe(
          small || isFirst,
        );
        expect(found.includes("R0301"), `${spec}\n${render(diagnostics)}`).toBe(
          differing.length > 0,
        );
        if (differing.length > 0 && !small) {
          expect(render(diagnostics).replace(/\s+\|?\s+/g, " ")).toContain(
            `the heights differ is H = ${differing[0]}:`,
          );
        }
      }),
      { seed: 20151210, numRuns: 400 },
    );
  });
});
