/** In whichever order a step lets its buffers go, the next step takes the same ones in the same order. */
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDevice, testDevice, withoutDevice } from "../../webgpu/device.js";
import type { WatchedDevice } from "../../../../src/engines/tfjs/device-failure.js";

interface Pooled {
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
    readonly numBytesAllocated: number;
  };
}

describe.skipIf(testDevice === undefined)(`buffers of the device${withoutDevice}`, () => {
  let running: WatchedDevice;
  beforeAll(async () => {
    running = await startTestDevice();
  });
  afterAll(() => {
    running.release();
  });

  it("are taken from the oldest on", () => {
    const pool = (tf.backend() as unknown as Pooled).bufferManager;
    // Sizes that nothing else here has.
    const [size, other] = [12_340, 43_210];
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const take = (): GPUBuffer => pool.acquireBuffer(size, usage);
    const first = [take(), take(), take(), take()];
    const apart = pool.acquireBuffer(other, usage);
    const allocated = pool.numBytesAllocated;
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]) {
      for (const i of order) pool.releaseBuffer(first[i] as GPUBuffer);
      const again = [take(), take(), take(), take()];
      again.forEach((buffer, i) => {
        expect(buffer, `buffer ${i} after ${order.join()}`).toBe(first[i]);
      });
    }
    pool.releaseBuffer(first[2] as GPUBuffer);
    pool.releaseBuffer(apart);
    pool.releaseBuffer(first[1] as GPUBuffer);
    expect(take()).toBe(first[1]);
    expect(take()).toBe(first[2]);
    expect(pool.acquireBuffer(other, usage)).toBe(apart);
    expect(pool.numBytesAllocated).toBe(allocated);
  });
});
