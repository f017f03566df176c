import { expect, test } from "vitest";
import { knownImageSize } from "../../src/recipe/image-size.js";
import { smallRecipe } from "../train/small-network.js";

const resize = { kind: "resize", height: 40, width: 48 } as const;
const crop = { kind: "crop", height: 32, width: 24, padding: 4 } as const;
const folder = { kind: "folder", path: "/images", options: {} };

test.each([
  [{ preprocess: [resize], augment: [crop, { kind: "flip" }] }, [32, 24], "crop 32x24"],
  [{ preprocess: [resize], augment: [{ kind: "flip" }] }, [40, 48], "resize 40x48"],
  [{ preprocess: [resize, { ...resize, height: 8 }] }, [8, 48], "resize 8x48"],
  [{ data: { kind: "cifar100", path: "/c", options: {} } }, [32, 32], "cifar100"],
  [{ data: { kind: "shapes", options: { size: 64 } } }, [64, 64], "shapes"],
  [{ data: { kind: "shapes", options: {} } }, [32, 32], "shapes"],
] as const)("%j is known", (changes, size, from) => {
  expect(knownImageSize(smallRecipe(changes as object))).toEqual({ size, from });
});

test("files alone say nothing of their size", () => {
  expect(knownImageSize(smallRecipe({ data: folder }))).toBeUndefined();
});
