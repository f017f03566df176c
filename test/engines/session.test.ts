import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { cpu } from "../../src/engines/cpu.js";
import type { Engine } from "../../src/engines/engine.js";
import { node } from "../../src/engines/node.js";
import { wasm } from "../../src/engines/wasm.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { recipe, smallResNet } from "./networks.js";
import { batch, difference } from "./small-batches.js";
import { tensorflow, withoutTensorFlow } from "./tensorflow.js";

const options = { recipe: recipe(), stepsPerEpoch: 4 };

async function started(engine: Engine, dropout = 0, more: Partial<Recipe> = {}) {
  const given = { ...options, recipe: recipe(more) };
  const session = await engine.open(smallResNet(3, dropout), given);
  await session.initialise(7);
  return session;
}

/** What holds on any engine of TensorFlow.js. */
function sessionBehaves(engine: Engine): void {
  it("learns a batch by heart", async () => {
    const session = await started(engine);
    const first = await session.step(batch(1));
    let last = first;
    for (let i = 0; i < 40; i++) last = await session.step(batch(1));
    expect(last.loss).toBeLessThan(first.loss / 10);
    expect(last.correct).toBe(8);
    session.dispose();
  });

  it("agrees with cpu step by step", async () => {
    const [left, right] = [await started(cpu), await started(engine)];
    for (let i = 0; i < 5; i++) {
      const [a, b] = [await left.step(batch(i)), await right.step(batch(i))];
      expect(a.loss).toBeCloseTo(b.loss, 3);
      expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
    }
    left.dispose();
    right.dispose();
  });

  it("is equal for equal seeds, dropout included, and not for others", async () => {
    const [left, right] = [await started(engine, 0.5), await started(engine, 0.5)];
    for (let i = 0; i < 3; i++) {
      expect(await left.step(batch(i))).toEqual(await right.step(batch(i)));
    }
    expect(difference(await left.state(), await right.state())).toBe(0);
    await right.initialise(8);
    expect(difference(await left.state(), await right.state())).toBeGreaterThan(0.1);
    left.dispose();
    right.dispose();
  });

  it("goes on from a state to the same numbers", async () => {
    const [unbroken, before, after] = [
      await started(engine, 0.5),
      await started(engine, 0.5),
      await engine.open(smallResNet(3, 0.5), options),
    ];
    for (let i = 0; i < 4; i++) await unbroken.step(batch(i));
    for (let i = 0; i < 2; i++) await before.step(batch(i));
    await after.restore(await before.state());
    for (let i = 2; i < 4; i++) await after.step(batch(i));
    expect(difference(await unbroken.state(), await after.state())).toBe(0);
    expect((await after.state()).step).toBe(4);
    for (const session of [unbroken, before, after]) session.dispose();
  });

  it.each<readonly [string, Partial<Recipe>]>([
    ["by the plainest recipe", {}],
    ["in clipped parts, averaged", { accumulate: 3, clip: 0.5, ema: 0.9 }],
    ["with the first and a middle block frozen", { freeze: ["stem", "block2"], ema: 0.9 }],
  ])("keeps no tensor from one call to the next %s", async (_, more) => {
    const session = await started(engine, 0.5, more);
    await session.step(batch(0));
    const { numTensors, numBytes } = memory();
    for (let i = 0; i < 4; i++) {
      await session.step(batch(i));
      await session.evaluate(batch(i));
      await session.predict(batch(i).images, batch(i).shape);
    }
    await session.restore(await session.state());
    expect(memory().numTensors).toBe(numTensors);
    expect(memory().numBytes).toBe(numBytes);
    session.dispose();
    expect(memory().numTensors).toBe(0);
  });

  it("says that nothing is left to train", async () => {
    const freeze = ["input", "stem", "block1", "block2", "block3", "head"];
    await expect(started(engine, 0, { freeze })).rejects.toThrow(
      "nothing of Sketch is left to train",
    );
  });

  it("takes steps that are given before the metrics of others", async () => {
    const [together, apart] = [await started(engine, 0.5), await started(engine, 0.5)];
    const metrics = await Promise.all([0, 1, 2, 3].map((i) => together.step(batch(i))));
    for (const [i, each] of metrics.entries()) expect(await apart.step(batch(i))).toEqual(each);
    expect(difference(await together.state(), await apart.state())).toBe(0);
    for (const session of [together, apart]) session.dispose();
  });

  it("predicts while earlier predictions and steps are under way", async () => {
    const session = await started(engine, 0.5);
    const [, left, right] = await Promise.all([
      session.step(batch(0)),
      session.predict(batch(1).images, batch(1).shape),
      session.predict(batch(2).images, batch(2).shape),
    ]);
    expect(await session.predict(batch(1).images, batch(1).shape)).toEqual(left);
    expect(await session.predict(batch(2).images, batch(2).shape)).toEqual(right);
    session.dispose();
  });

  it("computes while a session on another engine does", async () => {
    const [left, right] = [await started(cpu), await started(engine)];
    for (let i = 0; i < 3; i++) {
      const [a, b] = await Promise.all([left.step(batch(i)), right.step(batch(i))]);
      expect(a.loss).toBeCloseTo(b.loss, 3);
    }
    const alone = await started(engine);
    for (let i = 0; i < 3; i++) await alone.step(batch(i));
    expect(difference(await alone.state(), await right.state())).toBe(0);
    for (const session of [left, right, alone]) session.dispose();
  });

  it("evaluates without changing anything", async () => {
    const session = await started(engine, 0.5);
    await session.step(batch(0));
    const before = await session.state();
    const once = await session.evaluate(batch(1));
    expect(await session.evaluate(batch(1))).toEqual(once);
    expect(difference(before, await session.state())).toBe(0);
    session.dispose();
  });

  it("takes up a state as it is, whatever becomes of the numbers given", async () => {
    const [left, right] = [await started(engine), await started(engine)];
    const state = await left.state();
    await right.restore(state);
    for (const { data } of state.tensors.values()) data.fill(NaN);
    expect(await right.evaluate(batch(0))).toEqual(await left.evaluate(batch(0)));
    left.dispose();
    right.dispose();
  });

  it("says which tensors of a state do not fit", async () => {
    const session = await started(engine);
    const state = await session.state();
    const tensors = new Map(state.tensors);
    tensors.delete("weights/stem.conv.kernel");
    tensors.set("weights/head.dense.bias", { shape: [4], data: new Float32Array(4) });
    tensors.set("weights/other.kernel", { shape: [1], data: new Float32Array(1) });
    await expect(session.restore({ ...state, tensors })).rejects.toThrow(
      "the state is not of this network and optimizer: weights/stem.conv.kernel is missing; " +
        "weights/head.dense.bias is [4] where the network has [3]; weights/other.kernel is not in the network",
    );
    expect(difference(state, await session.state())).toBe(0);
    session.dispose();
  });

  it("refuses labels and images that do not fit", async () => {
    const session = await started(engine);
    const labels = Int32Array.of(0, 1, 2, 3, 0, 1, 2, 0);
    await expect(session.step({ ...batch(0), labels })).rejects.toThrow(
      "image 3 of the batch has label 3, but the network has 3 classes",
    );
    const { labels: known } = batch(0);
    const mix = { labels: labels.with(3, 2).with(7, -1), share: 0.5 };
    await expect(session.step({ ...batch(0), labels: known, mix })).rejects.toThrow(
      "image 7 of the batch has mixed label -1, but the network has 3 classes",
    );
    const few = { labels: known.subarray(1), share: 0.5 };
    await expect(session.step({ ...batch(0), mix: few })).rejects.toThrow(
      "a batch of 8 images has 7 mixed labels",
    );
    await expect(session.predict(new Float32Array(48), [1, 4, 4, 3])).rejects.toThrow(
      "the images are 4x4x3, but the network's input is 12x12x3",
    );
    session.dispose();
  });

  it("cannot train without a recipe", async () => {
    const session = await engine.open(smallResNet());
    await session.initialise(1);
    await expect(session.step(batch(0))).rejects.toThrow("opened without a recipe");
    expect((await session.evaluate(batch(0))).count).toBe(8);
    session.dispose();
  });
}

describe("a session on wasm", () => sessionBehaves(wasm));
describe.skipIf(!tensorflow.available)(`a session on node${withoutTensorFlow}`, () =>
  sessionBehaves(node),
);
