/**
 * Steps, evaluations and predictions from a recording end in the same bits as those by TensorFlow.js, whatever a
 * recipe asks for and whatever happens between them.
 */
import { backend, memory, type Variable } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTestDevice, testDevice, withoutDevice } from "./device.js";
import type { Batch, Session, State } from "../../../src/engines/engine.js";
import type { WatchedDevice } from "../../../src/engines/tfjs/device-failure.js";
import { KernelClock } from "../../../src/engines/tfjs/kernel-clock.js";
import { deviceTimer } from "../../../src/engines/tfjs/kernel-timer.js";
import { openSession } from "../../../src/engines/tfjs/session.js";
import { plainRunner, type WorkRunner } from "../../../src/engines/tfjs/work-runner.js";
import { recordWork } from "../../../src/engines/tfjs/webgpu-backend.js";
import { deviceWorkOf, letGo, takeBuffer } from "../../../src/engines/tfjs/webgpu/device-work.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { convAttributes, norm, poolAttributes, recipe, Sketch } from "../networks.js";
import { batch, difference } from "../small-batches.js";

/** Little of everything: SwiftShader compiles each shader for a while. */
function network() {
  const net = new Sketch();
  net.add("conv", "conv", convAttributes(8, 3, 2), net.input(12, 12, 3));
  net.add("batchnorm", "norm", norm, "conv");
  net.add("relu", "relu", {}, "norm");
  net.add("maxpool", "largest", poolAttributes(2, 2, 0), "relu");
  net.add("droppath", "path", { rate: 0.4 }, "largest");
  net.add("dropout", "dropout", { rate: 0.3 }, "path");
  net.add("globalavgpool", "pool", {}, "dropout");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

const cosine = { kind: "cosine", floor: 0, warmup: 1 } as const;
const adam = {
  kind: "adam",
  rate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-5,
  decay: 1e-4,
} as const;
const nesterov = { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: true, decay: 1e-4 } as const;

const recipes: readonly (readonly [string, Recipe])[] = [
  ["a rate that changes with every step", recipe({ schedule: cosine, optimizer: nesterov })],
  ["Adam, clipping and a moving average", recipe({ optimizer: adam, clip: 0.5, ema: 0.9 })],
  [
    "unequal parts of smoothed labels",
    recipe({ accumulate: 3, loss: { kind: "crossentropy", smoothing: 0.1 } }),
  ],
  [
    "moves as long as kernels, each class by itself",
    recipe({ optimizer: { ...adam, kind: "lamb" }, loss: { kind: "bce", smoothing: 0.1 } }),
  ],
  ["a frozen stem", recipe({ freeze: ["conv", "norm"], schedule: cosine })],
];

function mixed(given: Batch): Batch {
  return { ...given, mix: { labels: given.labels.map((label) => (label + 1) % 3), share: 0.7 } };
}

/** The same, with images in memory that threads share. */
function shared(given: Batch): Batch {
  const { length } = given.images;
  const images = new Float32Array(new SharedArrayBuffer(4 * length));
  images.set(given.images);
  return { ...given, images };
}

/** The same, but for moving variances whose roots must be rounded. */
function moved(state: State): State {
  const tensors = [...state.tensors].map(([name, { shape, data }]) => {
    const isVariance = name.endsWith("moving_variance");
    return [name, { shape, data: isVariance ? data.map((one, i) => one + i / 7) : data }] as const;
  });
  return { ...state, tensors: new Map(tensors) };
}

interface Counted {
  readonly session: Session;
  /** How often TensorFlow.js did the work of a step, an evaluation or a prediction. */
  readonly worked: () => number;
}

/** @param fails asked after the first tensor of every step's work, which ends there where it is true. */
async function started(
  of: Recipe,
  runner: (state: readonly Variable[]) => WorkRunner,
  fails = (_time: number): boolean => false,
): Promise<Counted> {
  let times = 0;
  const session = await openSession("webgpu", network(), {
    recipe: of,
    stepsPerEpoch: 6,
    runner: (state) => {
      const by = runner(state);
      return {
        run: (given, work) =>
          by.run(given, (feed) => {
            const time = ++times;
            return work((...made) => {
              const fed = feed(...made);
              if (!fails(time)) return fed;
              fed.dispose();
              throw new Error("no more of this step");
            });
          }),
        dispose: () => by.dispose(),
      };
    },
  });
  await session.initialise(5);
  await session.restore(moved(await session.state()));
  return { session, worked: () => times };
}

const timeout = 240_000;

describe.skipIf(testDevice === undefined)(
  `steps from a recording${withoutDevice}`,
  { timeout },
  () => {
    let device: WatchedDevice;
    beforeAll(async () => {
      device = await startTestDevice();
    }, timeout);
    // Without a session's watch, what the device refuses would pass for zeros.
    afterEach(() => {
      expect(device.failure).toBeUndefined();
    });

    it.each(recipes)("are those of TensorFlow.js to the last bit: %s", async (_, of) => {
      const plain = await started(of, () => plainRunner);
      const recorded = await started(of, recordWork);
      const both = [plain.session, recorded.session] as const;
      const agree = async (): Promise<void> => {
        const [expected, found] = [await both[0].state(), await both[1].state()];
        expect(difference(found, expected)).toBe(0);
        expect(found.step).toBe(expected.step);
      };
      const step = async (given: Batch): Promise<void> => {
        expect(await both[1].step(given)).toEqual(await both[0].step(given));
      };
      for (let i = 0; i < 4; i++) await step(batch(i));
      await step(shared(batch(4)));
      await agree();
      // The last batch of an epoch, and what comes between two epochs.
      await step(batch(5, 5));
      expect(await both[1].evaluate(batch(50))).toEqual(await both[0].evaluate(batch(50)));
      for (let i = 6; i < 8; i++) await step(mixed(batch(i)));
      await agree();
      // A state from elsewhere, into variables that a recording knows.
      const early = await both[0].state();
      const judged = await both[0].evaluate(batch(50));
      await step(batch(8));
      for (const session of both) {
        await session.restore(early);
        expect(await session.evaluate(batch(50))).toEqual(judged);
      }
      const ahead = both.map((session) =>
        Promise.all([9, 10, 11].map((i) => session.step(batch(i)))),
      );
      const [expected, found] = await Promise.all(ahead);
      expect(found).toEqual(expected);
      await agree();
      // Of the evaluations, three and two.
      expect(plain.worked()).toBe(12 + 3);
      expect(recorded.worked()).toBe(4 + 2);
      for (const session of both) session.dispose();
    });

    it.each([0, 0.9])("stand beside recorded evaluations and predictions (ema %d)", async (ema) => {
      const plain = await started(recipe({ ema }), () => plainRunner);
      const recorded = await started(recipe({ ema }), recordWork);
      const both = [plain.session, recorded.session] as const;
      const judge = async (i: number, count = 8): Promise<void> => {
        const given = batch(50 + i, count);
        const { images, shape } = given;
        expect(await both[1].evaluate(given)).toEqual(await both[0].evaluate(given));
        const logits = await both[0].predict(images, shape);
        expect([...logits.values()].map((head) => head.shape)).toEqual([[count, 3]]);
        expect(await both[1].predict(images, shape)).toEqual(logits);
      };
      const step = async (i: number): Promise<void> => {
        expect(await both[1].step(batch(i))).toEqual(await both[0].step(batch(i)));
      };
      // Recorded before any step is.
      for (let i = 0; i < 4; i++) await judge(i);
      for (let i = 0; i < 4; i++) {
        await step(i);
        await judge(i);
      }
      await judge(4, 5);
      await judge(5);
      const early = await both[0].state();
      await step(4);
      for (const session of both) await session.restore(early);
      await judge(6);
      await step(5);
      await judge(7);
      // Given at once: a step ahead of a question is taken before it.
      const [asked, told] = await Promise.all(
        both.map(async (session) => {
          const ahead = [session.step(batch(6)), session.step(batch(7))];
          const judged = await session.evaluate(batch(60));
          const predicted = [61, 62, 63].map((i) =>
            session.predict(batch(i).images, batch(i).shape),
          );
          return [judged, await Promise.all(ahead), await Promise.all(predicted)];
        }),
      );
      expect(told).toEqual(asked);
      expect(difference(await both[1].state(), await both[0].state())).toBe(0);
      // Two of each kind before the recording, itself, and the one of another shape.
      expect(recorded.worked()).toBe(3 + 2 * (3 + 1));
      for (const session of both) session.dispose();
    });

    it("serve a session that only predicts, and one of any size", async () => {
      const net = new Sketch();
      net.add("conv", "conv", convAttributes(4, 3, 1), net.input(6, 6, 3));
      const mask = net.graph("conv");
      const both = [
        await openSession("webgpu", mask, { runner: () => plainRunner }),
        await openSession("webgpu", mask, { runner: recordWork }),
      ] as const;
      for (const session of both) await session.initialise(3);
      for (let i = 0; i < 5; i++) {
        const images = batch(i, 2).images.slice(0, 2 * 6 * 6 * 3);
        const expected = await both[0].predict(images, [2, 6, 6, 3]);
        expect([...expected.values()].map(({ shape }) => shape)).toEqual([[2, 6, 6, 4]]);
        expect(await both[1].predict(images, [2, 6, 6, 3])).toEqual(expected);
        if (i === 3) for (const session of both) await session.initialise(4);
      }
      for (const session of both) session.dispose();
    });

    it("are whole where a profile timed the one that was recorded", async () => {
      const plain = await started(recipe(), () => plainRunner);
      const recorded = await started(recipe(), recordWork);
      const both = [plain.session, recorded.session] as const;
      for (const session of both) for (const i of [0, 1]) await session.step(batch(i));
      // A device without a clock is not profiled shader by shader.
      const timer = deviceTimer();
      const clock = timer && new KernelClock(network(), timer);
      clock?.start("webgpu");
      const ahead = [recorded.session.step(batch(2))];
      clock?.stop();
      for (const i of [3, 4]) ahead.push(recorded.session.step(batch(i)));
      const expected = [2, 3, 4].map((i) => plain.session.step(batch(i)));
      expect(await Promise.all(ahead)).toEqual(await Promise.all(expected));
      await clock?.settle();
      expect(recorded.worked()).toBe(3);
      for (const session of both) session.dispose();
    });

    it("go on after one that failed as it was recorded, and hold nothing of it", async () => {
      const turn = async (): Promise<unknown> => {
        const plain = await started(
          recipe(),
          () => plainRunner,
          (time) => time === 3,
        );
        const recorded = await started(recipe(), recordWork, (time) => time === 3);
        const both = [plain.session, recorded.session] as const;
        for (const session of both) {
          for (const i of [0, 1]) await session.step(batch(i));
          await expect(session.step(batch(2))).rejects.toThrow("no more of this step");
        }
        for (const i of [3, 4, 5, 6]) {
          expect(await both[1].step(batch(i))).toEqual(await both[0].step(batch(i)));
        }
        expect(difference(await both[1].state(), await both[0].state())).toBe(0);
        expect(recorded.worked()).toBe(4);
        for (const session of both) session.dispose();
        return memory();
      };
      const first = await turn();
      expect(await turn()).toEqual(first);
    });

    it("give the pool back what it never had", () => {
      const pool = deviceWorkOf(backend() as WebGPUBackend).bufferManager;
      const used = pool.numUsedBuffers;
      const buffer = takeBuffer(pool, 4 * 977, GPUBufferUsage.STORAGE, () => true);
      pool.releaseBuffer(buffer);
      expect(pool.numUsedBuffers).toBe(used + 1);
      letGo(pool, buffer);
      expect(pool.numUsedBuffers).toBe(used);
    });

    describe("where there is little memory", () => {
      const inLittle = (state: readonly Variable[]): WorkRunner => recordWork(state, 0);
      const pool = () => deviceWorkOf(backend() as WebGPUBackend).bufferManager;

      it("are those of TensorFlow.js, whatever comes between them", async () => {
        const of = recipe({ optimizer: adam, ema: 0.9, schedule: cosine });
        const plain = await started(of, () => plainRunner);
        const recorded = await started(of, inLittle);
        const both = [plain.session, recorded.session] as const;
        const judge = async (i: number, count = 8): Promise<void> => {
          const { images, shape } = batch(50 + i, count);
          expect(await both[1].predict(images, shape)).toEqual(
            await both[0].predict(images, shape),
          );
        };
        for (let epoch = 0; epoch < 2; epoch++) {
          for (let i = 0; i < 5; i++) {
            const given = batch(i, i === 4 ? 5 : 8);
            expect(await both[1].step(given)).toEqual(await both[0].step(given));
          }
          for (let i = 0; i < 4; i++) await judge(i);
          await judge(4, 3);
        }
        const ahead = both.map(async (session) => {
          const steps = [5, 6].map((i) => session.step(batch(i)));
          const { images, shape } = batch(60);
          const asked = session.predict(images, shape);
          return [await Promise.all(steps), await asked, await session.step(batch(7))];
        });
        const [expected, found] = await Promise.all(ahead);
        expect(found).toEqual(expected);
        expect(difference(await both[1].state(), await both[0].state())).toBe(0);
        // In each epoch the third step and the third question are recorded, and the fourth is a replay.
        expect(recorded.worked()).toBe(2 * (4 + 4) + 4);
        for (const session of both) session.dispose();
      });

      it("keep no buffers of what was done before", async () => {
        const bytes = async (runner: (state: readonly Variable[]) => WorkRunner) => {
          const { session } = await started(recipe(), runner);
          // What other sessions have left is destroyed with the first turn.
          await session.evaluate(batch(0, 2));
          for (let i = 0; i < 4; i++) await session.step(batch(i));
          const before = pool().numBytesAllocated;
          await session.step(batch(4, 7));
          for (let i = 0; i < 4; i++) await session.evaluate(batch(i));
          await session.evaluate(batch(4, 7));
          for (let i = 0; i < 4; i++) await session.predict(batch(i).images, batch(i).shape);
          for (const count of [6, 5])
            for (let i = 0; i < 4; i++) await session.step(batch(i, count));
          const after = pool().numBytesAllocated;
          session.dispose();
          return after / before;
        };
        expect(await bytes(inLittle)).toBeLessThan(1.1);
        // What it is for.
        expect(await bytes(recordWork)).toBeGreaterThan(1.5);
      });
    });

    it("are recorded anew for another shape, and leave nothing", async () => {
      const turn = async (): Promise<unknown> => {
        const { session, worked } = await started(recipe(), recordWork);
        for (const [count, work] of [
          [8, 3],
          [4, 6],
          [8, 9],
        ] as const) {
          for (let i = 0; i < 4; i++) {
            await session.step(batch(i, count));
            await session.evaluate(batch(i, count));
          }
          expect(worked()).toBe(2 * work);
        }
        session.dispose();
        return memory();
      };
      const first = await turn();
      expect(await turn()).toEqual(first);
    });
  },
);
