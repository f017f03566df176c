import { expect, test } from "vitest";
import { wasm } from "../../../src/engines/wasm.js";
import { initialParameters } from "../../../src/graph/initialise.js";
import { startSession } from "../../../src/train/weights/start.js";
import { smallGraph, smallRecipe } from "../small-network.js";

const graph = smallGraph(4, 3);
const kernel = { shape: [48, 3], data: new Float32Array(144).fill(0.25) };

test("given weights and their averages take the place of fresh ones, and the rest is drawn", async () => {
  const session = await wasm.open(graph, { recipe: smallRecipe({ ema: 0.9 }), stepsPerEpoch: 4 });
  try {
    await startSession(session, 5, new Map([["classify.dense.kernel", kernel]]));
    const { step, tensors } = await session.state();
    const bias = initialParameters(graph, 5).get("classify.dense.bias");
    expect(step).toBe(0);
    for (const place of ["weights", "average"]) {
      expect(tensors.get(`${place}/classify.dense.kernel`)).toEqual(kernel);
      expect(tensors.get(`${place}/classify.dense.bias`)).toEqual(bias);
    }
  } finally {
    session.dispose();
  }
});
