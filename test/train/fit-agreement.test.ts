/** What a check says of a recipe without a look at the data is what a run says of it before its first step. */
import { expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { knownImageSize } from "../../src/recipe/image-size.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { openShapes } from "../../src/train/data/shapes.js";
import { checkFit } from "../../src/train/fit.js";
import { randomBelow } from "../../src/random/random.js";
import { MemoryHost } from "../check/memory-host.js";

/** Draws one after the other, always the same. */
class Draws {
  #count = 0;

  constructor(private readonly key: number) {}

  below(limit: number): number {
    return randomBelow(this.key, this.#count++, limit);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

const maybe = (draws: Draws, text: string): readonly string[] =>
  draws.below(2) === 0 ? [text] : [];

/** A network and a recipe for drawn shapes, which fit each other or do not. */
function specOf(draws: Draws): string {
  const side = draws.of([24, 28, 32, 36]);
  const input = draws.of([
    "32x32x3",
    "32x32x3",
    "28x28x1",
    "[H, W, 3]",
    "[H, W, 3] where H % 4 == 0, W >= 28",
    "[S, S, 3] where S != 32",
  ]);
  const preprocess = [
    ...(draws.below(4) === 0 ? ["grey"] : []),
    ...draws.of([[], [], [`resize ${side}`], [`shorter ${side}`], [`resize ${side}x32`]]),
    ...draws.of([[], [], [], [`centercrop ${draws.of([24, 28])}`]]),
    ...maybe(
      draws,
      draws.of(["normalize mean: 0.5, std: 1", "normalize mean: [0, 0, 0], std: [1]"]),
    ),
  ];
  const augment = [
    ...draws.of([[], [], ["resizedcrop 32"], ["resizedcrop 28"], ["scale [40, 48]"]]),
    ...maybe(draws, "flip"),
    ...draws.of([[], [], ["crop 32, pad: 4"], ["crop 28, pad: 2"], ["crop 24"]]),
  ];
  const chain = (name: string, steps: readonly string[]): readonly string[] =>
    steps.length === 0 ? [] : [`${name} { ${steps.join(" -> ")} }`];
  return `
    network Net {
      input ${input}
      stem { conv 3x3, 4 -> batchnorm -> relu }
      stage deep: conv 3x3, 4, /2
      head classify { globalavgpool -> dense ${draws.of([4, 4, 4, 5])} }
    }
    train it for Net {
      data shapes(size: ${draws.of([32, 32, 40])}, train: 20, validation: ${draws.of([0, 6])})
      ${chain("preprocess", preprocess).join("")}
      ${chain("augment", augment).join("")}
      ${maybe(draws, draws.of(["sizes growing(16, until: 3, by: 4)", "sizes growing(32, until: 2)"])).join("")}
      ${maybe(draws, draws.of(['freeze ["stem"]', 'freeze ["stem", "deep", "classify"]', 'freeze ["stm"]'])).join("")}
      optimizer sgd(0.1)
      batch ${draws.of([8, 8, 20, 21])}
      accumulate ${draws.of([1, 1, 9])}
      epochs 4
    }
  `;
}

async function refusal(graph: Parameters<typeof checkFit>[0], recipe: Recipe): Promise<unknown> {
  const { size, train, validation } = recipe.data.options;
  const options = { size: Number(size), train: Number(train), validation: Number(validation) };
  const dataSet = openShapes({ ...options, classes: 4, seed: 0 });
  return checkFit(graph, recipe, dataSet).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

test("on random networks and recipes", async () => {
  const draws = new Draws(1);
  const seen = { fits: 0, refused: 0, unknown: 0 };
  for (let i = 0; i < 600; i++) {
    const text = specOf(draws);
    const { diagnostics, networks, recipes } = check(
      "a.resnet",
      new MemoryHost({ "a.resnet": text }),
    );
    const [graph, recipe] = [networks[0]?.graph, recipes[0]];
    // Where the order of steps itself is wrong, there is no recipe.
    if (graph === undefined || recipe === undefined) continue;
    const told = diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    const refused = await refusal(graph, recipe);
    const said = `${text}\ncheck: ${told.join("; ") || "fits"}\nrun: ${String(refused)}`;
    if (told.length > 0) {
      expect(refused, said).toBeDefined();
      seen.refused++;
    } else if (refused === undefined) seen.fits++;
    else {
      // What a random scale, or an aspect that only the data know, comes to is left to the run.
      const ways = [recipe, { ...recipe, augment: [] }];
      expect(
        ways.some((way) => knownImageSize(way) === undefined),
        said,
      ).toBe(true);
      seen.unknown++;
    }
  }
  expect(seen.fits).toBeGreaterThan(20);
  expect(seen.refused).toBeGreaterThan(200);
});
