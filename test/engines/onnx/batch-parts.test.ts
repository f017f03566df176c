/**
 * Training steps on ONNX Runtime whose batches are passed in parts: the same numbers as in one model of all parts
 * and as wasm's, nothing of a step that went wrong, and no more models and memory than a part takes.
 */
import { afterAll, describe, expect, it, vi } from "vitest";
import { sequenceOutput } from "../../../src/backends/onnx/sequence-output.js";
import type { Batch, Session, State } from "../../../src/engines/engine.js";
import { probeBlock } from "../../../src/engines/onnx/block.js";
import { stepFeeds } from "../../../src/engines/onnx/feeds.js";
import { probeRuntime, resolveRuntime } from "../../../src/engines/onnx/library.js";
import { lossSum, metricSums, stepModel } from "../../../src/engines/onnx/step-models.js";
import { RuntimeThread } from "../../../src/engines/onnx/thread.js";
import { TrainingSession } from "../../../src/engines/onnx/training-session.js";
import { wasm } from "../../../src/engines/wasm.js";
import type { Graph } from "../../../src/graph/graph.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { mixedBatch, randomBatch, stateDifference } from "../../passes/training-step/run-step.js";
import { adam, recipe, smallResNet } from "../networks.js";

const library = resolveRuntime();
const { available, detail } = await probeRuntime(library);
const onnx = describe.skipIf(!available);
if (!available) console.warn(`SKIPPED: steps in parts on onnx are not tested: ${detail}`);

const sessions: Session[] = [];
afterAll(() => sessions.forEach((session) => session.dispose()));

const mixup: Recipe["augment"] = [{ kind: "mixup", alpha: 0.2 }];
const withAdam = adam({ rate: 0.003, epsilon: 1e-5, decay: 1e-4 });
const inThree = recipe({ accumulate: 3 });
const stepsPerEpoch = 4;

async function started(
  given: Recipe = inThree,
  graph: Graph = smallResNet(3, 0.4, 8),
  standard = false,
): Promise<TrainingSession> {
  const thread = new RuntimeThread(library ?? "");
  const block = standard ? undefined : await probeBlock(thread);
  const session = new TrainingSession(thread, block, graph, given, stepsPerEpoch);
  sessions.push(session);
  await session.initialise(7);
  return session;
}

function batch(seed: number, count = 8): Batch {
  return randomBatch(seed, [count, 12, 12, 3]);
}

function batchFor({ augment }: Recipe, seed: number, count = 8): Batch {
  return augment.length > 0 ? mixedBatch(seed, [count, 12, 12, 3]) : batch(seed, count);
}

function difference(left: State, right: State): number {
  return stateDifference(left.tensors, right.tensors);
}

/** A step of a session by the one model of all parts, at the step that the session is at. */
async function stepOfOneModel(session: TrainingSession, given: Batch): Promise<readonly number[]> {
  const { thread, graph, block } = session;
  const { step } = await session.state();
  const options = { graph, recipe: session.recipe, stepsPerEpoch, block };
  const run = { model: "all parts", kind: "step" } as const;
  const { bytes, read, replace, fed, sums } = stepModel(run, given.shape, options);
  await thread.ask({ kind: "load", model: run.model, bytes });
  const all = stepFeeds(given, [0, given.shape[0]], step, session.recipe);
  const feeds = all.filter(({ name }) => fed.has(name));
  const found = await thread.ask({
    kind: "step",
    runs: [{ model: run.model, feeds, read, replace }],
    sums,
    sequence: sequenceOutput,
    results: metricSums,
    unlessFinite: lossSum,
  });
  return found.map(({ data }) => data[0] ?? NaN);
}

/** The names of the models that are loaded, and of those that are let go, while `run` runs. */
async function changes(run: () => Promise<unknown>) {
  const asked = vi.spyOn(RuntimeThread.prototype, "ask");
  try {
    await run();
    const named = (of: string): string[] =>
      asked.mock.calls.flatMap(([request]) =>
        request.kind === of && "model" in request ? [request.model] : [],
      );
    return { loaded: named("load"), released: named("release") };
  } finally {
    asked.mockRestore();
  }
}

onnx("a step in parts on ONNX Runtime", () => {
  it.each<readonly [string, Partial<Recipe>, boolean]>([
    ["equal parts", { accumulate: 4 }, false],
    ["unequal parts", { accumulate: 3 }, false],
    ["standard operators", { accumulate: 3 }, true],
    ["a part for each image, frozen blocks", { accumulate: 99, freeze: ["stem", "block2"] }, false],
  ])("comes to the bits of one model of all parts: %s", async (_, more, standard) => {
    const given = recipe(more);
    const [left, right] = [
      await started(given, undefined, standard),
      await started(given, undefined, standard),
    ];
    const { loss, correct } = await left.step(batch(0));
    expect(await stepOfOneModel(right, batch(0))).toEqual([loss, correct]);
    expect(difference(await left.state(), await right.state())).toBe(0);
  });

  const everything = { accumulate: 3, clip: 0.5, ema: 0.6, augment: mixup } as const;
  it.each<readonly [string, Partial<Recipe>, boolean]>([
    ["clipped, averaged, mixed", everything, false],
    ["the same by standard operators", everything, true],
    ["the same under Adam with a schedule", { ...everything, optimizer: withAdam }, false],
    ["a frozen block, averaged", { accumulate: 3, freeze: ["block1"], ema: 0.6 }, false],
  ])("agrees with wasm, dropout included: %s", async (_, more, standard) => {
    const given = recipe({ schedule: { kind: "cosine", floor: 0, warmup: 1 }, ...more });
    const left = await started(given, undefined, standard);
    const right = await wasm.open(smallResNet(3, 0.4, 8), { recipe: given, stepsPerEpoch });
    await right.initialise(7);
    for (const [i, count] of [8, 8, 5, 8].entries()) {
      const next = batchFor(given, i, count);
      const [a, b] = [await left.step(next), await right.step(next)];
      expect(a.loss).toBeCloseTo(b.loss, 3);
      expect([a.correct, a.count]).toEqual([b.correct, b.count]);
      expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
    }
    right.dispose();
  });

  it("changes nothing where a part in the middle has a number that is none", async () => {
    const given = recipe({ accumulate: 3, ema: 0.6 });
    const [session, spared] = [await started(given), await started(given)];
    for (const each of [session, spared]) await each.step(batch(0));
    const before = await session.state();
    const broken = batch(1);
    // Parts begin at images 0, 2 and 5.
    broken.images[3 * 12 * 12 * 3 + 5] = NaN;
    await expect(session.step(broken)).rejects.toThrow("image 3 of the batch has the value NaN");
    const after = await session.state();
    expect(difference(before, after)).toBe(0);
    expect(after.step).toBe(1);
    expect(await session.step(batch(2))).toEqual(await spared.step(batch(2)));
    expect(difference(await session.state(), await spared.state())).toBe(0);
  });

  it("takes steps that are given before the answers of others, and keeps its sums to itself", async () => {
    const [together, apart] = [await started(), await started()];
    const names = [...(await apart.state()).tensors.keys()];
    const given = [batch(0), batch(1), batch(2, 5), batch(3, 1), batch(4)];
    const metrics = await Promise.all(given.map((each) => together.step(each)));
    for (const [i, each] of given.entries()) expect(await apart.step(each)).toEqual(metrics[i]);
    const [left, right] = [await together.state(), await apart.state()];
    expect(difference(left, right)).toBe(0);
    expect(left.step).toBe(5);
    expect([...left.tensors.keys()]).toEqual(names);
    const held = await together.thread.ask({ kind: "held" });
    expect(held.map(({ name }) => name)).toEqual(names);
  });

  it("makes a model for every size of a part, however many parts there are, and one of the update", async () => {
    const session = await started(recipe({ accumulate: 5 }));
    const epoch = async (): Promise<void> => {
      for (const count of [16, 16, 7]) await session.step(batch(1, count));
    };
    expect((await changes(epoch)).loaded.toSorted()).toEqual([
      "part 1 of 7x12x12x3",
      "part 2 of 7x12x12x3",
      "part 3 of 16x12x12x3",
      "part 4 of 16x12x12x3",
      "update",
    ]);
    expect(await changes(epoch)).toEqual({ loaded: [], released: [] });
    // More shapes than are kept: those that were used longest ago go, and the update's model stays.
    const others = async (): Promise<void> => {
      for (const count of [5, 10, 15]) await session.step(batch(1, count));
    };
    expect(await changes(others)).toEqual({
      loaded: ["part 1 of 5x12x12x3", "part 2 of 10x12x12x3", "part 3 of 15x12x12x3"],
      released: [
        "part 3 of 16x12x12x3",
        "part 4 of 16x12x12x3",
        "part 1 of 7x12x12x3",
        "part 2 of 7x12x12x3",
      ],
    });
  });

  it("lets go of the models of an epoch's last batch where memory is short", async () => {
    const session = await started(recipe({ batch: 8, accumulate: 3 }));
    const memory = vi.spyOn(process, "constrainedMemory").mockReturnValue(4_000_000);
    try {
      await session.step(batch(0));
      const last = await changes(() => session.step(batch(1, 4)));
      expect(last.released).toEqual(last.loaded);
      expect(last.loaded).toEqual(["part 1 of 4x12x12x3", "part 2 of 4x12x12x3"]);
      expect((await changes(() => session.step(batch(2)))).loaded).toEqual([]);
    } finally {
      memory.mockRestore();
    }
  });

  it("takes a batch that memory does not hold whole, and says how to pass one in parts", async () => {
    const memory = vi.spyOn(process, "constrainedMemory").mockReturnValue(8_000_000);
    try {
      const whole = await started(recipe());
      const refused = whole.step(batch(0, 64));
      await expect(refused).rejects.toThrow(
        /a training step on 64 images of 12x12 needs about \d+\.\d GB of memory/,
      );
      await expect(refused).rejects.toMatchObject({
        help: expect.stringContaining("`accumulate`"),
      });
      const inParts = await started(recipe({ accumulate: 32 }));
      expect((await inParts.step(batch(0, 64))).loss).toBeGreaterThan(0);
    } finally {
      memory.mockRestore();
    }
  });
});
