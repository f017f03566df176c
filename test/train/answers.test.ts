import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Batch, NamedTensor } from "../../src/engines/engine.js";
import { answers, checked } from "../../src/train/answers.js";

function batchOf(value: number, count = 1): Batch {
  return {
    images: new Float32Array(count).fill(value),
    shape: [count, 1, 1, 1],
    labels: new Int32Array(count),
  };
}

async function* given(...values: readonly number[]): AsyncGenerator<Batch> {
  for (const value of values) yield batchOf(value);
}

/** Says of a batch what it holds, the later the smaller; of one that holds NaN that it cannot. */
class Echo {
  most = 0;
  underWay = 0;

  predict = async (images: Float32Array): Promise<ReadonlyMap<string, NamedTensor>> => {
    this.most = Math.max(this.most, ++this.underWay);
    const [value = NaN] = images;
    await sleep(20 - (value || 0));
    this.underWay--;
    if (Number.isNaN(value)) throw new Error("not a number");
    return new Map([["head", { shape: [1, 1], data: Float32Array.of(value) }]]);
  };
}

describe("answers", () => {
  test("come in the order of the batches, two under way at most", async () => {
    const session = new Echo();
    const found: (readonly (number | undefined)[])[] = [];
    for await (const { batch, heads } of answers(session, given(1, 19, 2, 18, 3))) {
      found.push([batch.images[0], heads.get("head")?.data[0]]);
    }
    expect(found).toEqual([1, 19, 2, 18, 3].map((value) => [value, value]));
    expect(session.most).toBe(2);
  });

  test("are there for all batches before one that fails", async () => {
    const session = new Echo();
    const found: unknown[] = [];
    const all = async (): Promise<void> => {
      for await (const { batch } of answers(session, given(1, 2, NaN, 4))) {
        found.push(batch.images[0]);
        await sleep(40);
      }
    };
    await expect(all()).rejects.toThrow("not a number");
    expect(found).toEqual([1, 2]);
    expect(session.underWay).toBe(0);
  });

  test("leave nothing under way where no more are wanted", async () => {
    const session = new Echo();
    let ended = false;
    async function* endless(): AsyncGenerator<Batch> {
      try {
        for (;;) yield batchOf(1);
      } finally {
        ended = true;
      }
    }
    for await (const { batch } of answers(session, endless())) {
      expect(batch.labels.length).toBe(1);
      break;
    }
    expect(session.underWay).toBe(0);
    expect(ended).toBe(true);
  });

  test("are of none where there are no batches", async () => {
    for await (const answer of answers(new Echo(), given())) expect(answer).toBeUndefined();
  });
});

test("batches are looked at with the number of images before", async () => {
  async function* sized(): AsyncGenerator<Batch> {
    for (const count of [3, 2, 4]) yield batchOf(0, count);
  }
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    const looked = checked(sized(), (_, first) => {
      if (first === 5) throw new RangeError(`from ${first}`);
      seen.push(first);
    });
    for await (const { labels } of looked) seen.push(labels.length);
  };
  await expect(all()).rejects.toThrow("from 5");
  expect(seen).toEqual([0, 3, 3, 2]);
});
