/** Every gradient that webgpu computes by a shader of ours is that of the backend in plain JavaScript. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDevice, testDevice, withoutDevice } from "../../webgpu/device.js";
import { normaliseBatch } from "../../../../src/engines/tfjs/batch-norm.js";
import type { WatchedDevice } from "../../../../src/engines/tfjs/device-failure.js";
import { registerGradients } from "../../../../src/engines/tfjs/register-gradients.js";
import { move, moveByTwo } from "../../../../src/engines/tfjs/weighted-sum.js";
import { normal } from "../../../reference/array.js";

type Shape4D = [number, number, number, number];
type Pads = [[number, number], [number, number], [number, number], [number, number]];

function draw(shape: readonly number[], ...key: (string | number)[]): Float32Array {
  return Float32Array.from(normal([...shape], ...(key as [string])).data);
}

/** Runs `f` on a backend, reads what it gives, and sees that no tensor is left. */
async function on(backend: string, f: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(f);
  const read: Float32Array[] = [];
  for (const result of results) read.push(Float32Array.from(await result.data()));
  tf.dispose(results);
  expect(tf.memory().numTensors).toBe(before);
  return read;
}

/** The largest difference, by the size of the largest number. */
function disagreement(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  let largest = 1e-6;
  let worst = 0;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(value - (found[i] ?? NaN)));
  });
  return worst / largest;
}

async function bothAgree(f: () => tf.Tensor[], tolerance: number): Promise<void> {
  const [found, expected] = [await on("webgpu", f), await on("cpu", f)];
  expected.forEach((right, i) => {
    expect(disagreement(found[i] as Float32Array, right)).toBeLessThan(tolerance);
  });
}

/** Images, filter, stride, padding before and after, dilation. */
const convolutions: readonly (readonly [Shape4D, Shape4D, number, [number, number], number])[] = [
  [[2, 8, 8, 3], [3, 3, 3, 16], 1, [1, 1], 1],
  [[2, 9, 7, 4], [3, 3, 4, 5], 2, [1, 1], 1],
  [[1, 17, 17, 3], [7, 7, 3, 8], 2, [3, 3], 1],
  [[3, 6, 6, 20], [1, 1, 20, 70], 1, [0, 0], 1],
  [[2, 7, 7, 70], [1, 1, 70, 33], 2, [0, 0], 1],
  [[2, 9, 9, 5], [3, 3, 5, 6], 1, [2, 2], 2],
  [[9, 1, 1, 40], [1, 1, 40, 12], 1, [0, 0], 1],
  [[2, 6, 5, 3], [2, 4, 3, 4], 3, [0, 3], 1],
  [[4, 24, 24, 2], [3, 3, 2, 3], 1, [1, 1], 1],
  [[2, 4, 4, 8], [4, 4, 8, 12], 1, [0, 0], 1],
];

const pools: readonly (readonly [Shape4D, [number, number], number, [number, number]])[] = [
  [[2, 8, 8, 3], [3, 3], 2, [1, 1]],
  [[1, 7, 9, 5], [2, 2], 2, [0, 0]],
  [[2, 6, 6, 4], [3, 2], 1, [1, 0]],
  [[1, 9, 9, 2], [2, 3], 3, [0, 1]],
];

describe.skipIf(testDevice === undefined)(`on webgpu${withoutDevice}`, { timeout: 600_000 }, () => {
  let device: WatchedDevice;
  beforeAll(async () => {
    registerGradients("cpu");
    device = await startTestDevice();
  });
  afterAll(() => device.release());

  it.each(convolutions)(
    "the gradients of a convolution of %j by %j, stride %i",
    async (input, filter, stride, [near, far], dilation) => {
      const pads: Pads = [
        [0, 0],
        [near, far],
        [near, far],
        [0, 0],
      ];
      await bothAgree(() => {
        const f = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
          tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pads, "NHWC", dilation);
        const x = tf.tensor(draw(input, "x"), input);
        const w = tf.tensor(draw(filter, "w"), filter);
        const y = f(x, w);
        return [y, ...tf.grads(f)([x, w], tf.tensor(draw(y.shape, "dy"), y.shape))];
      }, 1e-5);
    },
  );

  it.each(pools)("the gradient of a max pool of %j by %j, stride %i", async (...given) => {
    const [input, size, stride, [near, far]] = given;
    const pads: Pads = [
      [0, 0],
      [near, far],
      [near, far],
      [0, 0],
    ];
    await bothAgree(() => {
      const f = (x: tf.Tensor): tf.Tensor =>
        tf.maxPool(x as tf.Tensor4D, size, stride, pads as never);
      // Of few values, so that many windows have equals.
      const x = tf.tensor(
        draw(input, "pooled").map((value) => Math.round(value)),
        input,
      );
      const y = f(x);
      return [y, tf.grad(f)(x, tf.tensor(draw(y.shape, "dy"), y.shape))];
    }, 1e-6);
  });

  it.each(pools)("the gradient of an average pool of %j by %j, stride %i", async (...given) => {
    const [input, size, stride, [near, far]] = given;
    const pads: Pads = [
      [0, 0],
      [near, far],
      [near, far],
      [0, 0],
    ];
    await bothAgree(() => {
      const f = (x: tf.Tensor): tf.Tensor =>
        tf.avgPool(x as tf.Tensor4D, size, stride, pads as never);
      const x = tf.tensor(draw(input, "x"), input);
      const y = f(x);
      return [y, tf.grad(f)(x, tf.tensor(draw(y.shape, "dy"), y.shape))];
    }, 1e-5);
  });

  it.each([
    [[4, 6, 6, 3]],
    [[2, 20, 20, 16]],
    [[3, 5, 5, 40]],
    [[2, 3, 3, 132]],
    [[16, 24]],
    [[2, 33, 31, 40]],
    [[1, 1, 1, 1]],
  ])("batch normalisation of %j and its gradients", async (shape) => {
    await bothAgree(() => {
      const channels = shape.at(-1) ?? 1;
      const kept: tf.Tensor[] = [];
      const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
        const { y, statistics } = normaliseBatch(
          x,
          gamma as tf.Tensor1D,
          beta as tf.Tensor1D,
          1e-5,
        );
        kept.push(statistics.mean, statistics.variance);
        return y;
      };
      const given = [
        tf.tensor(
          draw(shape, "x").map((value) => 3 * value + 5),
          shape,
        ),
        tf.tensor1d(draw([channels], "gamma")),
        tf.tensor1d(draw([channels], "beta")),
      ] as const;
      const y = f(...given);
      const [mean, variance] = kept.splice(0) as [tf.Tensor, tf.Tensor];
      const gradients = tf.grads(f)([...given], tf.tensor(draw(shape, "dy"), shape));
      const results = [y, tf.clone(mean), tf.clone(variance), ...gradients];
      tf.dispose([mean, variance, ...kept]);
      return results;
    }, 2e-5);
  });

  it.each([
    [[4, 3000], [3000, 50], false],
    [[3000, 40], [3000, 10], true],
  ] as const)("a product of %j and %j that keeps its order", async (left, right, transposed) => {
    const product = (): tf.Tensor[] => [
      tf.matMul(
        tf.tensor2d(draw(left, "a"), [...left]),
        tf.tensor2d(draw(right, "b"), [...right]),
        transposed,
      ),
    ];
    await bothAgree(product, 1e-5);
    const once = await on("webgpu", product);
    for (let i = 0; i < 4; i++) expect(await on("webgpu", product)).toEqual(once);
  });

  it.each([7, 8])(
    "moves a variable of %i numbers where it lies, but nothing else",
    async (size) => {
      await tf.setBackend("webgpu");
      const [start, y, z] = ["v", "y", "z"].map((name) => draw([size], name)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const expected = (a: number, b: number, c: number): Float32Array =>
        start.map((value, i) => a * value + (b * (y[i] ?? 0) + c * (z[i] ?? 0)));
      const variable = tf.tidy(() => tf.variable(tf.tensor1d(start)));
      const [first, second, rate] = tf.tidy(() => [
        tf.keep(tf.tensor1d(y)),
        tf.keep(tf.tensor1d(z)),
        tf.keep(tf.scalar(-0.25)),
      ]);
      const { dataId } = variable;
      const tensors = tf.memory().numTensors;
      const near = async (found: tf.Tensor, right: Float32Array): Promise<void> => {
        expect(disagreement(Float32Array.from(await found.data()), right)).toBeLessThan(1e-6);
      };
      moveByTwo(variable, 0.5, first, 2, second);
      await near(variable, expected(0.5, 1, 2));
      // What was read of it before is not what it is.
      move(variable, 2, -2, first);
      move(variable, 1, -4, second);
      await near(variable, start);
      move(variable, 1, rate, first);
      await near(variable, expected(1, -0.25, 0));
      expect(variable.dataId).toBe(dataId);
      const shared = tf.clone(variable);
      move(variable, 1, 0.25, first);
      await near(variable, start);
      await near(shared, expected(1, -0.25, 0));
      shared.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      tf.dispose([variable, first, second, rate]);
    },
  );
});
