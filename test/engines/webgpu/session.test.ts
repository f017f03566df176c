import { engine, memory } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./device.js";
import type { Engine } from "../../../src/engines/engine.js";
import { wasm } from "../../../src/engines/wasm.js";
import { convAttributes, norm, poolAttributes, recipe, Sketch, smallResNet } from "../networks.js";
import { batch, difference } from "../small-batches.js";

/** A GPU in software compiles a shader in a tenth of a second or more, and computes slowly. */
const timeout = 600_000;

const options = { recipe: recipe(), stepsPerEpoch: 4 };

async function started(runtime: Engine, dropout = 0) {
  const session = await runtime.open(smallResNet(3, dropout), options);
  await session.initialise(7);
  return session;
}

describe.skipIf(testDevice === undefined)(
  `a session on webgpu${withoutDevice}`,
  { timeout },
  () => {
    it("agrees with wasm step by step", async () => {
      const [left, right] = [await started(testWebgpu, 0.3), await started(wasm, 0.3)];
      for (let i = 0; i < 5; i++) {
        const [a, b] = [await left.step(batch(i)), await right.step(batch(i))];
        expect(a.loss).toBeCloseTo(b.loss, 3);
        expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
      }
      const [a, b] = [await left.evaluate(batch(9)), await right.evaluate(batch(9))];
      expect(a.loss).toBeCloseTo(b.loss, 2);
      expect(a.correct).toBe(b.correct);
      left.dispose();
      right.dispose();
    });

    it("goes on from a state to the same bits, and takes steps ahead of their metrics", async () => {
      const [unbroken, before, after] = [
        await started(testWebgpu, 0.5),
        await started(testWebgpu, 0.5),
        await testWebgpu.open(smallResNet(3, 0.5), options),
      ];
      const ahead = [0, 1, 2, 3].map((i) => unbroken.step(batch(i)));
      for (let i = 0; i < 2; i++) await before.step(batch(i));
      await after.restore(await before.state());
      const [third, fourth] = [await after.step(batch(2)), await after.step(batch(3))];
      expect((await Promise.all(ahead)).slice(2)).toEqual([third, fourth]);
      expect(difference(await unbroken.state(), await after.state())).toBe(0);
      for (const session of [unbroken, before, after]) session.dispose();
    });

    it("shares its device with one that is opened at the same time", async () => {
      const both = await Promise.all([0, 1].map(() => testWebgpu.open(smallResNet(), options)));
      for (const session of both) await session.initialise(7);
      const [first, second] = both;
      const steps = await Promise.all(both.map((session) => session.step(batch(0))));
      expect(steps[1]).toEqual(steps[0]);
      first?.dispose();
      await second?.step(batch(1));
      second?.dispose();
      expect(engine().state.numTensors).toBe(0);
    });

    it("keeps neither tensors nor memory of the GPU over 200 steps", async () => {
      const net = new Sketch();
      net.input(12, 12, 3);
      net.add("conv", "conv", convAttributes(4, 3, 2), "input");
      net.add("batchnorm", "norm", norm, "conv");
      net.add("relu", "relu", {}, "norm");
      net.add("maxpool", "largest", poolAttributes(2, 2, 0), "relu");
      net.add("globalavgpool", "pool", {}, "largest");
      net.add("dense", "dense", { channels: 3, bias: true }, "pool");
      const session = await testWebgpu.open(net.graph("dense"), options);
      await session.initialise(1);
      for (let i = 0; i < 20; i++) await session.step(batch(i));
      const onGpu = (): number =>
        (memory() as { numBytesAllocatedInGPU?: number }).numBytesAllocatedInGPU ?? NaN;
      const [tensors, bytes, resident] = [memory().numTensors, onGpu(), process.memoryUsage().rss];
      expect(bytes).toBeGreaterThan(0);
      for (let i = 0; i < 200; i++) await session.step(batch(i));
      expect(memory().numTensors).toBe(tensors);
      expect(onGpu()).toBe(bytes);
      expect(process.memoryUsage().rss - resident).toBeLessThan(100e6);
      session.dispose();
      expect(engine().state.numTensors).toBe(0);
    });
  },
);
