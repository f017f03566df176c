/**
 * Makes the pool give out the oldest of the free buffers that fit. Which one an operation gets then depends on
 * what is free and not on the order of release: after a few steps every step gets the buffers of an earlier one,
 * operation by operation, and what is cached by buffers (`kept-bindings.ts`) is found again. TensorFlow.js gives
 * out the one that was released last, which shuffles them in every step.
 */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { deviceWorkOf, keyOf } from "./device-work.js";

/** Changes a backend, which has just been made. */
export function takeOldestBuffers(backend: WebGPUBackend): void {
  const pool = deviceWorkOf(backend).bufferManager;
  const ages = new WeakMap<GPUBuffer, number>();
  const ageOf = (buffer: GPUBuffer): number => ages.get(buffer) ?? Infinity;
  let count = 0;
  const acquire = pool.acquireBuffer.bind(pool);
  pool.acquireBuffer = (...asked) => {
    const buffer = acquire(...asked);
    if (!ages.has(buffer)) ages.set(buffer, ++count);
    return buffer;
  };
  const release = pool.releaseBuffer.bind(pool);
  pool.releaseBuffer = (buffer, reuse) => {
    release(buffer, reuse);
    const free = pool.freeBuffers.get(keyOf(buffer));
    if (free?.at(-1) !== buffer) return;
    free.pop();
    free.splice(firstOlder(free, ageOf(buffer), ageOf), 0, buffer);
  };
}

/** Where the first buffer older than `age` stands among buffers from the youngest to the oldest. */
function firstOlder(
  buffers: readonly GPUBuffer[],
  age: number,
  ageOf: (buffer: GPUBuffer) => number,
): number {
  let [from, to] = [0, buffers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const buffer = buffers[middle];
    if (buffer !== undefined && ageOf(buffer) < age) to = middle;
    else from = middle + 1;
  }
  return from;
}
