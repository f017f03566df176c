import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./device.js";
import type { Batch, Engine, State } from "../../../src/engines/engine.js";
import { wasm } from "../../../src/engines/wasm.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import { normal } from "../../reference/array.js";
import { recipe, smallResNet } from "../networks.js";

function batch(seed: number, count = 8, classes = 3): Batch {
  const key = randomKey("labels", seed);
  return {
    images: Float32Array.from(normal([count, 12, 12, 3], "images", seed).data),
    shape: [count, 12, 12, 3],
    labels: Int32Array.from({ length: count }, (_, i) => randomBelow(key, i, classes)),
  };
}

function difference(a: State, b: State): number {
  expect([...a.tensors.keys()]).toEqual([...b.tensors.keys()]);
  let worst = 0;
  for (const [name, { data }] of a.tensors) {
    const other = b.tensors.get(name)?.data ?? [];
    data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (other[i] ?? NaN)))));
  }
  return worst;
}

const options = { recipe: recipe(), stepsPerEpoch: 4 };

async function started(engine: Engine, dropout = 0) {
  const session = await engine.open(smallResNet(3, dropout), options);
  await session.initialise(7);
  return session;
}

describe.skipIf(testDevice === undefined)(`a session on webgpu${withoutDevice}`, () => {
  it("agrees with wasm step by step", async () => {
    const [left, right] = [await started(testWebgpu, 0.3), await started(wasm, 0.3)];
    for (let i = 0; i < 5; i++) {
      const [a, b] = [await left.step(batch(i)), await right.step(batch(i))];
      expect(a.loss).toBeCloseTo(b.loss, 3);
      expect(difference(await left.state(), await right.state())).toBeLessThan(1e-3);
    }
    const [a, b] = [await left.evaluate(batch(9)), await right.evaluate(batch(9))];
    expect(a.loss).toBeCloseTo(b.loss, 2);
    expect(a.correct).toBe(b.correct);
    left.dispose();
    right.dispose();
  });
});
