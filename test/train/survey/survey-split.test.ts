import { describe, expect, test } from "vitest";
import { DataError, type RawImage, type Split } from "../../../src/train/data/data-set.js";
import { ChannelSums } from "../../../src/train/survey/channel-statistics.js";
import {
  isInSeveralSplits,
  isOfSeveralClasses,
  RepeatedImages,
  type ImagePlace,
} from "../../../src/train/survey/repeated-images.js";
import { surveySplit } from "../../../src/train/survey/survey-split.js";
import { colouredSquares } from "../coloured-squares.js";

function image(height: number, width: number, value: (i: number) => number): RawImage {
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => value(i));
  return { pixels, height, width, channels: 3 };
}

/** Images whose reading takes longer the earlier they come, so that they come out of order. */
function splitOf(
  images: readonly (RawImage | Error)[],
  label = (index: number) => index % 2,
): Split {
  return {
    size: images.length,
    describe: (index) => `image ${index}`,
    read: async (index) => {
      await new Promise((done) => setTimeout(done, (images.length - index) % 7));
      const each = images[index];
      if (each === undefined || each instanceof Error) throw each ?? new RangeError();
      return { image: each, label: label(index) };
    },
  };
}

test("images are read as many at once as there is room for, and come to the same", async () => {
  const split = splitOf(Array.from({ length: 40 }, () => image(10, 10, () => 7)));
  let [reading, most] = [0, 0];
  const watched: Split = {
    ...split,
    read: async (index) => {
      most = Math.max(most, ++reading);
      const sample = await split.read(index);
      reading -= 1;
      return sample;
    },
  };
  const usual = await surveySplit(watched, { classes: 2 });
  expect(most).toBeGreaterThan(8);
  most = 0;
  expect(await surveySplit(watched, { classes: 2, bytes: 1200 })).toEqual(usual);
  expect(most).toBe(4);
});

describe("the channels' statistics", () => {
  test("are those of all pixels where images are of one size", () => {
    const images = [1, 2, 3].map((k) => image(4, 5, (i) => (i * 37 * k + k) % 256));
    const sums = new ChannelSums();
    images.forEach((each) => sums.add(each));
    for (let channel = 0; channel < 3; channel++) {
      const values = images.flatMap(({ pixels }) =>
        [...pixels].filter((_, i) => i % 3 === channel).map((byte) => byte / 255),
      );
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      expect(sums.statistics?.mean[channel]).toBeCloseTo(mean, 12);
      expect(sums.statistics?.std[channel]).toBeCloseTo(Math.sqrt(variance), 12);
    }
  });

  test("weigh images alike, whatever their size", () => {
    const sums = new ChannelSums();
    sums.add(image(1, 1, () => 255));
    sums.add(image(50, 50, () => 0));
    expect(sums.statistics).toEqual({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
  });

  test("are absent of nothing, and of images that differ in channels", () => {
    const sums = new ChannelSums();
    expect(sums.statistics).toBeUndefined();
    sums.add(image(2, 2, () => 7));
    sums.add({ pixels: new Uint8Array(4), height: 2, width: 2, channels: 1 });
    expect(sums.statistics).toBeUndefined();
  });
});

describe("a survey", () => {
  const broken = new DataError("image 40 is cut off", "replace it");
  const images = Array.from({ length: 100 }, (_, index) =>
    index === 40 ? broken : image(index < 3 ? 6 : 4, 4, (i) => (i + index) % 256),
  );

  test("finds what cannot be read, and goes on in the split's order", async () => {
    const seen: number[] = [];
    const progress: (readonly [number, number])[] = [];
    const found = await surveySplit(splitOf(images), {
      classes: 2,
      onImage: (index) => seen.push(index),
      onProgress: (...each) => progress.push(each),
    });
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i).filter((i) => i !== 40));
    expect(progress.at(-1)).toEqual([100, 100]);
    expect(found).toMatchObject({
      images: 99,
      perClass: [49, 50],
      sizes: [
        { height: 4, width: 4, channels: 3, images: 96, sample: "image 3" },
        { height: 6, width: 4, channels: 3, images: 3, sample: "image 0" },
      ],
      prepared: [],
      faults: [{ sample: "image 40", message: "image 40 is cut off", help: "replace it" }],
    });
  });

  test("finds labels that are no class", async () => {
    const label = (index: number): number => (index === 5 ? 2 : index === 6 ? -1 : 0);
    const { faults, images: count } = await surveySplit(splitOf(images.slice(0, 9), label), {
      classes: 2,
    });
    expect(count).toBe(7);
    expect(faults.map(({ message }) => message)).toEqual([
      "image 5: it has label 2, and there are 2 classes, from 0",
      "image 6: it has label -1, and there are 2 classes, from 0",
    ]);
  });

  test("makes of every image what a recipe makes of it, and says where it cannot", async () => {
    const preparation = {
      preprocess: [],
      augment: [{ kind: "crop", height: 6, width: 6, padding: 1 } as const],
      seed: 0,
    };
    const small = [...images.slice(0, 9), image(2, 9, () => 0)];
    const found = await surveySplit(splitOf(small), { classes: 2, preparation });
    expect(found.prepared).toMatchObject([{ height: 6, width: 6, images: 9 }]);
    expect(found.faults).toMatchObject([
      {
        sample: "image 9",
        message: "image 9: a crop of 6x6 does not fit into an image of 2x9 padded by 1",
      },
    ]);
    // It can be read all the same.
    expect(found.images).toBe(10);
  });

  test("throws what is no fault of an image", async () => {
    const failing = splitOf([image(2, 2, () => 0), new TypeError("a bug")]);
    await expect(surveySplit(failing, { classes: 2 })).rejects.toThrow("a bug");
  });

  test("ends where it is told to", async () => {
    const controller = new AbortController();
    const { train } = colouredSquares({ train: 1000 });
    let done = 0;
    const survey = surveySplit(train, {
      classes: 3,
      signal: controller.signal,
      onProgress: (count) => {
        done = count;
        controller.abort(new Error("enough"));
      },
    });
    await expect(survey).rejects.toThrow("enough");
    expect(done).toBeLessThan(100);
  });
});

test("images are the same where all their pixels are, and their size", () => {
  const repeated = new RepeatedImages();
  const place = (sample: string, split: ImagePlace["split"], of: string) => () => ({
    ...{ split, sample, class: of },
  });
  repeated.add(
    image(2, 6, (i) => i),
    place("a", "train", "cat"),
  );
  repeated.add(
    image(6, 2, (i) => i),
    place("turned", "train", "cat"),
  );
  repeated.add(
    image(2, 6, (i) => i + (i === 35 ? 1 : 0)),
    place("nearly", "train", "cat"),
  );
  repeated.add(
    image(2, 6, (i) => i),
    place("b", "validation", "cat"),
  );
  repeated.add(
    image(6, 2, (i) => i),
    place("c", "train", "dog"),
  );
  repeated.add(
    image(2, 6, (i) => i),
    place("d", "train", "cat"),
  );
  const { all } = repeated;
  expect(all.map((places) => places.map(({ sample }) => sample))).toEqual([
    ["a", "b", "d"],
    ["turned", "c"],
  ]);
  expect(all.map(isInSeveralSplits)).toEqual([true, false]);
  expect(all.map(isOfSeveralClasses)).toEqual([false, true]);
});
