import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { lowerInference } from "../../../src/passes/lower/lower.js";
import { programParameters } from "../../../src/passes/lower/parameters.js";
import { stateTensors } from "../../../src/passes/training-step/state.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import type { Graph } from "../../../src/graph/graph.js";
import { initialParameters } from "../../../src/graph/initialise.js";
import { windowExtent } from "../../../src/ops/window-extent.js";
import { symbolExtent } from "../../../src/shapes/index.js";
import { convAttributes, poolAttributes, Sketch } from "../../engines/networks.js";
import { disagreement, normal, type Reference } from "../../reference/array.js";
import { stateOf } from "../training-step/run-step.js";
import * as reference from "../../reference/operations.js";

const batch = 2;

/** Runs the network on these images, with these weights on top of the initial ones. */
function run(graph: Graph, images: Reference, weights: ReadonlyMap<string, Reference> = new Map()) {
  const program = lowerInference(graph, batch);
  expect(verifyProgram(program)).toEqual([]);
  const initial = initialParameters(graph, 3);
  const inputs = new Map<string, Reference>([["images", images]]);
  for (const piece of stateTensors(programParameters(graph), undefined)) {
    const key = piece.name.slice("weights/".length);
    inputs.set(piece.name, stateOf(piece, weights.get(key)?.data ?? initial.get(key)?.data));
  }
  const result = interpret(program, inputs).get("head0");
  if (result === undefined) throw new Error("there is no head");
  return result;
}

/** (N, C, H, W) as (N, H, W, C). */
function canonical({ shape, data }: Reference): Reference {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const result = new Float64Array(data.length);
  for (let i = 0; i < n * c * h * w; i++) {
    const [image, channel, place] = [
      Math.floor(i / (c * h * w)),
      Math.floor(i / (h * w)) % c,
      i % (h * w),
    ];
    result[(image * h * w + place) * c + channel] = data[i] ?? NaN;
  }
  return { shape: [n, h, w, c], data: result };
}

const images = normal([batch, 7, 6, 4], "images");

describe("a lowered operation computes what the reference does:", () => {
  it.each([
    convAttributes(6, 3),
    convAttributes(6, 3, 2, { bias: true, groups: 2 }),
    convAttributes(4, 2, 1, { padding: [1, 2], dilation: [2, 1], groups: 4 }),
    { ...convAttributes(3, 1, 2), kernel: [3, 1] as const, stride: [1, 3] as const },
  ])("conv %j", (attributes) => {
    const net = new Sketch();
    net.add("conv", "conv", attributes, net.input(7, 6, 4));
    const kernel = normal([...attributes.kernel, 4 / attributes.groups, attributes.channels], "w");
    const bias = normal([attributes.channels], "bias");
    const weights = new Map([
      ["conv.kernel", kernel],
      ["conv.bias", bias],
    ]);
    const expected = reference.conv(images, kernel, attributes.bias ? bias : undefined, attributes);
    const found = canonical(run(net.graph("conv"), images, weights));
    expect(found.shape).toEqual(expected.shape);
    expect(disagreement(found.data, expected)).toBeLessThan(1e-12);
  });

  it.each(["maxpool", "avgpool"] as const)("%s, padded, ceil and not", (op) => {
    for (const ceil of [false, true]) {
      for (const [kernel, stride, padding] of [
        [3, 2, 1],
        [2, 2, 0],
        [3, 3, 1],
        [2, 3, 1],
      ] as const) {
        const attributes = poolAttributes(kernel, stride, padding, ceil);
        const net = new Sketch();
        net.add(op, "pool", attributes, net.input(7, 6, 4));
        const expected = reference[op](images, attributes);
        const found = canonical(run(net.graph("pool"), images));
        expect(found.shape).toEqual(expected.shape);
        expect(disagreement(found.data, expected)).toBeLessThan(1e-12);
      }
    }
  });

  it("a pool with ceil pads alike at every size, and has the windows of the checker's rule", () => {
    const whole = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(whole, whole, fc.nat(6), fc.integer({ min: 1, max: 60 }), (k, s, p, x) => {
        fc.pre(p < k && Number(windowExtent(x, k, s, p, 1, true)) >= 1);
        const net = new Sketch();
        net.add("maxpool", "pool", poolAttributes(k, s, p, true), net.input(x, x, 1));
        const { instructions } = lowerInference(net.graph("pool"), 1);
        const pool = instructions.find(({ primitive }) => primitive === "maxPool");
        const far = Math.min(p + s - 1, k - 1);
        const sides = [p, far];
        expect(pool?.attributes).toMatchObject({ padding: [sides, sides] });
      }),
    );
  });

  it("batchnorm, relu and sigmoid", () => {
    const net = new Sketch();
    const attributes = { epsilon: 1e-3, momentum: 0.9, gamma: 1 };
    net.add("batchnorm", "norm", attributes, net.input(7, 6, 4));
    net.add("relu", "relu", {}, "norm");
    net.add("sigmoid", "sigmoid", {}, "relu");
    const p = {
      gamma: normal([4], "gamma"),
      beta: normal([4], "beta"),
      mean: normal([4], "mean"),
      variance: { shape: [4], data: normal([4], "variance").data.map(Math.abs) },
    };
    const weights = new Map([
      ["norm.gamma", p.gamma],
      ["norm.beta", p.beta],
      ["norm.moving_mean", p.mean],
      ["norm.moving_variance", p.variance],
    ]);
    const normalised = reference.batchnorm(images, p, attributes);
    const expected = reference.sigmoid(reference.relu(normalised));
    const found = canonical(run(net.graph("sigmoid"), images, weights));
    expect(disagreement(found.data, expected)).toBeLessThan(1e-12);
  });

  it("flatten and dense", () => {
    const net = new Sketch();
    net.add("flatten", "flat", {}, net.input(7, 6, 4));
    net.add("dense", "dense", { channels: 3, bias: true }, "flat");
    const [kernel, bias] = [normal([168, 3], "w"), normal([3], "b")];
    const weights = new Map([
      ["dense.kernel", kernel],
      ["dense.bias", bias],
    ]);
    const expected = reference.dense(reference.flatten(images), kernel, bias);
    const found = run(net.graph("dense"), images, weights);
    expect(disagreement(found.data, expected)).toBeLessThan(1e-12);
  });

  it("upsample, subsample, padchannels, concat, add and globalavgpool", () => {
    const net = new Sketch();
    net.input(7, 6, 4);
    net.add("upsample", "up", { factor: [2, 3] }, "input");
    net.add("subsample", "sub", { stride: [2, 3] }, "up");
    net.add("padchannels", "pad", { channels: 7 }, "sub");
    net.add("concat", "both", {}, "pad", "sub");
    net.add("add", "sum", {}, "both", "both", "both");
    net.add("globalavgpool", "mean", {}, "sum");
    const sub = reference.subsample(reference.upsample(images, [2, 3]), [2, 3]);
    const both = reference.concat(reference.padchannels(sub, 7), sub);
    const expected = reference.add(both, both, both);
    expect(disagreement(canonical(run(net.graph("sum"), images)).data, expected)).toBeLessThan(
      1e-12,
    );
    const mean = reference.globalavgpool(expected);
    expect(disagreement(run(net.graph("mean"), images).data, mean)).toBeLessThan(1e-12);
  });

  it("multiply by a map, and by a vector", () => {
    const net = new Sketch();
    net.input(7, 6, 4);
    net.add("globalavgpool", "vector", {}, "input");
    net.add("multiply", "gated", {}, "input", "vector");
    net.add("multiply", "squared", {}, "gated", "gated");
    const gated = reference.multiply(images, reference.globalavgpool(images));
    const expected = reference.multiply(gated, gated);
    expect(disagreement(canonical(run(net.graph("squared"), images)).data, expected)).toBeLessThan(
      1e-12,
    );
  });
});

describe("a network of any size", () => {
  it("is lowered at the sizes that are given, and not without them", () => {
    const net = new Sketch();
    net.add(
      "conv",
      "conv",
      convAttributes(3, 3, 2),
      net.input(symbolExtent("H"), symbolExtent("W"), 2),
    );
    net.add("globalavgpool", "pool", {}, "conv");
    const graph = net.graph("pool");
    const sizes = new Map([
      ["H", 9],
      ["W", 6],
    ]);
    const program = lowerInference(graph, 2, sizes);
    expect(verifyProgram(program)).toEqual([]);
    const conv = program.instructions.find(({ primitive }) => primitive === "conv");
    expect(conv?.type.shape).toEqual([2, 3, 5, 3]);
    expect(() => lowerInference(graph, 2)).toThrow(/No size is given for H/);
  });
});
