import { expect, test } from "vitest";
import type { Batch } from "../../../src/engines/engine.js";
import type { Augmentation } from "../../../src/recipe/recipe.js";
import { batches, epochOrder } from "../../../src/train/data/batches.js";
import { cutBatch } from "../../../src/train/data/cutmix.js";
import { mixed, mixingKey } from "../../../src/train/data/mixing.js";
import { mixBatch } from "../../../src/train/data/mixup.js";
import { openShapes } from "../../../src/train/data/shapes.js";
import { dataError } from "./folders.js";

/** Value c of pixel p of image i is 1000 i + p + c / 2, and the label is i. */
function numbered(count: number, height = 24, width = 32): Batch {
  const stride = height * width * 2;
  const images = Float32Array.from({ length: count * stride }, (_, at) => {
    const [image, value] = [Math.floor(at / stride), at % stride];
    return 1000 * image + value / 2;
  });
  const labels = Int32Array.from({ length: count }, (_, i) => i);
  return { images, shape: [count, height, width, 2], labels };
}

test("a rectangle of every image is its partner's, the rest its own, and the share is that of its pixels", () => {
  const shares: number[] = [];
  for (let key = 0; key < 60; key++) {
    const { images, labels, mix } = cutBatch(numbered(7), 1, key);
    if (mix === undefined) throw new Error("the batch was not mixed");
    const isOwn = labels.every((label, image) => label === image);
    const [others, own] = isOwn ? [mix.labels, mix.share] : [labels, 1 - mix.share];
    expect([...(isOwn ? labels : mix.labels)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...others].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    // What has most of an image is its first label.
    expect(mix.share).toBeGreaterThanOrEqual(0.5);
    shares.push(own);
    let cut: string | undefined;
    let foreign = 0;
    for (let image = 0; image < 7; image++) {
      const partner = others[image] ?? -1;
      if (partner === image) continue;
      const taken: number[] = [];
      for (let value = 0; value < 1536; value++) {
        const found = images[image * 1536 + value];
        if (found === 1000 * image + value / 2) continue;
        if (found !== 1000 * partner + value / 2) foreign++;
        taken.push(value);
      }
      const rows = new Set(taken.map((value) => Math.floor(value / 64)));
      const columns = new Set(taken.map((value) => Math.floor((value % 64) / 2)));
      expect(taken).toHaveLength(rows.size * columns.size * 2);
      expect(1 - (rows.size * columns.size) / 768).toBeCloseTo(own, 12);
      cut ??= taken.join();
      expect(taken.join()).toBe(cut);
    }
    expect(foreign).toBe(0);
  }
  // Beta(1, 1) is uniform: rectangles of all sizes, and none.
  expect(Math.min(...shares)).toBeLessThan(0.4);
  expect(Math.max(...shares)).toBe(1);
});

test("the batch and its key alone decide", () => {
  expect(cutBatch(numbered(5), 0.7, 4)).toEqual(cutBatch(numbered(5), 0.7, 4));
  expect(cutBatch(numbered(5), 0.7, 4)).not.toEqual(cutBatch(numbered(5), 0.7, 5));
});

const mixup: Augmentation = { kind: "mixup", alpha: 0.4 };
const cutmix: Augmentation = { kind: "cutmix", alpha: 1 };

test("of both, each batch is given one, about as often as the other", () => {
  let cuts = 0;
  for (let number = 0; number < 400; number++) {
    const key = mixingKey(3, 1, number);
    const found = mixed(numbered(4), [mixup, cutmix], { seed: 3, epoch: 1, number });
    const cut = cutBatch(numbered(4), 1, key);
    const isCut = found.mix?.share === cut.mix?.share;
    expect(found).toEqual(isCut ? cut : mixBatch(numbered(4), 0.4, key));
    if (isCut) cuts++;
  }
  expect(cuts).toBeGreaterThan(160);
  expect(cuts).toBeLessThan(240);
});

test("a lone image, and a batch without either, are left as they are", () => {
  const place = { seed: 1, epoch: 2, number: 3 };
  expect(mixed(numbered(1), [cutmix], place)).toEqual(numbered(1));
  expect(mixed(numbered(4), [{ kind: "flip" }], place)).toEqual(numbered(4));
});

test("an epoch's batches are those without it, cut; resumed they are the same", async () => {
  const { train } = openShapes({ size: 16, train: 26, validation: 0, seed: 3 });
  const gather = async (augment: readonly Augmentation[], from = 0): Promise<Batch[]> => {
    const order = epochOrder(7, 2, train.size, true);
    const options = { order, from, batch: 5, preprocess: [], augment, seed: 7, epoch: 2 };
    const found: Batch[] = [];
    for await (const batch of batches(train, options)) found.push(batch);
    return found;
  };
  const bare = await gather([{ kind: "flip" }]);
  const cut = await gather([cutmix, { kind: "flip" }]);
  const counts = cut.map(({ mix }) => mix !== undefined);
  expect(counts).toEqual([true, true, true, true, true, false]);
  const own = cut.map(({ labels, mix }, i) =>
    [labels, mix?.labels].some((each) => each?.join() === bare[i]?.labels.join()),
  );
  expect(own).toEqual(bare.map(() => true));
  expect(await gather([cutmix, { kind: "flip" }], 3)).toEqual(cut.slice(3));
  expect((await dataError(() => gather([cutmix, cutmix]))).message).toContain("more than once");
});
