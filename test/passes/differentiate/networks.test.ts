import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { initialParameters } from "../../../src/graph/initialise.js";
import { differentiate } from "../../../src/passes/differentiate/differentiate.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { imageShape, lowerGraph } from "../../../src/passes/lower/lower.js";
import { programParameters } from "../../../src/passes/lower/parameters.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { batchMetrics } from "../../../src/passes/training-step/loss.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import { inner, map, normal, type Reference } from "../../reference/array.js";
import {
  convAttributes,
  norm,
  poolAttributes,
  Sketch,
  smallResNet,
} from "../../engines/networks.js";

/** Grouped, dilated and biased convolutions, both pools, a gate, dropout and two heads. */
function manySided(): Graph {
  const net = new Sketch();
  net.input(9, 8, 2);
  net.add("conv", "grouped", convAttributes(6, 3, 2, { groups: 2, bias: true }), "input");
  net.add("batchnorm", "norm1", norm, "grouped");
  net.add("sigmoid", "sigmoid", {}, "norm1");
  net.add(
    "conv",
    "dilated",
    convAttributes(6, 3, 1, { dilation: [2, 2], padding: [2, 2] }),
    "sigmoid",
  );
  net.add("batchnorm", "norm2", norm, "dilated");
  net.add("globalavgpool", "squeeze", {}, "norm2");
  net.add("dense", "excite", { channels: 6, bias: true }, "squeeze");
  net.add("batchnorm", "norm3", norm, "excite");
  net.add("sigmoid", "gate", {}, "norm3");
  net.add("multiply", "gated", {}, "norm2", "gate");
  net.add("add", "sum", {}, "gated", "sigmoid");
  net.add("relu", "relu", {}, "sum");
  net.add("avgpool", "average", poolAttributes(3, 2, 1), "relu");
  net.add("maxpool", "largest", poolAttributes(2, 2, 0, true), "relu");
  net.add("conv", "narrow", convAttributes(3, 1), "largest");
  net.add("upsample", "up", { factor: [2, 2] }, "narrow");
  net.add("subsample", "down", { stride: [2, 2] }, "up");
  net.add("concat", "joined", {}, "down", "average");
  net.add("flatten", "flat", {}, "joined");
  net.add("dropout", "dropped", { rate: 0.3 }, "flat");
  net.add("droppath", "kept", { rate: 0.5 }, "dropped");
  net.add("dense", "first", { channels: 4, bias: true }, "kept");
  net.add("globalavgpool", "pooled", {}, "joined");
  net.add("dense", "second", { channels: 3, bias: false }, "pooled");
  return net.graph("first", "second");
}

/** A residual network of random widths, strides, groups and dilations, activations before or after. */
function randomResNet(seed: number): Graph {
  let draws = 0;
  const whole = (low: number, high: number): number =>
    low + randomBelow(randomKey("network", seed), draws++, high - low + 1);
  const net = new Sketch();
  net.input(whole(7, 10), whole(7, 10), 2);
  let [from, width] = ["input", 2 * whole(1, 2)];
  from = net.add("conv", "stem", convAttributes(width, 3), from);
  for (const block of ["block1", "block2", "block3"]) {
    const [stride, dilation, before] = [whole(1, 2), whole(1, 2), whole(0, 1) === 1];
    const more = { dilation: [dilation, dilation], padding: [dilation, dilation] } as const;
    const wider = 2 * whole(1, 3);
    const activate = (name: string, x: string): string =>
      net.add("relu", `${name}.relu`, {}, net.add("batchnorm", `${name}.norm`, norm, x));
    const start = before ? activate(`${block}.before`, from) : from;
    const first = convAttributes(wider, 3, stride, { ...more, groups: whole(1, 2) });
    const middle = activate(`${block}.middle`, net.add("conv", `${block}.conv1`, first, start));
    const second = net.add("conv", `${block}.conv2`, convAttributes(wider, 3), middle);
    const same = stride === 1 && wider === width;
    const shortcut = same
      ? from
      : net.add("conv", `${block}.shortcut`, convAttributes(wider, 1, stride), start);
    const sum = net.add("add", `${block}.add`, {}, second, shortcut);
    [from, width] = [before ? sum : activate(`${block}.after`, sum), wider];
  }
  net.add("globalavgpool", "pool", {}, from);
  return net.graph(net.add("dense", "dense", { channels: 3, bias: true }, "pool"));
}

/** The mean loss and its gradients by all trainable parameters, as a program of the weights. */
function gradientProgram(graph: Graph, batch: number) {
  const b = new ProgramBuilder();
  const images = b.input("images", { dtype: "f32", shape: imageShape(graph, batch) });
  const labels = b.input("labels", { dtype: "i32", shape: [batch] });
  const step = b.input("step", { dtype: "i32", shape: [] });
  const all = programParameters(graph);
  const parameters = new Map(
    all.map(({ key, programShape: shape }) => [key, b.input(key, { dtype: "f32", shape })]),
  );
  const pass = {
    kind: "training",
    seed: 3,
    step,
    imagesBefore: 0,
    frozen: new Set<string>(),
  } as const;
  const { heads } = lowerGraph(b, graph, images, parameters, pass);
  const { loss } = batchMetrics(b, heads, { labels }, { kind: "crossentropy", smoothing: 0.1 });
  const trainables = all.filter(({ trainable }) => trainable).map(({ key }) => key);
  const by = trainables.map((key) => parameters.get(key)!);
  b.output("loss", loss);
  differentiate(b, loss, by).forEach((gradient, i) => b.output(trainables[i] ?? "", gradient));
  return { program: b.build("gradients"), trainables };
}

/** What batch norm subtracts again moves nothing. */
const beforeBatchNorm = ["grouped.bias", "excite.bias"];

describe("the gradients of a whole network agree with central differences:", () => {
  it.each([
    ["a small residual network", smallResNet(3, 0.2), 3],
    ["a network of every operation", manySided(), 2],
    ...[1, 2, 3, 4].map((seed) => [`random network ${seed}`, randomResNet(seed), 2] as const),
  ] as const)("%s", (_, graph, batch) => {
    const { program, trainables } = gradientProgram(graph, batch);
    expect(verifyProgram(program)).toEqual([]);
    const initial = initialParameters(graph, 5);
    const inputs = new Map<string, Reference>();
    for (const { name, type } of program.inputs) {
      const values = normal(type.shape, name, "at");
      const near = initial.get(name);
      // Off the initial point, where biases are zero and every gamma is 1.
      const scale = near === undefined ? 1 : name.endsWith("kernel") ? 0.4 : 0.1;
      inputs.set(
        name,
        map(values, (x) => scale * x + (name.endsWith("gamma") ? 1 : 0)),
      );
    }
    const key = randomKey("labels");
    const labels = Float64Array.from({ length: batch }, (_value, i) => randomBelow(key, i, 3));
    inputs.set("labels", { shape: [batch], data: labels });
    inputs.set("step", { shape: [], data: Float64Array.of(11) });
    const found = interpret(program, inputs);
    for (const name of trainables) {
      const at = inputs.get(name) as Reference;
      const direction = normal(at.shape, name, "direction");
      const lossAt = (distance: number): number => {
        const data = at.data.map((value, i) => value + distance * (direction.data[i] ?? 0));
        const moved = new Map(inputs).set(name, { shape: at.shape, data });
        return interpret(program, moved).get("loss")?.data[0] ?? NaN;
      };
      const expected = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
      const slope = inner(found.get(name) as Reference, direction);
      expect(Math.abs(slope - expected) / Math.max(1, Math.abs(expected)), name).toBeLessThan(1e-6);
      if (beforeBatchNorm.includes(name)) expect(Math.abs(slope), name).toBeLessThan(1e-12);
      else expect(Math.abs(slope), name).toBeGreaterThan(1e-4);
    }
  });
});
