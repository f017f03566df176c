/**
 * The engine on ONNX Runtime against the tfjs engines, step by step, with the blocked operators and without;
 * its state on other engines and back; and what it says when something is wrong.
 */
import { totalmem } from "node:os";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Batch, Session, State } from "../../../src/engines/engine.js";
import { probeRuntime, resolveRuntime } from "../../../src/engines/onnx/library.js";
import { openOnnxSession } from "../../../src/engines/onnx/session.js";
import { RuntimeThread } from "../../../src/engines/onnx/thread.js";
import { wasm } from "../../../src/engines/wasm.js";
import type { Graph } from "../../../src/graph/graph.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { symbolExtent } from "../../../src/shapes/index.js";
import { mixedBatch, randomBatch, stateDifference } from "../../passes/training-step/run-step.js";
import { convAttributes, norm, recipe, Sketch, smallResNet } from "../networks.js";

const library = resolveRuntime();
const { available, detail } = await probeRuntime(library);
const onnx = describe.skipIf(!available);
if (!available) console.warn(`SKIPPED: the engine onnx is not tested: ${detail}`);

const sessions: Session[] = [];
afterAll(() => sessions.forEach((session) => session.dispose()));

interface Given {
  readonly graph?: Graph;
  readonly recipe?: Recipe;
  readonly standard?: boolean;
}

async function opened({ graph = smallResNet(), standard = false, ...given }: Given = {}) {
  const options = { recipe: given.recipe ?? recipe(), stepsPerEpoch: 4, standard };
  const session = await openOnnxSession(library ?? "", graph, options);
  sessions.push(session);
  return session;
}

async function started(given: Given = {}, seed = 7) {
  const session = await opened(given);
  await session.initialise(seed);
  return session;
}

function batch(seed: number, count = 8): Batch {
  return randomBatch(seed, [count, 12, 12, 3]);
}

/** How often a model is made for what `run` does. */
async function modelsMade(run: () => Promise<unknown>): Promise<number> {
  const asked = vi.spyOn(RuntimeThread.prototype, "ask");
  try {
    await run();
    return asked.mock.calls.filter(([{ kind }]) => kind === "load").length;
  } finally {
    asked.mockRestore();
  }
}

function difference(left: State, right: State): number {
  return stateDifference(left.tensors, right.tensors);
}

onnx("a session on ONNX Runtime", () => {
  it("keeps the model of an epoch's last batch where there is memory for it", async () => {
    const session = await started();
    const epoch = async (): Promise<void> => {
      for (const count of [8, 8, 5]) await session.step(batch(1, count));
    };
    expect(await modelsMade(epoch)).toBe(2);
    expect(await modelsMade(epoch)).toBe(0);
    const memory = vi.spyOn(process, "constrainedMemory").mockReturnValue(2 ** 21);
    try {
      expect(await modelsMade(epoch)).toBe(0);
      expect(await modelsMade(epoch)).toBe(1);
    } finally {
      memory.mockRestore();
    }
  });

  it.each([
    { width: 1, standard: false },
    { width: 4, standard: false },
    { width: 4, standard: true },
    { width: 8, standard: false },
  ])("agrees with wasm step by step: width $width, standard operators $standard", async (given) => {
    const graph = smallResNet(3, 0.5, given.width);
    const left = await started({ graph, standard: given.standard });
    const right = await wasm.open(graph, { recipe: recipe(), stepsPerEpoch: 4 });
    await right.initialise(7);
    expect(difference(await left.state(), await right.state())).toBe(0);
    for (let i = 0; i < 5; i++) {
      const [a, b] = [await left.step(batch(i)), await right.step(batch(i))];
      expect(a.loss).toBeCloseTo(b.loss, 3);
      expect([a.correct, a.count]).toEqual([b.correct, b.count]);
      expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
    }
    const [a, b] = [await left.evaluate(batch(9, 5)), await right.evaluate(batch(9, 5))];
    expect(a.loss).toBeCloseTo(b.loss, 3);
    expect(a.correct).toBe(b.correct);
    const images = batch(10, 3);
    const logits = (await left.predict(images.images, images.shape)).get("head0");
    const others = (await right.predict(images.images, images.shape)).get("head0");
    expect(logits?.shape).toEqual([3, 3]);
    logits?.data.forEach((value, i) => expect(value).toBeCloseTo(others?.data[i] ?? NaN, 4));
    right.dispose();
  });

  it("agrees with wasm under Adam, a schedule and label smoothing", async () => {
    const given = recipe({
      optimizer: { kind: "adam", rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 1e-4 },
      schedule: { kind: "cosine", warmup: 1, floor: 0.1 },
      loss: { kind: "crossentropy", smoothing: 0.1 },
    });
    const left = await started({ recipe: given, graph: smallResNet(3, 0, 4) });
    const right = await wasm.open(smallResNet(3, 0, 4), { recipe: given, stepsPerEpoch: 4 });
    await right.initialise(7);
    for (let i = 0; i < 6; i++) {
      const [a, b] = [await left.step(batch(i)), await right.step(batch(i))];
      expect(Math.abs(a.loss - b.loss)).toBeLessThan(2e-3 * b.loss);
    }
    right.dispose();
  });

  it.each<readonly [string, Partial<Recipe>]>([
    ["three unequal parts, clipped", { accumulate: 3, clip: 0.5 }],
    ["a moving average", { ema: 0.6 }],
    ["mixed images", { augment: [{ kind: "mixup", alpha: 0.2 }] }],
    ["all but the head frozen", { freeze: ["stem", "block1", "block2", "block3"] }],
    ["a frozen block, averaged", { freeze: ["block2"], ema: 0.6 }],
  ])("agrees with wasm with %s", async (_, more) => {
    const [graph, given] = [smallResNet(3, 0.3, 8), recipe(more)];
    const left = await started({ graph, recipe: given });
    const right = await wasm.open(graph, { recipe: given, stepsPerEpoch: 4 });
    await right.initialise(7);
    const start = await right.state();
    expect(difference(await left.state(), start)).toBe(0);
    const make = given.augment.length > 0 ? mixedBatch : randomBatch;
    for (let i = 0; i < 4; i++) {
      const next = make(i, [8, 12, 12, 3]);
      const [a, b] = [await left.step(next), await right.step(next)];
      expect(a.loss).toBeCloseTo(b.loss, 3);
      expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
    }
    const [a, b] = [await left.evaluate(batch(9, 5)), await right.evaluate(batch(9, 5))];
    expect(a.loss).toBeCloseTo(b.loss, 3);
    const { tensors } = await left.state();
    for (const [name, { data }] of start.tensors) {
      const places = Array.isArray(given.freeze) ? (given.freeze as string[]) : [];
      const isFrozen = places.some((place) => name.startsWith(`weights/${place}.`));
      if (isFrozen) expect(tensors.get(name)?.data, name).toEqual(data);
    }
    right.dispose();
  });

  it("takes steps that are given before the answers of others", async () => {
    const graph = smallResNet(3, 0.5, 4);
    const [together, apart] = [await started({ graph }), await started({ graph })];
    // A batch of another size in the middle loads another model.
    const given = [batch(0), batch(1), batch(2, 5), batch(3), batch(4)];
    const metrics = await Promise.all(given.map((each) => together.step(each)));
    for (const [i, each] of given.entries()) expect(await apart.step(each)).toEqual(metrics[i]);
    expect(difference(await together.state(), await apart.state())).toBe(0);
    expect((await together.state()).step).toBe(5);
  });

  it("goes on from a state of wasm, and wasm from one of its own", async () => {
    const graph = smallResNet(3, 0.5, 4);
    const options = { recipe: recipe(), stepsPerEpoch: 4 };
    const [ours, theirs] = [await started({ graph }), await wasm.open(graph, options)];
    await theirs.initialise(3);
    for (let i = 0; i < 3; i++) await theirs.step(batch(i));
    const before = await theirs.state();
    await ours.restore(before);
    const after = await ours.state();
    expect(difference(after, before)).toBe(0);
    expect(after.step).toBe(3);
    expect((await ours.step(batch(4))).loss).toBeCloseTo((await theirs.step(batch(4))).loss, 3);
    await theirs.restore(await ours.state());
    expect((await theirs.step(batch(5))).loss).toBeCloseTo((await ours.step(batch(5))).loss, 3);
    theirs.dispose();
  });

  it("goes on from a state of its own to the same bits", async () => {
    const graph = smallResNet(3, 0.5, 4);
    const [unbroken, before, after] = [
      await started({ graph }),
      await started({ graph }),
      await opened({ graph }),
    ];
    for (let i = 0; i < 4; i++) await unbroken.step(batch(i));
    for (let i = 0; i < 2; i++) await before.step(batch(i));
    await after.restore(await before.state());
    for (let i = 2; i < 4; i++) await after.step(batch(i));
    expect(difference(await unbroken.state(), await after.state())).toBe(0);
    expect((await after.state()).step).toBe(4);
  });

  it("takes batches of any size, one after the other", async () => {
    const session = await started({ graph: smallResNet(3, 0, 4) });
    for (const [i, count] of [8, 5, 8, 1, 17, 8].entries()) {
      const { loss, count: seen } = await session.step(batch(i, count));
      expect(seen).toBe(count);
      expect(loss).toBeGreaterThan(0);
    }
  });

  it("trains a network of symbolic size at every size that comes", async () => {
    const net = new Sketch();
    net.input(symbolExtent("H"), symbolExtent("W"), 3);
    net.add("conv", "conv", convAttributes(16, 3, 2), "input");
    net.add("batchnorm", "norm", norm, "conv");
    net.add("relu", "relu", {}, "norm");
    net.add("globalavgpool", "pool", {}, "relu");
    net.add("dense", "dense", { channels: 3, bias: true }, "pool");
    const session = await started({ graph: net.graph("dense") });
    for (const [height, width] of [
      [12, 12],
      [9, 15],
    ] as const) {
      const given = randomBatch(1, [8, height, width, 3]);
      expect((await session.step(given)).loss).toBeGreaterThan(0);
    }
    // More shapes than are kept, the first ones again.
    for (const height of [9, 10, 11, 12, 13, 9, 10]) {
      const { images, shape } = randomBatch(2, [1, height, 12, 3]);
      const logits = (await session.predict(images, shape)).get("head0");
      expect(logits?.data.every(Number.isFinite)).toBe(true);
    }
  });

  it("evaluates and predicts without changing anything", async () => {
    const session = await started();
    await session.step(batch(0));
    const before = await session.state();
    const once = await session.evaluate(batch(1));
    expect(await session.evaluate(batch(1))).toEqual(once);
    expect(difference(before, await session.state())).toBe(0);
  });

  it("leaves the caller's batch alone, and the process responsive", async () => {
    const session = await started({ graph: smallResNet(3, 0, 8) });
    const given = batch(0, 8);
    const copy = given.images.slice();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await Promise.all([session.step(given), new Promise((resolve) => setTimeout(resolve, 50))]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
    expect(given.images).toEqual(copy);
  });

  it("gives back a loss that is not finite, and keeps the state before it", async () => {
    const steep = recipe({
      optimizer: { kind: "sgd", rate: 1e30, momentum: 0, nesterov: false, decay: 0 },
    });
    const session = await started({ recipe: steep });
    let { loss } = await session.step(batch(0));
    let kept = await session.state();
    for (let i = 1; i < 5 && Number.isFinite(loss); i++) {
      kept = await session.state();
      ({ loss } = await session.step(batch(i)));
    }
    expect(loss).not.toSatisfy(Number.isFinite);
    expect((await session.state()).step).toBe(kept.step);
    expect([...(await session.state()).tensors.keys()]).toEqual([...kept.tensors.keys()]);
  });

  it("refuses a batch that no memory holds before it tries", async () => {
    const session = await started({ graph: smallResNet(3, 0, 8) });
    // The images themselves have room: nothing is written to them.
    const count = Math.ceil(totalmem() / 50_000);
    const images = new Float32Array(count * 12 * 12 * 3);
    const labels = new Int32Array(count);
    await expect(session.step({ images, labels, shape: [count, 12, 12, 3] })).rejects.toThrow(
      new RegExp(
        `a training step on ${count} images of 12x12 needs about \\d+\\.\\d GB of memory, and this machine has`,
      ),
    );
    expect((await session.step(batch(0))).loss).toBeGreaterThan(0);
  });

  it("refuses labels, images and states that do not fit, as every engine does", async () => {
    const session = await started();
    const labels = Int32Array.of(0, 1, 2, 3, 0, 1, 2, 0);
    await expect(session.step({ ...batch(0), labels })).rejects.toThrow(
      "image 3 of the batch has label 3, but the network has 3 classes",
    );
    await expect(session.predict(new Float32Array(48), [1, 4, 4, 3])).rejects.toThrow(
      "the images are 4x4x3, but the network's input is 12x12x3",
    );
    const state = await session.state();
    const tensors = new Map(state.tensors);
    tensors.delete("weights/stem.conv.kernel");
    await expect(session.restore({ ...state, tensors })).rejects.toThrow(
      "weights/stem.conv.kernel is missing",
    );
    expect(difference(state, await session.state())).toBe(0);
  });

  it("cannot train without a recipe, but evaluates and predicts", async () => {
    const session = await openOnnxSession(library ?? "", smallResNet(3, 0, 4));
    sessions.push(session);
    await session.initialise(1);
    await expect(session.step(batch(0))).rejects.toThrow("opened without a recipe");
    const trained = await started({ graph: smallResNet(3, 0, 4) }, 1);
    const [a, b] = [await session.evaluate(batch(0)), await trained.evaluate(batch(0))];
    expect(a.loss).toBeCloseTo(b.loss, 3);
    expect(a.correct).toBe(b.correct);
  });

  it("says so after it was disposed of", async () => {
    const session = await started();
    session.dispose();
    await expect(session.step(batch(0))).rejects.toThrow("the session was disposed of");
  });

  it("keeps its size over many steps", async () => {
    const session = await started({ graph: smallResNet(3, 0, 2) });
    const run = async (steps: number): Promise<number> => {
      for (let i = 0; i < steps; i++) await session.step(batch(i % 7));
      return process.memoryUsage().rss;
    };
    const early = await run(200);
    const late = await run(1500);
    expect(late - early).toBeLessThan(60e6);
  });
});
