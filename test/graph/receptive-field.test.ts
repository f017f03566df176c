/**
 * Receptive fields by the recurrence r' = r + d (k - 1) j, j' = j s, worked out by hand (Araujo, Norris
 * and Sim 2019, eq. 2), and behind `upsample` those of single outputs, each followed back by itself.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastMapField, receptiveFields } from "../../src/graph/receptive-field.js";
import { graphOf, graphsOf, network } from "./checked.js";

describe("the receptive field", () => {
  it.each([
    ["conv 1x1, 8", [1, 1], [1, 1]],
    ["conv 3x3, 8 -> conv 3x3, 8", [5, 5], [1, 1]],
    ["conv 3x3, 8, /2 -> conv 3x3, 8", [7, 7], [2, 2]],
    ["conv 3x3, 8, dilation: 4", [9, 9], [1, 1]],
    ["conv [1, 5], 8, /[1, 3] -> maxpool [3, 1], /2", [3, 5], [2, 6]],
    // Three neighbours behind `upsample 2` are of two outputs before it, which see 3 at distance 2.
    ["conv 3x3, 8, /2 -> upsample 2 -> conv 3x3, 8", [5, 5], [1, 1]],
    // Of four that are alike, three neighbours are of one or of two.
    ["maxpool 4x4, /4 -> upsample 4 -> conv 3x3, 8", [8, 8], [1, 1]],
    ["maxpool 4x4, /4 -> upsample 4 -> conv 7x7, 8", [12, 12], [1, 1]],
    ["maxpool 4x4, /4 -> upsample 4 -> maxpool 2x2, /2", [4, 4], [2, 2]],
    // Every third of neighbours, of which two see two pixels, sees one.
    ["upsample 3 -> conv 2x2, 8, pad: 0 -> conv 1x1, 8, /3", [1, 1], [1, 1]],
    // The larger of two ways counts.
    ["residual { conv 5x5, 8 }\nshortcut { conv 3x3, 8 }", [5, 5], [1, 1]],
    ["residual { conv 3x3, 8, /2 }\nshortcut pad", [3, 3], [2, 2]],
    // A gate has seen the whole image.
    ["gate { globalavgpool -> dense 8 }", [Infinity, Infinity], [1, 1]],
  ])("of %s", (body, size, step) => {
    expect(lastMapField(network("64x64x8", body))).toEqual({ size, step });
  });

  // Stem: 7, then 7 + 2 * 2 = 11 at distance 4. A stage of n blocks whose 3x3 convolutions stand at
  // distance j adds 2 j for each.
  it.each([
    // 11 + 3*8 + (8 + 3*16) + (16 + 5*32) + (32 + 2*64): the first 3x3 of a stage still has the old distance.
    ["resnet50.resnet", "ResNet50", 427],
    // The paper's own has the stride before the 3x3: 11 + 3*8 + 4*16 + 6*32 + 3*64.
    ["resnet.resnet", "ResNet50Original", 483],
    // Basic blocks: 11 + 4*8 + (8 + 3*16) + (16 + 3*32) + (32 + 3*64).
    ["resnet18.resnet", "ResNet18", 435],
    // 3x3 at distance 1, then 1 + 2 * (1 + 6*1 + (1 + 5*2) + (2 + 5*4)).
    ["resnet-cifar10.resnet", "ResNet20", 81],
  ])("of %s#%s is %i", (file, name, size) => {
    const graph = graphsOf(`specs/${file}`).get(name);
    expect(graph && lastMapField(graph).size).toEqual([size, size]);
  });

  it("of a node by name", () => {
    const graph = graphsOf("specs/resnet50.resnet").get("ResNet50");
    const fields = graph && receptiveFields(graph);
    expect(fields?.get("stem.maxpool")).toEqual({ size: [11, 11], step: [4, 4] });
    expect(fields?.get("conv2.block3.add")).toEqual({ size: [35, 35], step: [4, 4] });
    expect(fields?.get("classify.dense")?.size).toEqual([Infinity, Infinity]);
  });

  it("of a network of several heads is that of the one that looks furthest", () => {
    const { size } = lastMapField(
      graphOf(`network Net {
  input 32x32x8
  conv 3x3, 8 as fine
  conv 3x3, 8 -> conv 3x3, 8
  head far { conv 1x1, 2 }
  head near { from fine -> conv 1x1, 2 }
}
`),
    );
    expect(size).toEqual([7, 7]);
  });

  it("is that of every output by itself, in networks that were drawn", () => {
    const window = fc.record({
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      pad: fc.integer({ min: 0, max: 2 }),
    });
    const step = fc.oneof(
      window.map((each) => ({ ...each, factor: 0 })),
      fc.integer({ min: 2, max: 3 }).map((factor) => ({ ...pass, factor })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const body = steps.map((each) =>
          each.factor > 0
            ? `upsample ${each.factor}`
            : `conv ${each.kernel}x${each.kernel}, 2, stride: ${each.stride}, dilation: ${each.dilation}, pad: ${each.pad}`,
        );
        const { size } = lastMapField(
          network("[H, W, 2] where H >= 4000, W >= 4000", body.join("\n")),
        );
        const widths = Array.from({ length: 800 }, (_, place) => {
          const [low, high] = seen(steps, place + 50);
          return high - low + 1;
        });
        expect(size).toEqual([Math.max(...widths), Math.max(...widths)]);
      }),
    );
  });
});

const pass = { kernel: 1, stride: 1, dilation: 1, pad: 0 };

/** The first and the last pixel that one output sees, found step by step from the last to the first. */
function seen(
  steps: readonly (typeof pass & { readonly factor: number })[],
  place: number,
): readonly [number, number] {
  return steps.reduceRight<readonly [number, number]>(
    ([low, high], { kernel, stride, dilation, pad, factor }) =>
      factor > 0
        ? [Math.floor(low / factor), Math.floor(high / factor)]
        : [low * stride - pad, high * stride - pad + dilation * (kernel - 1)],
    [place, place],
  );
}
