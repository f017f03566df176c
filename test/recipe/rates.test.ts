import { expect, test } from "vitest";
import { rateFactors } from "../../src/recipe/rates.js";
import type { Rates } from "../../src/recipe/recipe.js";
import { graphOf } from "../graph/checked.js";

const graph = graphOf(`
  import { Basic } from "std/blocks"
  network Net {
    input 32x32x3
    stem { conv 3x3, 8 -> batchnorm -> relu }
    stage conv2: 2 x Basic(8)
    stage conv3: 1 x Basic(16), /2
    batchnorm
    head classify { globalavgpool -> dense 4 }
    head aside { globalavgpool -> dense 2 }
  }
`);

/** The factors of the stem, of the two stages, of what stands behind them, and of the heads. */
function of(rates: Rates): readonly number[] {
  const factor = rateFactors(graph, rates);
  const names = graph.nodes.map(({ name }) => name);
  const parts = ["stem.conv", "conv2.block2.residual.conv", "conv3.block1.residual.conv"];
  const asked = [...parts, "batchnorm", "classify.dense", "aside.dense"];
  expect(asked.filter((name) => !names.includes(name))).toEqual([]);
  return asked.map(factor);
}

test("the same for all, or another for all but the heads", () => {
  expect(of({ kind: "equal" })).toEqual([1, 1, 1, 1, 1, 1]);
  expect(of({ kind: "backbone", factor: 0.1 })).toEqual([0.1, 0.1, 0.1, 0.1, 1, 1]);
});

test("falling from part to part, what stands behind a stage with it", () => {
  expect(of({ kind: "falling", factor: 0.5 })).toEqual([0.125, 0.25, 0.5, 0.5, 1, 1]);
});

test("of places, of which the innermost counts", () => {
  const places = ["conv2.block2", "conv2", "stem"];
  expect(of({ kind: "within", places, factors: [0.3, 0.2, 0.1] })).toEqual([0.1, 0.3, 1, 1, 1, 1]);
  expect(of({ kind: "within", places, factors: [0.3] })).toEqual([0.3, 0.3, 1, 1, 1, 1]);
});
