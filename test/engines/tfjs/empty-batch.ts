import type { Batch } from "../../../src/engines/engine.js";

/** For steps of which only the number matters. */
export const emptyBatch: Batch = {
  images: new Float32Array(0),
  shape: [0, 0, 0, 0],
  labels: new Int32Array(0),
};
