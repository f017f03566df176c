/** Training steps agree with those that PyTorch and timm took in float64, from the same weights on the same batches. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cpu } from "../../../src/engines/cpu.js";
import type { State } from "../../../src/engines/engine.js";
import { onnx } from "../../../src/engines/onnx.js";
import { wasm } from "../../../src/engines/wasm.js";
import {
  recipeDefaults,
  type Loss,
  type Optimizer,
  type Rates,
} from "../../../src/recipe/recipe.js";
import { unpacked, type Packed } from "../../packed-tensor.js";
import { convAttributes, norm, recipe, Sketch } from "../networks.js";

type Weights = Readonly<Record<string, Packed>>;

interface Case {
  readonly optimizer: Optimizer;
  readonly loss?: Loss;
  readonly clip?: number;
  readonly rates?: Rates;
  readonly losses: readonly number[];
  readonly weights: Weights;
}

/** As `steps.py` wrote it. */
const recorded = JSON.parse(
  readFileSync(new URL("./steps.json", import.meta.url), "utf8"),
) as unknown as {
  readonly images: readonly Packed[];
  readonly labels: readonly (readonly number[])[];
  readonly begin: Weights;
  readonly cases: Readonly<Record<string, Case>>;
};

function network() {
  const net = new Sketch();
  net.input(8, 8, 3);
  net.add("conv", "conv", convAttributes(4, 3), "input");
  net.add("batchnorm", "norm", norm, "conv");
  net.add("sigmoid", "sigmoid", {}, "norm");
  net.add("globalavgpool", "pool", {}, "sigmoid");
  return net.graph(net.add("dense", "dense", { channels: 3, bias: true }, "pool"));
}

/** The state of a session, with the weights from which PyTorch began. */
function begun({ step, tensors }: State): State {
  const begin = Object.entries(recorded.begin).map(
    ([name, packed]) => [`weights/${name}`, unpacked(packed)] as const,
  );
  expect(begin.map(([name]) => name).sort()).toEqual(
    [...tensors.keys()].filter((name) => name.startsWith("weights/")).sort(),
  );
  return { step, tensors: new Map([...tensors, ...begin]) };
}

const shape = [6, 8, 8, 3] as const;
/** PyTorch's moving variance takes n / (n - 1) of a batch's variance, ours the variance, as TensorFlow's does. */
const unbiased = (6 * 8 * 8) / (6 * 8 * 8 - 1);

describe.each([cpu, wasm, onnx])("$name", (engine) => {
  test.each(Object.entries(recorded.cases))("%s", async (_, given) => {
    const { optimizer, loss = recipeDefaults.loss, clip = 0, losses, weights } = given;
    const { rates = recipeDefaults.rates } = given;
    const of = recipe({ optimizer, clip, loss, rates });
    const session = await engine.open(network(), { recipe: of, stepsPerEpoch: losses.length });
    await session.initialise(1);
    await session.restore(begun(await session.state()));
    for (const [step, loss] of losses.entries()) {
      const images = unpacked(recorded.images[step] as Packed).data;
      const labels = Int32Array.from(recorded.labels[step] ?? []);
      const metrics = await session.step({ images, shape, labels });
      expect(metrics.loss / metrics.count).toBeCloseTo(loss, 5);
    }
    const { tensors } = await session.state();
    for (const [name, packed] of Object.entries(weights)) {
      const found = tensors.get(`weights/${name}`);
      const wanted = unpacked(packed).data;
      expect(found?.shape).toEqual(packed.shape);
      const kept = name === "norm.moving_variance" ? norm.momentum ** losses.length : undefined;
      found?.data.forEach((value, i) => {
        const torch = wanted[i] ?? NaN;
        // What is left of the first 1 has no share in the correction.
        const expected = kept === undefined ? torch : kept + (torch - kept) / unbiased;
        expect(Math.abs(value - expected), `${name}[${i}]`).toBeLessThan(2e-5);
      });
    }
    session.dispose();
  });
});
