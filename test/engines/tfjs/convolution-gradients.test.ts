import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import {
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from "../../../src/engines/tfjs/depthwise-gradients.js";
import { inputGradient } from "../../../src/engines/tfjs/convolution-gradients.js";
import type { ConvAttributes } from "../../../src/ops/attributes.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import {
  disagreement,
  finiteDifferences,
  inner,
  normal,
  type Reference,
} from "../../reference/array.js";
import { conv } from "../../reference/operations.js";
import { backends } from "../tensorflow.js";

beforeAll(async () => {
  for (const { start } of backends) await start();
});

type Shape4D = [number, number, number, number];

function tensor(x: Reference): tf.Tensor4D {
  return tf.tensor(Float32Array.from(x.data), [...x.shape] as Shape4D, "float32");
}

interface Case {
  readonly input: Shape4D;
  readonly attributes: ConvAttributes;
}

/** Every kind of stride, padding, dilation and left-over border, drawn from a seed. */
function drawCase(seed: number): Case {
  const key = randomKey("conv-gradients", seed);
  let counter = 0;
  const below = (limit: number): number => randomBelow(key, counter++, limit);
  const kernel: [number, number] = [1 + below(4), 1 + below(4)];
  const dilated = below(3) === 0;
  const dilation: [number, number] = dilated ? [1 + below(2), 1 + below(2)] : [1, 1];
  const stride: [number, number] = dilated ? [1, 1] : [1 + below(3), 1 + below(3)];
  const padding: [number, number] = [below(4), below(4)];
  const needed = (axis: 0 | 1): number =>
    Math.max(1, dilation[axis] * (kernel[axis] - 1) + 1 - 2 * padding[axis]);
  return {
    input: [1 + below(2), needed(0) + below(5), needed(1) + below(5), 1 + below(3)],
    attributes: {
      channels: 1 + below(4),
      kernel,
      stride,
      padding,
      dilation,
      groups: 1,
      bias: false,
    },
  };
}

const cases = Array.from({ length: 40 }, (_, seed) => ({ seed, ...drawCase(seed) }));

function expectedGradients(x: Reference, kernel: Reference, dy: Reference, a: ConvAttributes) {
  return {
    x: finiteDifferences((at) => inner(conv(at, kernel, undefined, a), dy), x),
    kernel: finiteDifferences((at) => inner(conv(x, at, undefined, a), dy), kernel),
  };
}

describe.each(cases)(
  "convolution $seed of $input with $attributes",
  ({ seed, input, attributes }) => {
    const x = normal(input, "x", seed);
    const kernel = normal([...attributes.kernel, input[3], attributes.channels], "kernel", seed);
    const y = conv(x, kernel, undefined, attributes);
    const dy = normal(y.shape, "dy", seed);
    const expected = expectedGradients(x, kernel, dy, attributes);

    // TensorFlow's own gradients take no padding in numbers; the lowering gives a convolution none there.
    it.each(["wasm", "cpu"])(
      "has the gradients of the finite differences on %s",
      async (backend) => {
        await tf.setBackend(backend);
        const { padding, stride, dilation } = attributes;
        const before = tf.memory().numTensors;
        const found = tf.tidy(() => {
          const pads: [number, number][] = [
            [0, 0],
            [padding[0], padding[0]],
            [padding[1], padding[1]],
            [0, 0],
          ];
          const f = (images: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
            tf.conv2d(
              images as tf.Tensor4D,
              filter as tf.Tensor4D,
              [...stride],
              pads as never,
              "NHWC",
              [...dilation],
            );
          const forward = f(tensor(x), tensor(kernel));
          const [dx, dKernel] = tf.grads(f)([tensor(x), tensor(kernel)], tensor(dy));
          return {
            y: forward.dataSync(),
            x: dx?.dataSync() ?? [],
            kernel: dKernel?.dataSync() ?? [],
          };
        });
        expect(disagreement(found.y, y)).toBeLessThan(1e-5);
        expect(disagreement(found.x, expected.x)).toBeLessThan(1e-5);
        expect(disagreement(found.kernel, expected.kernel)).toBeLessThan(1e-5);
        expect(tf.memory().numTensors).toBe(before);
      },
    );
  },
);

it.each(backends)(
  "has the input gradient of stride and dilation together on $backend",
  async (on) => {
    await tf.setBackend(on.backend);
    const attributes: ConvAttributes = {
      channels: 2,
      kernel: [3, 2],
      stride: [2, 3],
      padding: [2, 1],
      dilation: [2, 3],
      groups: 1,
      bias: false,
    };
    const x = normal([2, 8, 9, 2], "both-x");
    const kernel = normal([3, 2, 2, 2], "both-kernel");
    const dy = normal(conv(x, kernel, undefined, attributes).shape, "both-dy");
    const expected = expectedGradients(x, kernel, dy, attributes);
    const geometry = { stride: [2, 3], dilation: [2, 3], before: [2, 1] } as const;
    const dx = inputGradient(tensor(dy), tensor(kernel), [2, 8, 9, 2], geometry);
    expect(disagreement(dx.dataSync(), expected.x)).toBeLessThan(1e-5);
  },
);

describe.each(cases.slice(0, 16))("depthwise convolution $seed", ({ seed, input, attributes }) => {
  it.each(backends.flatMap(({ backend }) => [1, 2].map((outputs) => ({ backend, outputs }))))(
    "has the gradients of the finite differences with $outputs outputs on $backend",
    async ({ backend, outputs }) => {
      await tf.setBackend(backend);
      const channels = input[3];
      const grouped: ConvAttributes = {
        ...attributes,
        groups: channels,
        channels: channels * outputs,
      };
      const x = normal(input, "x", seed);
      const kernel = normal([...attributes.kernel, 1, channels * outputs], "kernel", seed);
      const dy = normal(conv(x, kernel, undefined, grouped).shape, "dy", seed);
      const expected = expectedGradients(x, kernel, dy, grouped);
      const { stride, dilation, padding } = attributes;
      const geometry = { stride, dilation, before: padding };
      const filterShape: Shape4D = [...attributes.kernel, channels, outputs];
      const filter = tensor({ shape: filterShape, data: kernel.data });
      const dx = depthwiseInputGradient(tensor(dy), filter, input, geometry);
      const dKernel = depthwiseFilterGradient(tensor(x), tensor(dy), filterShape, geometry);
      expect(disagreement(dx.dataSync(), expected.x)).toBeLessThan(1e-5);
      expect(disagreement(dKernel.dataSync(), expected.kernel)).toBeLessThan(1e-5);
    },
  );
});
