import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModel, setWeights } from "../../../src/backends/tfjs/model.js";
import { startCpu } from "../../../src/engines/tfjs/cpu-backend.js";
import { forward, type Pass } from "../../../src/engines/tfjs/forward.js";
import { startWasm } from "../../../src/engines/tfjs/wasm-backend.js";
import type { Graph } from "../../../src/graph/graph.js";
import { graphParameters } from "../../../src/graph/parameters.js";
import type { ConvAttributes, PoolAttributes } from "../../../src/ops/attributes.js";
import { randomBelow, randomKey, randomUniform } from "../../../src/random/random.js";
import {
  disagreement,
  finiteDifferences,
  inner,
  map,
  normal,
  type Reference,
} from "../../reference/array.js";
import * as reference from "../../reference/operations.js";
import { convAttributes, norm, poolAttributes, Sketch } from "../networks.js";
import { startTensorFlow, tensorflow, withoutTensorFlow } from "../tensorflow.js";
import { startTestDevice, testDevice, withoutDevice } from "../webgpu/device.js";
import type { WatchedDevice } from "../../../src/engines/tfjs/device-failure.js";
import { feedOf } from "../../../src/engines/tfjs/work-runner.js";
import { emptyBatch } from "./empty-batch.js";

type Weights = ReadonlyMap<string, Reference>;
type Shape4D = [number, number, number, number];

interface Case {
  readonly title: string;
  readonly graph: Graph;
  readonly x: Reference;
  /** Training where left out; the gradient is held against finite differences only there. */
  readonly pass?: Pass;
  /** The whole network in slow loops. */
  readonly expected: (x: Reference, weights: Weights) => Reference;
}

const training: Pass = {
  kind: "training",
  seed: 1,
  feed: feedOf({ batch: emptyBatch, step: 0 }),
  imagesBefore: 0,
  frozen: new Set<string>(),
};
const inference: Pass = { kind: "inference" };

function weightsOf(graph: Graph): Map<string, Reference> {
  return new Map(
    graphParameters(graph).map(({ key, name, shape }) => {
      const drawn = normal(shape, "weights", key);
      return [
        key,
        name === "moving_variance" ? map(drawn, (v) => Math.fround(v * v + 0.5)) : drawn,
      ];
    }),
  );
}

function weight(weights: Weights, key: string): Reference {
  const found = weights.get(key);
  if (found === undefined) throw new Error(`no weight ${key}`);
  return found;
}

/** Normalised images, which have a gradient: training computes none for what no weight has touched. */
function through(net: Sketch): string {
  return net.add("batchnorm", "through", norm, "input");
}

function normalised(x: Reference, weights: Weights, name = "through"): Reference {
  const affine = {
    gamma: weight(weights, `${name}.gamma`),
    beta: weight(weights, `${name}.beta`),
  };
  return reference.batchnorm(x, { ...affine, ...reference.moments(x) }, norm);
}

/** One operation between the input and the output. */
function single(
  shape: Shape4D,
  add: (net: Sketch) => string,
): { readonly graph: Graph; readonly x: Reference } {
  const net = new Sketch();
  net.input(shape[1], shape[2], shape[3]);
  const output = add(net);
  return { graph: net.graph(output), x: normal(shape, "x", output, ...shape) };
}

function drawPool(seed: number): { shape: Shape4D; attributes: PoolAttributes } {
  const key = randomKey("pools", seed);
  let counter = 0;
  const below = (limit: number): number => randomBelow(key, counter++, limit);
  const kernel: [number, number] = [1 + below(4), 1 + below(4)];
  const padding: [number, number] = [
    below(Math.floor((kernel[0] - 1) / 2) + 1),
    below(Math.floor((kernel[1] - 1) / 2) + 1),
  ];
  const attributes = {
    kernel,
    stride: [1 + below(3), 1 + below(3)] as [number, number],
    padding,
    ceil: false,
  };
  return { shape: [2, kernel[0] + below(5), kernel[1] + below(5), 1 + below(3)], attributes };
}

function drawConv(seed: number): { shape: Shape4D; attributes: ConvAttributes } {
  const key = randomKey("convs", seed);
  let counter = 0;
  const below = (limit: number): number => randomBelow(key, counter++, limit);
  const kernel: [number, number] = [1 + below(3), 1 + below(3)];
  const attributes: ConvAttributes = {
    channels: 1 + below(4),
    kernel,
    stride: [1 + below(3), 1 + below(3)],
    padding: [below(3), below(3)],
    dilation: [1 + below(2), 1 + below(2)],
    groups: 1,
    bias: below(2) === 0,
  };
  return { shape: [2, 5 + below(4), 5 + below(4), 1 + below(3)], attributes };
}

const convCases = Array.from({ length: 14 }, (_, seed): Case => {
  const { shape, attributes } = drawConv(seed);
  return {
    title: `conv ${JSON.stringify(attributes)} of ${shape}`,
    ...single(shape, (net) => net.add("conv", "op", attributes, through(net))),
    expected: (x, w) =>
      reference.conv(normalised(x, w), weight(w, "op.kernel"), w.get("op.bias"), attributes),
  };
});

const depthwiseCases = [1, 2].map((multiplier): Case => {
  const attributes = convAttributes(3 * multiplier, 3, 2, { groups: 3, bias: true });
  return {
    title: `conv in as many groups as channels, ${multiplier} outputs each`,
    ...single([2, 7, 6, 3], (net) => net.add("conv", "op", attributes, through(net))),
    expected: (x, w) =>
      reference.conv(normalised(x, w), weight(w, "op.kernel"), w.get("op.bias"), attributes),
  };
});

/** Between those, in one convolution, in several of one group each, and in several of a few groups. */
const groupedCases = [
  { inputs: 4, channels: 6, groups: 2, kernel: 3, more: { bias: true } },
  { inputs: 6, channels: 3, groups: 3, kernel: 3, more: { dilation: [2, 1] } },
  { inputs: 32, channels: 4, groups: 2, kernel: 1, more: { stride: [1, 2] } },
  { inputs: 32, channels: 8, groups: 4, kernel: 1, more: {} },
].map(({ inputs, channels, groups, kernel, more }): Case => {
  const attributes = convAttributes(channels, kernel, 1, { ...(more as object), groups });
  return {
    title: `conv in ${groups} groups of ${inputs} channels`,
    ...single([1, 3, 2, inputs], (net) => net.add("conv", "op", attributes, through(net))),
    expected: (x, w) =>
      reference.conv(normalised(x, w), weight(w, "op.kernel"), w.get("op.bias"), attributes),
  };
});

const poolCases = Array.from({ length: 16 }, (_, seed): Case[] => {
  const { shape, attributes } = drawPool(seed);
  const text = `${JSON.stringify(attributes)} of ${shape}`;
  return [
    {
      title: `maxpool of any sign ${text}`,
      ...single(shape, (net) => net.add("maxpool", "op", attributes, "input")),
      expected: (x) => reference.maxpool(x, attributes),
    },
    {
      title: `maxpool after relu ${text}`,
      ...single(shape, (net) =>
        net.add("maxpool", "op", attributes, net.add("relu", "relu", {}, "input")),
      ),
      x: map(normal(shape, "positive", seed), (v) => Math.abs(v) + 0.5),
      expected: (x) => reference.maxpool(x, attributes),
    },
    {
      title: `avgpool ${text}`,
      ...single(shape, (net) => net.add("avgpool", "op", attributes, "input")),
      expected: (x) => reference.avgpool(x, attributes),
    },
  ];
}).flat();

const ceilCases = [5, 6, 7].flatMap((extent): Case[] => {
  const shape: Shape4D = [1, extent, extent, 2];
  const two = poolAttributes(2, 2, 0, true);
  const three = poolAttributes(3, 2, 1, true);
  return [
    {
      title: `avgpool 2x2, /2, ceil of ${extent}`,
      ...single(shape, (net) => net.add("avgpool", "op", two, "input")),
      expected: (x) => reference.avgpool(x, two),
    },
    {
      title: `maxpool 3x3, /2, ceil after relu of ${extent}`,
      ...single(shape, (net) =>
        net.add("maxpool", "op", three, net.add("relu", "relu", {}, "input")),
      ),
      x: map(normal(shape, "ceil", extent), (v) => Math.abs(v) + 0.5),
      expected: (x) => reference.maxpool(x, three),
    },
  ];
});

const mapShape: Shape4D = [2, 5, 4, 3];

const otherCases: Case[] = [
  {
    title: "batchnorm in training",
    ...single([3, 4, 5, 2], (net) => net.add("batchnorm", "op", norm, "input")),
    expected: (x, w) => normalised(x, w, "op"),
  },
  {
    title: "batchnorm in inference",
    pass: inference,
    ...single([3, 4, 5, 2], (net) => net.add("batchnorm", "op", norm, "input")),
    expected: (x, w) =>
      reference.batchnorm(
        x,
        {
          gamma: weight(w, "op.gamma"),
          beta: weight(w, "op.beta"),
          mean: weight(w, "op.moving_mean"),
          variance: weight(w, "op.moving_variance"),
        },
        norm,
      ),
  },
  {
    title: "batchnorm of a vector",
    ...single([6, 2, 1, 2], (net) =>
      net.add("batchnorm", "op", norm, net.add("flatten", "flat", {}, "input")),
    ),
    expected: (x, w) => normalised(reference.flatten(x), w, "op"),
  },
  {
    title: "relu",
    ...single(mapShape, (net) => net.add("relu", "op", {}, "input")),
    expected: reference.relu,
  },
  {
    title: "sigmoid",
    ...single(mapShape, (net) => net.add("sigmoid", "op", {}, "input")),
    expected: reference.sigmoid,
  },
  {
    title: "globalavgpool",
    ...single(mapShape, (net) => net.add("globalavgpool", "op", {}, "input")),
    expected: reference.globalavgpool,
  },
  {
    title: "flatten and dense",
    ...single(mapShape, (net) =>
      net.add("dense", "op", { channels: 4, bias: true }, net.add("flatten", "flat", {}, "input")),
    ),
    expected: (x, w) =>
      reference.dense(reference.flatten(x), weight(w, "op.kernel"), w.get("op.bias")),
  },
  {
    title: "dropout in inference",
    pass: inference,
    ...single(mapShape, (net) => net.add("dropout", "op", { rate: 0.4 }, "input")),
    expected: (x) => x,
  },
  {
    title: "dropped paths in inference",
    pass: inference,
    ...single(mapShape, (net) => net.add("droppath", "op", { rate: 0.4 }, "input")),
    expected: (x) => x,
  },
  {
    title: "dropped paths",
    ...single(mapShape, (net) => net.add("droppath", "op", { rate: 0.4 }, "input")),
    expected: (x) => {
      const key = randomKey(1, "droppath", "op", 0);
      const each = x.data.length / (x.shape[0] ?? 1);
      const kept = (i: number) => randomUniform(key, Math.floor(i / each)) >= 0.4;
      return { ...x, data: x.data.map((value, i) => (kept(i) ? value / 0.6 : 0)) };
    },
  },
  {
    title: "upsample",
    ...single(mapShape, (net) => net.add("upsample", "op", { factor: [2, 3] }, "input")),
    expected: (x) => reference.upsample(x, [2, 3]),
  },
  {
    title: "subsample",
    ...single(mapShape, (net) => net.add("subsample", "op", { stride: [2, 3] }, "input")),
    expected: (x) => reference.subsample(x, [2, 3]),
  },
  {
    title: "padchannels",
    ...single(mapShape, (net) => net.add("padchannels", "op", { channels: 7 }, "input")),
    expected: (x) => reference.padchannels(x, 7),
  },
  {
    title: "add",
    ...single(mapShape, (net) =>
      net.add("add", "op", {}, "input", net.add("sigmoid", "s", {}, "input"), "input"),
    ),
    expected: (x) => reference.add(x, reference.sigmoid(x), x),
  },
  {
    title: "concat",
    ...single(mapShape, (net) =>
      net.add("concat", "op", {}, net.add("sigmoid", "s", {}, "input"), "input"),
    ),
    expected: (x) => reference.concat(reference.sigmoid(x), x),
  },
  {
    title: "multiply by a map",
    ...single(mapShape, (net) =>
      net.add("multiply", "op", {}, "input", net.add("sigmoid", "s", {}, "input")),
    ),
    expected: (x) => reference.multiply(x, reference.sigmoid(x)),
  },
  {
    title: "multiply by a vector per image",
    ...single(mapShape, (net) => {
      const pooled = net.add("globalavgpool", "pool", {}, "input");
      return net.add("multiply", "op", {}, "input", net.add("sigmoid", "s", {}, pooled));
    }),
    expected: (x) => reference.multiply(x, reference.sigmoid(reference.globalavgpool(x))),
  },
  {
    title: "multiply by a 1x1 map",
    ...single([2, 3, 3, 2], (net) => {
      const attributes = convAttributes(2, 3, 1, { padding: [0, 0] });
      return net.add(
        "multiply",
        "op",
        {},
        "input",
        net.add("conv", "gate", attributes, through(net)),
      );
    }),
    expected: (x, w) =>
      reference.multiply(
        x,
        reference.conv(
          normalised(x, w),
          weight(w, "gate.kernel"),
          undefined,
          convAttributes(2, 3, 1, { padding: [0, 0] }),
        ),
      ),
  },
  {
    title: "a residual block, H(x) = F(x) + x",
    ...single([2, 4, 4, 2], (net) => {
      const x = through(net);
      const first = net.add("conv", "conv1", convAttributes(2, 3), x);
      const relu = net.add("relu", "relu1", {}, net.add("batchnorm", "norm1", norm, first));
      const second = net.add("conv", "conv2", convAttributes(2, 3), relu);
      return net.add("add", "op", {}, net.add("batchnorm", "norm2", norm, second), x);
    }),
    expected: (images, w) => {
      const half = (input: Reference, i: number): Reference => {
        const kernel = weight(w, `conv${i}.kernel`);
        const filtered = reference.conv(input, kernel, undefined, convAttributes(2, 3));
        return normalised(filtered, w, `norm${i}`);
      };
      const x = normalised(images, w);
      return reference.add(half(reference.relu(half(x, 1)), 2), x);
    },
  },
];

/** The numbers of a tensor, which is disposed of. */
async function taken(tensor: tf.Tensor | undefined): Promise<Float32Array> {
  const data = Float32Array.from((await tensor?.data()) ?? []);
  tensor?.dispose();
  return data;
}

/** @param start makes the backend the current one. */
function operationsAgree(start: () => Promise<void>): void {
  beforeAll(start);
  afterAll(() => expect(tf.memory().numTensors).toBe(0));

  it.each([
    ...convCases,
    ...depthwiseCases,
    ...groupedCases,
    ...poolCases,
    ...ceilCases,
    ...otherCases,
  ])(
    "$title agrees with the reference and its gradient",
    async ({ graph, x, expected, pass = training }) => {
      const weights = weightsOf(graph);
      const y = expected(x, weights);
      const dy = normal(y.shape, "dy");
      const loss = (at: Reference, w: Weights): number => inner(expected(at, w), dy);
      const built = buildModel(graph);
      setWeights(
        built,
        new Map([...weights].map(([key, { data }]) => [key, { data: Float32Array.from(data) }])),
      );
      const run = (images: tf.Tensor): tf.Tensor => {
        const result = forward(built, graph, images as tf.Tensor4D, pass);
        for (const { mean, variance } of result.statistics.values()) tf.dispose([mean, variance]);
        return result.outputs[0] as tf.Tensor;
      };
      const images = tf.tensor(Float32Array.from(x.data), [...x.shape]);
      const found = tf.tidy(() => run(images));
      expect(found.shape).toEqual(y.shape);
      expect(disagreement(await taken(found), y)).toBeLessThan(2e-5);
      if (pass.kind === "training") {
        const weighted = (at: tf.Tensor): tf.Scalar =>
          tf.sum(tf.mul(run(at), tf.tensor(Float32Array.from(dy.data), [...dy.shape])));
        const dx = await taken(tf.tidy(() => tf.grad(weighted)(images)));
        const differences = finiteDifferences((at) => loss(at, weights), x);
        expect(disagreement(dx, differences)).toBeLessThan(1e-4);
        const trainable = graphParameters(graph).filter((parameter) => parameter.trainable);
        const grads =
          trainable.length === 0
            ? {}
            : tf.tidy(() => tf.variableGrads(() => weighted(images)).grads);
        for (const { key } of trainable) {
          const name = built.parameters.get(key)?.name ?? "";
          const of = weight(weights, key);
          const expectedOf = finiteDifferences((at) => loss(x, new Map(weights).set(key, at)), of);
          expect(disagreement(await taken(grads[name]), expectedOf)).toBeLessThan(1e-4);
        }
        tf.dispose(grads);
      }
      images.dispose();
      built.model.dispose();
    },
  );
}

describe("on wasm", () => operationsAgree(startWasm));
describe("on cpu", () => operationsAgree(startCpu));
describe.skipIf(!tensorflow.available)(`on tensorflow${withoutTensorFlow}`, () =>
  operationsAgree(startTensorFlow),
);
describe.skipIf(testDevice === undefined)(`on webgpu${withoutDevice}`, { timeout: 600_000 }, () => {
  let device: WatchedDevice | undefined;
  afterAll(() => device?.release());
  operationsAgree(async () => {
    device = await startTestDevice();
  });
});
