/** A value of an image that is NaN or infinite is refused by every engine alike, and nothing comes of it. */
import { describe, expect, it, test } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./webgpu/device.js";
import { cpu } from "../../src/engines/cpu.js";
import { checkImages } from "../../src/engines/batch-check.js";
import { EngineError, type Batch, type Engine } from "../../src/engines/engine.js";
import { areFinite } from "../../src/engines/finite.js";
import { node } from "../../src/engines/node.js";
import { onnx } from "../../src/engines/onnx.js";
import { wasm } from "../../src/engines/wasm.js";
import { recipe, smallResNet } from "./networks.js";
import { batch, difference } from "./small-batches.js";
import { tensorflow, withoutTensorFlow } from "./tensorflow.js";

/** A GPU in software compiles a shader in a tenth of a second or more. */
const timeout = 600_000;

/** Eight images of 12x12x3, the fourth of which has `value` in its second row, third column and last channel. */
function damaged(value: number): Batch {
  const given = batch(1);
  given.images[((3 * 12 + 1) * 12 + 2) * 3 + 2] = value;
  return given;
}

const help =
  "make it a finite number: look for a division by 0, as by a deviation of 0, or for a damaged image; " +
  "image, row, column and channel count from 0";
const refusal = (value: string): object => ({
  name: "EngineError",
  message: `image 3 of the batch has the value ${value} at row 1, column 2, channel 2`,
  help,
});

function refuses(engine: Engine): void {
  it("refuses it in training, and keeps its state", async () => {
    const session = await engine.open(smallResNet(), { recipe: recipe(), stepsPerEpoch: 4 });
    await session.initialise(7);
    const before = await session.state();
    for (const value of [NaN, Infinity, -Infinity]) {
      const wrong = damaged(value);
      await expect(session.step(wrong)).rejects.toMatchObject(refusal(String(value)));
      await expect(session.evaluate(wrong)).rejects.toMatchObject(refusal(String(value)));
      const { images, shape } = wrong;
      await expect(session.predict(images, shape)).rejects.toMatchObject(refusal(String(value)));
    }
    const after = await session.state();
    expect(difference(before, after)).toBe(0);
    expect(after.step).toBe(0);
    expect((await session.step(batch(2))).loss).toBeGreaterThan(0);
    session.dispose();
  });

  it("refuses it without a recipe", async () => {
    const session = await engine.open(smallResNet());
    await session.initialise(7);
    const wrong = damaged(NaN);
    await expect(session.evaluate(wrong)).rejects.toMatchObject(refusal("NaN"));
    await expect(session.predict(wrong.images, wrong.shape)).rejects.toMatchObject(refusal("NaN"));
    session.dispose();
  });
}

const withOnnx = (await onnx.probe()).available;
const withoutOnnx = withOnnx ? "" : " (SKIPPED: ONNX Runtime is not installed)";

describe("cpu", { timeout }, () => refuses(cpu));
describe("wasm", { timeout }, () => refuses(wasm));
describe.skipIf(!withOnnx)(`onnx${withoutOnnx}`, { timeout }, () => refuses(onnx));
describe.skipIf(!tensorflow.available)(`node${withoutTensorFlow}`, { timeout }, () =>
  refuses(node),
);
describe.skipIf(testDevice === undefined)(`webgpu${withoutDevice}`, { timeout }, () =>
  refuses(testWebgpu),
);

describe("the check", () => {
  test("finds a value wherever it stands, and whatever the number of values", () => {
    for (let length = 1; length <= 35; length++) {
      for (let at = 0; at < length; at++) {
        const values = Float32Array.from({ length }, (_, i) => i - 7);
        expect(areFinite(values)).toBe(true);
        for (const value of [NaN, Infinity, -Infinity]) {
          values[at] = value;
          expect(areFinite(values)).toBe(false);
        }
      }
    }
    expect(areFinite(Float32Array.of(Infinity, -Infinity))).toBe(false);
  });

  test("takes the largest of numbers for numbers", () => {
    const largest = 3.4028234663852886e38;
    expect(areFinite(new Float32Array(1_000_001).fill(largest))).toBe(true);
    expect(areFinite(new Float32Array(1_000_001).fill(-largest))).toBe(true);
    expect(areFinite(new Float32Array(0))).toBe(true);
  });

  test("names the first of several, in an image that is not square", () => {
    const shape = [2, 3, 5, 2] as const;
    const images = new Float32Array(2 * 3 * 5 * 2);
    images[30 + 1 * 10 + 4 * 2 + 1] = -Infinity;
    images[59] = NaN;
    const graph = smallResNet();
    const [input] = graph.nodes;
    if (input === undefined) throw new Error("the network has no input");
    const type = { ...input.type, spatial: [3, 5], channels: 2 } as typeof input.type;
    const given = { ...graph, nodes: [{ ...input, type } as typeof input] };
    const check = (): void => checkImages(given, images, shape);
    expect(check).toThrow(EngineError);
    expect(check).toThrow(
      "image 1 of the batch has the value -Infinity at row 1, column 4, channel 1",
    );
    images.fill(0, 30, 59);
    expect(check).toThrow("image 1 of the batch has the value NaN at row 2, column 4, channel 1");
    images.fill(0);
    expect(check).not.toThrow();
  });
});
