import { expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { loneValueMisfits } from "../../src/recipe/fit/batches.js";
import { checkText, render } from "../check/memory-host.js";
import { smallRecipe } from "../train/small-network.js";

function graphOf(input: string): Graph {
  const { networks, diagnostics } = checkText(`network Net {
  input ${input}
  stem { conv 3x3, 4 -> batchnorm -> relu }
  stage deep: conv 3x3, 8, /2
  batchnorm
  head h { globalavgpool -> dense 2 }
}
`);
  const graph = networks[0]?.graph;
  if (graph === undefined) throw new Error(render(diagnostics));
  return graph;
}

const anySize = graphOf("[H, W, 3]");
const refusal = (
  changes: Parameters<typeof smallRecipe>[0],
  side: number,
  graph = anySize,
  images?: number,
) => {
  const [found] = loneValueMisfits(graph, smallRecipe(changes), [side, side], images);
  return found && `${found.message} | ${found.help}`;
};

test("a batch norm that would see one number is named, with the batch that mends it", () => {
  expect(refusal({ batch: 1 }, 2)).toBe(
    "batchnorm of Net normalises one number per channel where one image is passed at a time, and makes it 0" +
      " | take a batch of 2 or more",
  );
  expect(refusal({ batch: 1 }, 1)).toContain("stem.batchnorm of Net");
  expect(refusal({ batch: 7, accumulate: 4 }, 2)).toContain("take a batch of 8 or more");
  expect(refusal({ batch: 1 }, 2, graphOf("2x2x3"))).toContain("batchnorm of Net");
});

test("an epoch's last batch is one, too, and the next smaller batch that leaves more is told", () => {
  const last = (batch: number, images: number, accumulate = 1) =>
    refusal({ batch, accumulate }, 2, anySize, images);
  expect(last(24, 25)).toContain("| an epoch's last batch has 1 image: take a batch of 23");
  expect(last(2, 25)).toContain("| an epoch's last batch has 1 image: take another batch");
  expect(last(8, 27, 4)).toContain(
    "an epoch's last batch has 3 images: take another batch, or accumulate fewer parts",
  );
  expect(last(24, 26)).toBeUndefined();
  expect(last(25, 25)).toBeUndefined();
  expect(refusal({ batch: 24 }, 3, anySize, 25)).toBeUndefined();
});

test("none does with more images, on a larger map, or where it is frozen", () => {
  expect(refusal({ batch: 2 }, 2)).toBeUndefined();
  expect(refusal({ batch: 8, accumulate: 4 }, 2)).toBeUndefined();
  expect(refusal({ batch: 1 }, 3)).toBeUndefined();
  expect(refusal({ batch: 1, freeze: true }, 1)).toBeUndefined();
});
