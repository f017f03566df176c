import { expect, test } from "vitest";
import { knownImageSize } from "../../src/recipe/image-size.js";
import { smallRecipe } from "../train/small-network.js";

const resize = { kind: "resize", height: 40, width: 48 } as const;
const crop = { kind: "crop", height: 32, width: 24, padding: 4 } as const;
const shorter = { kind: "shorter", side: 40 } as const;
const middle = { kind: "centercrop", height: 36, width: 28 } as const;
const part = { kind: "resizedcrop", height: 20, width: 16, area: 0.08 } as const;
const scale = { kind: "scale", least: 40, most: 60 } as const;
const shapes = { kind: "shapes", options: { size: 64 } };
const folder = { kind: "folder", path: "/images", options: {} };

test.each([
  [
    { preprocess: [resize], augment: [crop, { kind: "flip" }] },
    [32, 24],
    "crop 32x24",
    ["augment", 0],
  ],
  [
    { preprocess: [resize], augment: [{ kind: "flip" }] },
    [40, 48],
    "resize 40x48",
    ["preprocess", 0],
  ],
  [{ preprocess: [resize, { ...resize, height: 8 }] }, [8, 48], "resize 8x48", ["preprocess", 1]],
  [{ data: { kind: "cifar100", path: "/c", options: {} } }, [32, 32], "cifar100", ["data"]],
  [{ data: { kind: "shapes", options: { size: 64 } } }, [64, 64], "shapes", ["data"]],
  [{ data: { kind: "shapes", options: {} } }, [32, 32], "shapes", ["data"]],
  [{ preprocess: [shorter, middle], augment: [] }, [36, 28], "centercrop 36x28", ["preprocess", 1]],
  [
    { preprocess: [shorter, middle], augment: [scale, crop] },
    [32, 24],
    "crop 32x24",
    ["augment", 1],
  ],
  [
    { preprocess: [shorter, middle], augment: [part] },
    [20, 16],
    "resizedcrop 20x16",
    ["augment", 0],
  ],
  [
    { preprocess: [middle, resize], augment: [scale] },
    [36, 28],
    "centercrop 36x28",
    ["preprocess", 0],
  ],
  [
    { preprocess: [resize, shorter], data: shapes, augment: [] },
    [40, 48],
    "shorter 40",
    ["preprocess", 1],
  ],
] as const)("%j is known", (changes, size, from, [setting, step]) => {
  const isWritten = /x\d+$/.test(from);
  const place = {
    setting,
    ...(step !== undefined && { step }),
    ...(isWritten && { argument: "size" }),
  };
  expect(knownImageSize(smallRecipe(changes as object))).toEqual({ size, from, place });
});

test("a side that is drawn, or follows from an aspect, is not known", () => {
  expect(knownImageSize(smallRecipe({ data: shapes, augment: [scale] }))).toBeUndefined();
  const preprocess = [shorter];
  expect(knownImageSize(smallRecipe({ data: folder, preprocess }))).toBeUndefined();
});

test("files alone say nothing of their size", () => {
  expect(knownImageSize(smallRecipe({ data: folder }))).toBeUndefined();
});
