import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { stepScalars } from "../../../src/passes/training-step/update.js";
import { bitsAt, happens, keyOfStep } from "../../../src/passes/lower/random.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { printProgram } from "../../../src/passes/program/print.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { rewrite, rewriteStages, trainingRewrites } from "../../../src/passes/rewrites/pipeline.js";
import { peakLiveBytes } from "../../../src/passes/rewrites/liveness.js";
import { rateFactorAt } from "../../../src/passes/training-step/schedule.js";
import {
  trainingStep,
  type StepProgram,
  type TrainingStepOptions,
} from "../../../src/passes/training-step/training-step.js";
import { randomBits, randomKey, randomUniform } from "../../../src/random/random.js";
import type { Schedule } from "../../../src/recipe/recipe.js";
import { rateFactor } from "../../../src/recipe/schedule.js";
import { adam, convAttributes, norm, recipe, Sketch, smallResNet } from "../../engines/networks.js";
import {
  canonicalState,
  initialState,
  metric,
  randomBatch,
  runStep,
  stateDifference,
} from "./run-step.js";

const withAdam = adam();

function step(graph: Graph, more: Partial<TrainingStepOptions> = {}): StepProgram {
  return trainingStep(graph, { recipe: recipe(), stepsPerEpoch: 4, batch: 4, ...more });
}

/** The outputs of the third step of the run with seed 7. */
function third(graph: Graph, of: StepProgram, channels = 3): Map<string, Tensor> {
  let state = initialState(graph, of.state, 7);
  let outputs = new Map<string, Tensor>();
  for (let i = 0; i < 3; i++) {
    outputs = runStep(of, state, randomBatch(i, [4, 12, 12, channels]), i);
    state = new Map(of.state.map(({ name }) => [name, outputs.get(name) as Tensor]));
  }
  return outputs;
}

/** A network whose images do not see each other: no batch norm. */
function plain(): Graph {
  const net = new Sketch();
  net.add("conv", "conv", convAttributes(4, 3, 2, { bias: true }), net.input(12, 12, 3));
  net.add("relu", "relu", {}, "conv");
  net.add("dropout", "dropout", { rate: 0.25 }, "relu");
  net.add("droppath", "path", { rate: 0.5 }, "dropout");
  net.add("globalavgpool", "pool", {}, "path");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

describe("a training step", () => {
  it("is the same step in parts, where images do not see each other, dropout included", () => {
    const [whole, halves] = [step(plain()), step(plain(), { recipe: recipe({ accumulate: 2 }) })];
    expect(verifyProgram(halves.program)).toEqual([]);
    const [left, right] = [third(plain(), whole), third(plain(), halves)];
    expect(metric(left, "loss")).toBeCloseTo(metric(right, "loss"), 12);
    expect(metric(left, "correct")).toBe(metric(right, "correct"));
    const states = [canonicalState(whole, left), canonicalState(halves, right)] as const;
    expect(stateDifference(...states)).toBeLessThan(1e-6);
    const thirds = step(plain(), { recipe: recipe({ accumulate: 3 }) });
    expect(stateDifference(states[0], canonicalState(thirds, third(plain(), thirds)))).toBeLessThan(
      1e-6,
    );
  });

  it("in parts moves the statistics once a part and needs less memory", () => {
    const graph = smallResNet();
    const [whole, quarters] = [step(graph), step(graph, { recipe: recipe({ accumulate: 4 }) })];
    const live = [whole, quarters].map(({ program }) => peakLiveBytes(program));
    expect(live[1]).toBeLessThan((live[0] ?? 0) / 2);
    const batch = randomBatch(0, [4, 12, 12, 3]);
    const seen = [whole, quarters].map((of) =>
      canonicalState(of, runStep(of, initialState(graph, of.state, 7), batch, 0)).get(
        "weights/stem.conv.norm.moving_variance",
      ),
    );
    // 1 is where it starts; 0.9^4 of it is left.
    const [once = NaN, fourTimes = NaN] = seen.map((tensor) => tensor?.data[0]);
    expect(once).not.toBeCloseTo(fourTimes, 3);
  });

  it("clips the gradients to a global norm", () => {
    const graph = smallResNet();
    const momentum = (of: StepProgram): number => {
      const batch = randomBatch(0, [4, 12, 12, 3]);
      const outputs = runStep(of, initialState(graph, of.state, 7), batch, 0);
      const squares = [...canonicalState(of, outputs)]
        .filter(([name]) => name.startsWith("optimizer/momentum/"))
        .map(([, { data }]) => data.reduce((sum, value) => sum + value * value, 0));
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
    };
    const undecayed = recipe({ optimizer: { ...recipe().optimizer, decay: 0 } });
    const norm = momentum(step(graph, { recipe: undecayed }));
    const clipped = (clip: number): StepProgram => step(graph, { recipe: { ...undecayed, clip } });
    expect(momentum(clipped(norm / 3))).toBeCloseTo(norm / 3, 4);
    expect(momentum(clipped(norm * 3))).toBeCloseTo(norm, 6);
  });

  it("computes the same after all rewrites, and is shorter", () => {
    const graph = smallResNet(3, 0.3);
    const before = step(graph, { recipe: recipe({ optimizer: withAdam, clip: 0.5 }) });
    const stages = rewriteStages(before.program, trainingRewrites);
    for (const { name, program } of stages) expect(verifyProgram(program), name).toEqual([]);
    const [first, last] = [stages[0]!, stages.at(-1)!];
    const { program } = last;
    expect(program).toEqual(rewrite(before.program, trainingRewrites));
    expect(last.instructions).toBeLessThan(0.95 * first.instructions);
    expect(last.peakLiveBytes).toBeLessThanOrEqual(first.peakLiveBytes);
    const after = { ...before, program };
    const [left, right] = [third(graph, before), third(graph, after)];
    expect(metric(left, "loss")).toBeCloseTo(metric(right, "loss"), 9);
    const states = [canonicalState(before, left), canonicalState(after, right)] as const;
    expect(stateDifference(...states)).toBeLessThan(1e-6);
  });

  it("prints as it is", async () => {
    const net = new Sketch();
    net.add("conv", "conv", convAttributes(2, 3), net.input(4, 4, 1));
    net.add("batchnorm", "norm", norm, "conv");
    net.add("relu", "relu", {}, "norm");
    net.add("globalavgpool", "pool", {}, "relu");
    net.add("dense", "dense", { channels: 2, bias: true }, "pool");
    const tiny = step(net.graph("dense"), { batch: 2 });
    const text = printProgram(rewrite(tiny.program, trainingRewrites));
    await expect(text).toMatchFileSnapshot("./tiny-training-step.txt");
  });
});

describe("the schedule inside a program", () => {
  it.each<Schedule>([
    { kind: "constant", warmup: 0 },
    { kind: "constant", warmup: 1.3 },
    { kind: "step", at: [3, 1], factor: 0.1, warmup: 0 },
    { kind: "step", at: [2], factor: 0.5, warmup: 0.5 },
    { kind: "cosine", floor: 0.05, warmup: 1 },
    { kind: "cosine", floor: 0, warmup: 0 },
    { kind: "polynomial", power: 1, floor: 0.05, warmup: 1 },
    { kind: "polynomial", power: 0.9, floor: 0, warmup: 0 },
    { kind: "polynomial", power: 2, floor: 0.1, warmup: 0.5 },
  ])("%j is the recipe's at every step", (schedule) => {
    const b = new ProgramBuilder();
    const now = b.input("step", { dtype: "i32", shape: [] });
    b.output("factor", rateFactorAt(b, schedule, now, 7, 4));
    const program = b.build("schedule");
    expect(verifyProgram(program)).toEqual([]);
    for (let i = 0; i < 32; i++) {
      const inputs = new Map([["step", { shape: [], data: Float64Array.of(i) }]]);
      const found = interpret(program, inputs).get("factor")?.data[0];
      expect(found).toBeCloseTo(rateFactor(schedule, i, 7, 4), 12);
    }
  });
});

describe("Adam's corrections in float32", () => {
  it.each([0.9, 0.999, 0.999_99])("lose no digits for beta %d", (beta2) => {
    const b = new ProgramBuilder();
    const now = b.input("step", { dtype: "i32", shape: [] });
    const settings = { ...withAdam, beta2 };
    const { corrections } = stepScalars(b, settings, b.fill(1), now);
    b.output("second", corrections![1]);
    const program = b.build("corrections");
    for (const i of [0, 1, 9, 1000, 100_000]) {
      const inputs = new Map([["step", { shape: [], data: Float64Array.of(i) }]]);
      const found = interpret(program, inputs, "float32").get("second")?.data[0] ?? NaN;
      const expected = 1 - beta2 ** (i + 1);
      expect(Math.abs(found - expected) / expected).toBeLessThan(1e-6);
    }
  });
});

describe("random numbers inside a program", () => {
  it("are those of the generator, bit for bit", () => {
    const b = new ProgramBuilder();
    const now = b.input("step", { dtype: "i32", shape: [] });
    const key = keyOfStep(b, randomKey(9, "dropout", "head.dropout"), now);
    const counters = b.shift(b.iota(300, "u32"), 65_400);
    b.output("bits", bitsAt(b, key, counters));
    b.output("happens", b.convert(happens(b, key, counters, 0.3), "f32"));
    const program = b.build("random");
    expect(verifyProgram(program)).toEqual([]);
    for (const i of [0, 1, 77_777]) {
      const inputs = new Map([["step", { shape: [], data: Float64Array.of(i) }]]);
      const found = interpret(program, inputs);
      const drawn = randomKey(9, "dropout", "head.dropout", i);
      const at = Array.from({ length: 300 }, (_, counter) => counter + 65_400);
      expect([...(found.get("bits")?.data ?? [])]).toEqual(at.map((c) => randomBits(drawn, c)));
      const expected = at.map((c) => (randomUniform(drawn, c) < 0.3 ? 1 : 0));
      expect([...(found.get("happens")?.data ?? [])]).toEqual(expected);
    }
  });
});
