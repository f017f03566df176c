/**
 * The sizes that a graph carries are those at which the whole network is sound: against arithmetic over
 * the sizes 1 to 300, and against the checker itself at single sizes.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph, SymbolSizes } from "../../src/graph/graph.js";
import { printTakenImages, refusedSizes } from "../../src/graph/refused-sizes.js";
import { sizesOf } from "../../src/graph/sizes.js";
import { verifyGraph } from "../../src/graph/verify.js";
import {
  intersectSizes,
  listSizes,
  noSize,
  printSizeSet,
  sameSizes,
} from "../../src/shapes/index.js";
import { checkText } from "../check/memory-host.js";
import { graphOf, graphsOf, network } from "./checked.js";

const last = 300;

/** One operation along the height, as the language writes it and as arithmetic. */
interface Step {
  readonly text: string;
  at(size: number): number;
}

/** The number of windows that fit, one after the other: the definition, not the formula. */
function windows(
  size: number,
  covered: number,
  stride: number,
  pad: number,
  ceil: boolean,
): number {
  let count = 0;
  for (let begin = -pad; ; begin += stride) {
    const isWhole = begin + covered <= size + pad;
    const hangsOver = ceil && begin + covered < size + pad + stride && begin < size;
    if (!isWhole && !hangsOver) return count;
    count += 1;
  }
}

const convolutions: fc.Arbitrary<Step> = fc
  .record({
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    pad: fc.integer({ min: 0, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kernel, stride, pad, dilation }) => ({
    text: `conv [${kernel}, 1], 3, /[${stride}, 1], pad: [${pad}, 0], dilation: ${dilation}`,
    at: (size) => windows(size, dilation * (kernel - 1) + 1, stride, pad, false),
  }));

const pools: fc.Arbitrary<Step> = fc
  .record({
    name: fc.constantFrom("maxpool", "avgpool"),
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    pad: fc.integer({ min: 0, max: 2 }),
    ceil: fc.boolean(),
  })
  .filter(({ kernel, pad }) => pad < kernel)
  .map(({ name, kernel, stride, pad, ceil }) => ({
    text: `${name} [${kernel}, 1], /[${stride}, 1], pad: [${pad}, 0], ceil: ${ceil}`,
    at: (size) => windows(size, kernel, stride, pad, ceil),
  }));

const upsamplings: fc.Arbitrary<Step> = fc.integer({ min: 2, max: 4 }).map((factor) => ({
  text: `upsample [${factor}, 1]`,
  at: (size) => size * factor,
}));

const chains = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: convolutions },
    { weight: 2, arbitrary: pools },
    { weight: 2, arbitrary: upsamplings },
  ),
  { minLength: 1, maxLength: 3 },
);

/** Unrelated chains, and chains that differ in one operation, which agree more often. */
const pairs = fc.oneof(
  fc.tuple(chains, chains),
  fc.tuple(chains, fc.oneof(convolutions, pools), fc.oneof(convolutions, pools)).map(
    ([chain, one, other]) =>
      [
        [...chain, one],
        [...chain, other],
      ] as const,
  ),
  fc.tuple(chains, chains, fc.integer({ min: 2, max: 4 })).map(([chain, after, factor]) => {
    const down = {
      text: `conv [1, 1], 3, /[${factor}, 1]`,
      at: (x: number) => Math.ceil(x / factor),
    };
    const up = { text: `upsample [${factor}, 1]`, at: (x: number) => x * factor };
    return [
      [...chain, down, up, ...after],
      [...chain, ...after],
    ] as const;
  }),
);

function isSound(size: number, chain: readonly Step[]): number {
  return chain.reduce((extent, step) => (extent < 1 ? 0 : step.at(extent)), size);
}

describe("random networks", () => {
  it("are sound for just the sizes that arithmetic and the checker find, in 1500 networks", () => {
    let seen = 0;
    fc.assert(
      fc.property(
        pairs,
        fc.nat(),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom("branches sum", "branches concat"),
        ([left, right], choice, single, merge) => {
          const sound = Array.from({ length: last }, (_, index) => index + 1).filter((size) => {
            const end = isSound(size, left);
            return end >= 1 && end === isSound(size, right);
          });
          const text = (chain: readonly Step[]): string =>
            chain.map((step) => step.text).join(" -> ");
          const spec = (input: string): string =>
            `network Net {\n  input ${input}\n  ${merge} { { ${text(left)} } { ${text(right)} } }\n` +
            "  head { globalavgpool -> dense 10 }\n}\n";
          const atOnce = checkText(spec(`[${single}, 8, 3]`)).diagnostics.length === 0;
          expect(atOnce).toBe(sound.includes(single));
          const size = sound[choice % Math.max(1, sound.length)];
          if (size === undefined) return;
          seen += 1;
          const [sizes] = graphOf(spec(`[H, 8, 3] where H == ${size}`)).sizes ?? [];
          expect(sizes?.text).toBe(`H = ${size}`);
          const { sound: found } = sizes as SymbolSizes;
          expect(listSizes(found, last + 1).filter((each) => each <= last)).toEqual(sound);
        },
      ),
      { seed: 20260101, numRuns: 1500 },
    );
    expect(seen).toBeGreaterThan(500);
  });
});

describe("the sizes of a network", () => {
  const textsOf = (graph: Graph): readonly (readonly string[])[] =>
    sizesOf(graph).map(({ symbol, text, sound }) => [text, printSizeSet(symbol, sound)]);

  it.each([
    ["[H, W, 3] where H % 64 == 0", "branches sum { { conv 3x3, 3, /32 -> upsample 32 } { relu } }", "W % 32 == 0", [["H ≡ 0 (mod 64)", "H ≡ 0 (mod 32)"], ["W ≡ 0 (mod 32)", "W ≡ 0 (mod 32)"]]],
    ["[H, 64, 3] where H >= 40", "conv 33x33, 8, pad: 0", "", [["any H >= 40", "any H >= 33"]]],
    ["[H, H, 3]", "conv 3x3, 8, /2", "", [["any H", "any H"]]],
    ["[H, H, 3] where H % 6 == 0", "branches sum { { conv [3, 1], 3, /[2, 1] -> upsample [2, 1] } { conv [1, 3], 3, /[1, 3] -> upsample [1, 3] } }", "", [["H ≡ 0 (mod 6)", "H ≡ 0 (mod 6)"]]],
    ["[H, 8, 3] where H == 4", "gate { conv [3, 1], 3, /[2, 1] -> upsample [2, 1] -> sigmoid }", "", [["H = 4", "H ≡ 0 (mod 2)"]]],
    ["[H, 8, 3] where H == 4", "gate { globalavgpool -> dense 3 -> sigmoid }", "", [["H = 4", "any H"]]],
    ["[H, 8, 3] where H <= 3", "conv 3x3, 8", "", [["H from 1 to 3", "any H"]]],
    ["[H, 8, 3] where H >= 20, H != 96, H % 32 == 0", "conv 3x3, 8", "", [["H ≡ 0 (mod 32) but 96", "any H"]]],
  ])("of %s with %s", (input, body, more, texts) => {
    const where = more === "" ? input : `${input}, ${more}`;
    const graph = network(where, body);
    expect(textsOf(graph)).toEqual(texts);
    expect(verifyGraph(graph)).toEqual([]);
  }); // prettier-ignore

  it("of one size are not spoken of", () => {
    const graph = network("224x224x3", "conv 3x3, 8");
    expect("sizes" in graph).toBe(false);
    expect(sizesOf(graph)).toEqual([]);
  });

  it("survive JSON, and are computed where a graph lacks them", () => {
    const graph = network("[H, W, 3] where H % 32 == 0", "conv 3x3, 8");
    const read = JSON.parse(JSON.stringify(graph)) as Graph;
    expect(read.sizes).toEqual(graph.sizes);
    const { sizes, ...without } = read;
    expect(sizesOf(without)).toEqual(sizes);
  });

  it("are not carried where conditions have no closed form to write down", () => {
    const conditions = [...[211, 223, 227, 229, 233, 239].entries()]
      .map(([index, prime]) => `H % ${prime} != ${index + 1}`)
      .join(", ");
    const graph = network(`[H, 8, 3] where ${conditions}`, "conv 3x3, 8");
    expect(graph.sizes).toBeUndefined();
    expect(refusedSizes(graph, [1, 8])).toEqual(["H = 1 is refused"]);
    expect(refusedSizes(graph, [300, 8])).toEqual([]);
  });

  it("that were changed by hand are a fault", () => {
    const graph = network("[H, W, 3] where H % 32 == 0", "conv 3x3, 8");
    const [first, ...others] = graph.sizes ?? [];
    const sizes = [{ ...(first as SymbolSizes), text: "any H" }, ...others];
    expect(verifyGraph({ ...graph, sizes })).toEqual([
      "its sizes are not what its domains and nodes come to",
    ]);
  });

  it("of every published network include those that are declared", () => {
    const published = readFileSync("specs/resnet.resnet", "utf8");
    const text = published
      .replace("224x224x3", "[H, W, 3] where H % 32 == 0, W % 32 == 0")
      .replace(/^ {2}expect \{[^}]*\}$/gm, "");
    const graphs = [...graphsOf("resnet.resnet", { "resnet.resnet": text }).values()];
    expect(graphs.length).toBeGreaterThan(0);
    for (const { sizes = [] } of graphs) {
      expect(sizes.map(({ symbol }) => symbol)).toEqual(["H", "W"]);
      for (const { admitted, sound } of sizes) {
        expect(admitted.modulus).toBe(32);
        expect(sameSizes(intersectSizes(admitted, sound) ?? noSize, admitted)).toBe(true);
      }
    }
  });
});

describe("a size that is refused", () => {
  const graph = network("[H, W, 3] where H % 32 == 0, W >= 64, W <= 128, W != 100", "conv 3x3, 8");

  it.each([
    [[32, 64], []],
    [[33, 64], ["H = 33 is refused: the nearest sizes are 32 and 64"]],
    [[7, 64], ["H = 7 is refused: the smallest size is 32"]],
    [[96, 100], ["W = 100 is refused: the nearest sizes are 99 and 101"]],
    [[31, 500], ["H = 31 is refused: the smallest size is 32", "W = 500 is refused: the largest size is 128"]],
  ] as const)("%j: %j", (size, refused) => {
    expect(refusedSizes(graph, size)).toEqual(refused);
  }); // prettier-ignore

  it("stands beside what is taken", () => {
    expect(printTakenImages(graph)).toBe("HxWx3 for H ≡ 0 (mod 32), W from 64 to 128 but 100");
    const square = network("[S, S, 3]", "conv 3x3, 8");
    expect(printTakenImages(square)).toBe("SxSx3");
    expect(refusedSizes(square, [32, 48])).toEqual(["S cannot be both 32 and 48"]);
    const fixed = network("32x48x3", "conv 3x3, 8");
    expect(refusedSizes(fixed, [30, 48])).toEqual(["the height is 32, not 30"]);
  });
});
