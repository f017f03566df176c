import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import type { Recipe, Sizes } from "../../src/recipe/recipe.js";
import { type Condition, symbolExtent } from "../../src/shapes/index.js";
import { TrainingError } from "../../src/train/errors.js";
import { checkClasses, checkFit, checkImageShape } from "../../src/train/fit.js";
import { openShapes } from "../../src/train/data/shapes.js";
import { graphOf } from "../graph/checked.js";
import { smallGraph, smallRecipe } from "./small-network.js";

/** A network whose input is of any height and width that meets the conditions, the same symbol if `square`. */
function anySize(conditions: readonly Condition[], square = false): Graph {
  const fixed = smallGraph(32, 4);
  const symbols = square ? (["S", "S"] as const) : (["H", "W"] as const);
  const spatial = [symbolExtent(symbols[0]), symbolExtent(symbols[1])] as const;
  return {
    ...fixed,
    domains: [...new Set<string>(symbols)].map((symbol) => ({ symbol, conditions })),
    nodes: fixed.nodes.map((node) =>
      node.op === "input" ? { ...node, type: { ...node.type, spatial } } : node,
    ),
  };
}

async function misfit(graph: Graph, sizes: Sizes, epochs = 10): Promise<readonly string[]> {
  const dataSet = openShapes({ size: 32, train: 20, validation: 0, seed: 1 });
  const error: unknown = await checkFit(graph, smallRecipe({ sizes, epochs }), dataSet).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return [];
  expect(error).toBeInstanceOf(TrainingError);
  const { message, help } = error as TrainingError;
  return [message, help];
}

test("one class alone is refused: there is nothing to tell it from", () => {
  expect(() => checkClasses(smallGraph(32, 1), "pets", ["cat"])).toThrow(
    'pets has one class alone, "cat", and there is nothing to tell it from',
  );
  expect(() => checkClasses(smallGraph(32, 2), "pets", ["cat", "dog"])).not.toThrow();
});

test("a loss weighs as many classes as there are", async () => {
  const dataSet = openShapes({ size: 32, train: 20, validation: 0, seed: 1 });
  const weighted = (weights: readonly number[]) =>
    smallRecipe({ loss: { kind: "crossentropy", smoothing: 0, weights } });
  await expect(checkFit(smallGraph(32, 4), weighted([1, 2]), dataSet)).rejects.toMatchObject({
    message: "the loss has 2 weights, and the head classify of Small tells 4 classes apart",
    help: "give a weight for every class, in the order of the data's; `balance: 1` weighs them by how rare they are",
  });
  await checkFit(smallGraph(32, 4), weighted([1, 2, 3, 4]), dataSet);
});

test("residuals that are not there cannot be dropped", async () => {
  const dataSet = openShapes({ size: 32, train: 20, validation: 0, seed: 1 });
  await expect(
    checkFit(smallGraph(32, 4), smallRecipe({ droppath: 0.1 }), dataSet),
  ).rejects.toMatchObject({
    message: "`droppath` leaves out residuals, and Small has none",
    help: "leave it out, or train a network with residuals",
  });
  const residual = graphOf(`
    network Net {
      input 32x32x3
      stem { residual { conv 3x3, 3 } shortcut identity }
      head classify { globalavgpool -> dense 4 }
    }
  `);
  const frozen = { droppath: 0.1, freeze: ["stem"] };
  await expect(checkFit(residual, smallRecipe(frozen), dataSet)).rejects.toMatchObject({
    message: "`droppath` leaves out residuals, and all of Net's are frozen",
    help: "leave it out, or freeze less",
  });
  await expect(
    checkFit(residual, smallRecipe({ ...frozen, freeze: false }), dataSet),
  ).resolves.toBeUndefined();
});

test("images of several sizes are told before the first step, where nothing brings them to one", async () => {
  const dataSet = openShapes({ size: 32, train: 20, validation: 20, seed: 1 });
  const { validation } = dataSet;
  const odd = openShapes({ size: 36, train: 20, validation: 20, seed: 1 }).validation;
  const mixed = {
    ...dataSet,
    validation: {
      size: 20,
      describe: (index: number) => validation.describe(index),
      read: (index: number) => (index >= 10 ? odd : validation).read(index),
    },
  };
  const fit = (changes: Partial<Recipe>) => checkFit(anySize([]), smallRecipe(changes), mixed);
  const resize = { kind: "resize", height: 32, width: 32 } as const;
  const part = { kind: "resizedcrop", height: 32, width: 32, area: 0.2 } as const;
  await expect(fit({})).rejects.toThrow(/is 36x36; .* is 32x32/);
  await expect(fit({ augment: [part] })).rejects.toThrow(/is 36x36; .* is 32x32/);
  await expect(fit({ preprocess: [resize] })).resolves.toBeUndefined();
  const middle = { ...resize, kind: "centercrop" } as const;
  await expect(fit({ preprocess: [middle] })).resolves.toBeUndefined();
});

test("a batch is not passed in more parts than it has images", async () => {
  const dataSet = openShapes({ size: 32, train: 20, validation: 0, seed: 1 });
  const fit = (accumulate: number) =>
    checkFit(smallGraph(32, 4), smallRecipe({ batch: 8, accumulate }), dataSet);
  await expect(fit(9)).rejects.toThrow("a batch of 8 cannot be passed in 9 parts");
  await expect(fit(8)).resolves.toBeUndefined();
});

describe("growing sizes", () => {
  const growing = { kind: "growing", start: 16, until: 4, by: 4 } as const;

  test("that rounding makes whole from the first epoch on are said", async () => {
    expect(await misfit(anySize([]), { ...growing, by: 32 })).toEqual([
      "`sizes` grow from 16 in multiples of 32, which are whole images, 32x32, from the first epoch on",
      "give a smaller `by`, such as `by: 8`, or a smaller `start`",
    ]);
  });

  test("fit a network of any size, or of every size that comes", async () => {
    expect(await misfit(anySize([]), growing)).toEqual([]);
    const multiple = { kind: "remainder", modulus: 4, remainder: 0, equal: true } as const;
    expect(await misfit(anySize([multiple], true), growing)).toEqual([]);
  });

  test("do not fit a fixed input", async () => {
    expect(await misfit(smallGraph(32, 4), growing)).toEqual([
      "`sizes` train on smaller images first, and Small takes 32x32x3 alone",
      "declare `input [H, W, 3]` in the network, or leave out `sizes`",
    ]);
    expect(await misfit(smallGraph(32, 4), { ...growing, start: 32 })).toEqual([]);
  });

  test("do not fit where one size on the way is not admissible, unless training ends before it", async () => {
    const not = { kind: "compare", relation: "!=", value: 24 } as const;
    expect(await misfit(anySize([not], true), growing)).toEqual([
      "`sizes` make the images of epoch 3 24x24x3, and Small takes SxSx3 where S != 24",
      "choose `start` and `by` so that every size is one that the network takes",
    ]);
    expect(await misfit(anySize([not], true), growing, 2)).toEqual([]);
  });

  test("cannot start above the whole size", async () => {
    expect(await misfit(anySize([]), { ...growing, start: 33 })).toEqual([
      "`sizes` grow from 33, and the images are 32x32",
      "start from at most 32, or `resize` the images to more",
    ]);
  });
});

describe("a crop that the network does not take", () => {
  const crop = (side: number, padding: number) =>
    ({ kind: "crop", height: side, width: side, padding }) as const;
  const dataSet = openShapes({ size: 32, train: 20, validation: 0, seed: 1 });
  const fit = (graph: Graph, changes: Partial<Recipe>) =>
    checkFit(graph, smallRecipe(changes), dataSet);
  const resize = (side: number) => [{ kind: "resize", height: side, width: side }] as const;

  test("is to be another, or left out, where the images before it are taken", async () => {
    await expect(
      fit(smallGraph(32, 4), { augment: [{ kind: "flip" }, crop(24, 4)] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("comes to 24x24x3, and Small takes 32x32x3") as string,
      help: "write `crop 32x32, pad: 4` for `crop 24x24` in the recipe's `augment`, or leave the crop out",
    });
    await expect(fit(smallGraph(32, 4), { augment: [crop(32, 4)] })).resolves.toBeUndefined();
    await expect(fit(smallGraph(32, 4), { augment: [] })).resolves.toBeUndefined();
  });

  test("comes with a resize where they are not", async () => {
    const recipe = { preprocess: resize(28), augment: [crop(24, 0)] };
    await expect(fit(smallGraph(32, 4), recipe)).rejects.toMatchObject({
      help:
        "write `crop 32x32` for `crop 24x24` in the recipe's `augment`, " +
        "and add `resize 32x32` to its `preprocess`",
    });
    const mended = { preprocess: resize(32), augment: [crop(32, 0)] };
    await expect(fit(smallGraph(32, 4), mended)).resolves.toBeUndefined();
  });

  test("of a network of several sizes is to be an admissible one", async () => {
    const least = { kind: "compare", relation: ">=", value: 28 } as const;
    await expect(fit(anySize([least], true), { augment: [crop(24, 0)] })).rejects.toMatchObject({
      help:
        "S = 24 is refused: the smallest size is 28; crop to an admissible size in the recipe's " +
        "`augment`, or leave the crop out",
    });
  });

  test("is what growing sizes end at", async () => {
    const sizes = { kind: "growing", start: 28, until: 4, by: 4 } as const;
    await expect(fit(anySize([]), { augment: [crop(24, 0)], sizes })).rejects.toMatchObject({
      help: "start from at most 24, or `crop` the images to more",
    });
  });
});

describe("a middle that the network does not take", () => {
  const dataSet = openShapes({ size: 48, train: 20, validation: 4, seed: 1 });
  const helpOf = async (changes: Partial<Recipe>, graph = smallGraph(32, 4)): Promise<unknown> =>
    checkFit(graph, smallRecipe(changes), dataSet).then(
      () => undefined,
      ({ help }: TrainingError) => help,
    );
  const middle = (side: number) => ({ kind: "centercrop", height: side, width: side }) as const;
  const shorter = { kind: "shorter", side: 40 } as const;
  const part = (side: number) =>
    ({ kind: "resizedcrop", height: side, width: side, area: 0.2 }) as const;

  test("is to be another", async () => {
    expect(await helpOf({ preprocess: [shorter, middle(36)] })).toBe(
      "write `centercrop 32x32` for `centercrop 36x36` in the recipe's `preprocess`",
    );
    expect(await helpOf({ preprocess: [shorter, middle(32)] })).toBeUndefined();
    const least = { kind: "compare", relation: ">=", value: 40 } as const;
    expect(await helpOf({ preprocess: [shorter, middle(36)] }, anySize([least], true))).toBe(
      "S = 36 is refused: the smallest size is 40; let `centercrop 36x36` in the recipe's " +
        "`preprocess` take an admissible size",
    );
  });

  test("is to be taken, of images whose aspect is kept, and of validation images beside a crop", async () => {
    const help = "add `centercrop 32x32` to the recipe's `preprocess`";
    expect(await helpOf({ preprocess: [shorter] })).toBe(help);
    expect(await helpOf({ preprocess: [shorter], augment: [part(32)] })).toBe(help);
    expect(await helpOf({ preprocess: [], augment: [part(32)] })).toBe(
      "add `shorter 32 -> centercrop 32x32` to the recipe's `preprocess`",
    );
    const mended = { preprocess: [shorter, middle(32)], augment: [part(32)] };
    expect(await helpOf(mended)).toBeUndefined();
  });

  test("is to be taken to an admissible size, where the network takes several", async () => {
    const least = { kind: "compare", relation: ">=", value: 44 } as const;
    expect(await helpOf({ preprocess: [shorter] }, anySize([least], true))).toBe(
      "S = 40 is refused: the smallest size is 44; add a `centercrop` to an admissible size to " +
        "the recipe's `preprocess`",
    );
  });

  test("is what growing sizes end at", async () => {
    const sizes = { kind: "growing", start: 40, until: 4, by: 4 } as const;
    const recipe = { preprocess: [shorter, middle(36)], sizes };
    expect(await helpOf(recipe, anySize([]))).toBe(
      "start from at most 36, or `centercrop` the images to more",
    );
  });

  test("and a random crop behind a random scale is to be another", async () => {
    const scale = { kind: "scale", least: 30, most: 40 } as const;
    const crop = { kind: "crop", height: 28, width: 28, padding: 0 } as const;
    expect(await helpOf({ preprocess: [shorter], augment: [scale, crop] })).toBe(
      "write `crop 32x32` for `crop 28x28` in the recipe's `augment`, and let `scale` begin at no less",
    );
  });

  test("and a random part is to be another", async () => {
    expect(await helpOf({ preprocess: [shorter, middle(32)], augment: [part(28)] })).toBe(
      "write `resizedcrop 32x32` for `resizedcrop 28x28` in the recipe's `augment`, or leave the crop out",
    );
  });
});

test("a square input takes squares alone", () => {
  const graph = anySize([], true);
  expect(() => checkImageShape(graph, [1, 32, 32, 3], "it is")).not.toThrow();
  expect(() => checkImageShape(graph, [1, 32, 48, 3], "it is")).toThrow("it is 32x48x3");
  expect(() => checkImageShape(anySize([]), [1, 32, 48, 3], "it is")).not.toThrow();
});

test("a size that is refused is named, with the nearest that are not", () => {
  const multiple = { kind: "remainder", modulus: 32, remainder: 0, equal: true } as const;
  const failure = (): unknown => {
    try {
      checkImageShape(anySize([multiple]), [1, 33, 31, 3], "cat.jpg comes to");
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(failure()).toMatchObject({
    message: "cat.jpg comes to 33x31x3, and Small takes HxWx3 for H ≡ 0 (mod 32), W ≡ 0 (mod 32)",
    help:
      "H = 33 is refused: the nearest sizes are 32 and 64; W = 31 is refused: the smallest size is 32; " +
      "add a `resize` to an admissible size to the recipe's `preprocess`",
  });
});
