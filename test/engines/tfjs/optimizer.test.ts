import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createOptimizer } from "../../../src/engines/tfjs/optimizer.js";
import { feedOf } from "../../../src/engines/tfjs/work-runner.js";
import type { AdamSettings, Optimizer } from "../../../src/recipe/recipe.js";
import { disagreement, normal, type Reference } from "../../reference/array.js";
import { backends } from "../tensorflow.js";
import { emptyBatch } from "./empty-batch.js";

const rates = [0.1, 0.05, 0.02, 0.2];

/** The weights after as many steps, one number at a time. */
function expected(settings: Optimizer, start: Reference, decays: boolean): Reference {
  if (settings.kind === "lamb") return expectedOfLamb(settings, start, decays);
  const weights = Float64Array.from(start.data);
  weights.forEach((_, i) => {
    let w = weights[i] ?? 0;
    let [velocity, first, second] = [0, 0, 0];
    rates.forEach((rate, step) => {
      const drawn = normal(start.shape, "gradient", step).data[i] ?? 0;
      const decay = decays ? settings.decay * w : 0;
      const g = settings.kind === "adamw" ? drawn : drawn + decay;
      if (settings.kind === "sgd") {
        velocity = settings.momentum * velocity + g;
        w -= rate * (settings.nesterov ? g + settings.momentum * velocity : velocity);
      } else {
        first = settings.beta1 * first + (1 - settings.beta1) * g;
        second = settings.beta2 * second + (1 - settings.beta2) * g * g;
        const unbiased = first / (1 - settings.beta1 ** (step + 1));
        const spread = Math.sqrt(second / (1 - settings.beta2 ** (step + 1)));
        const beside = settings.kind === "adamw" ? decay : 0;
        w -= rate * (unbiased / (spread + settings.epsilon) + beside);
      }
    });
    weights[i] = w;
  });
  return { shape: start.shape, data: weights };
}

/** The same of LAMB, whose steps are by the norms of the whole tensor. */
function expectedOfLamb(
  { beta1, beta2, epsilon, decay }: AdamSettings,
  start: Reference,
  decays: boolean,
): Reference {
  const weights = Float64Array.from(start.data);
  const [first, second] = [weights.map(() => 0), weights.map(() => 0)];
  const norm = (values: Float64Array): number => Math.hypot(...values);
  rates.forEach((rate, step) => {
    const drawn = normal(start.shape, "gradient", step).data;
    const move = weights.map((weight, i) => {
      const g = drawn[i] ?? 0;
      const m = (first[i] = beta1 * (first[i] ?? 0) + (1 - beta1) * g);
      const v = (second[i] = beta2 * (second[i] ?? 0) + (1 - beta2) * g * g);
      const spread = Math.sqrt(v / (1 - beta2 ** (step + 1)));
      return m / (1 - beta1 ** (step + 1)) / (spread + epsilon) + (decays ? decay * weight : 0);
    });
    const adapts = decays && norm(weights) > 0 && norm(move) > 0;
    const ratio = adapts ? norm(weights) / norm(move) : 1;
    weights.forEach((weight, i) => (weights[i] = weight - rate * ratio * (move[i] ?? 0)));
  });
  return { shape: start.shape, data: weights };
}

const settings: readonly Optimizer[] = [
  { kind: "sgd", rate: 0.1, momentum: 0, nesterov: false, decay: 0 },
  { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: false, decay: 0.01 },
  { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: true, decay: 0.01 },
  { kind: "adam", rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 },
  { kind: "adam", rate: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 1e-3, decay: 0.01 },
  { kind: "adamw", rate: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 1e-3, decay: 0.1 },
  { kind: "lamb", rate: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 1e-3, decay: 0 },
  { kind: "lamb", rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, decay: 0.1 },
];

const cases = backends.flatMap((on) =>
  settings.map((optimizer) => ({ ...on, ...optimizer, optimizer })),
);

describe.each(cases)("$kind $nesterov $decay on $backend", ({ optimizer, start: begin }) => {
  beforeAll(begin);

  it.each([true, false])("steps as the formula says where decays is %s", (decays) => {
    const start = normal([3, 4], "start");
    const variable = tf.variable(tf.tensor(Float32Array.from(start.data), [3, 4]));
    const made = createOptimizer(optimizer, [{ key: "a.kernel", variable, decays, factor: 1 }]);
    const names = optimizer.kind === "sgd" ? ["momentum/a.kernel"] : ["m/a.kernel", "v/a.kernel"];
    expect([...made.slots.keys()]).toEqual(names);
    rates.forEach((_, step) => {
      const gradient = tf.tensor(Float32Array.from(normal([3, 4], "gradient", step).data), [3, 4]);
      made.update(
        { "a.kernel": gradient },
        (step) => rates[step] ?? NaN,
        feedOf({ batch: emptyBatch, step }),
      );
      gradient.dispose();
    });
    expect(disagreement(variable.dataSync(), expected(optimizer, start, decays))).toBeLessThan(
      1e-5,
    );
    made.dispose();
  });
});

describe.each(backends)("of LAMB on $backend", ({ start: begin }) => {
  beforeAll(begin);

  it.each([
    ["the weights", [0, 0], [1, -2], [-0.1, 0.1]],
    ["the move", [3, -4], [0, 0], [3, -4]],
  ] as const)("a step is as long as Adam's where %s are zero", (_, from, gradient, to) => {
    const variable = tf.variable(tf.tensor1d([...from]));
    const made = createOptimizer(
      { kind: "lamb", rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-9, decay: 0 },
      [{ key: "a.kernel", variable, decays: true, factor: 1 }],
    );
    const step = feedOf({ batch: emptyBatch, step: 0 });
    made.update({ "a.kernel": tf.tensor1d([...gradient]) }, () => 0.1, step);
    expect(
      disagreement(variable.dataSync(), { shape: [2], data: Float64Array.from(to) }),
    ).toBeLessThan(1e-5);
    made.dispose();
  });
});
