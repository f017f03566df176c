/**
 * The internals of TensorFlow.js's WebGPU backend through which it drives the device, and the buffers that must stay
 * out of its pool: those of recorded work, which is to be replayed.
 */
import type { DataId, DataType } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** What the backend knows of a tensor. */
export interface TensorOnDevice {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  resource?: GPUBuffer | null;
  /** A copy on the processor, which the backend believes over the device's. */
  values?: ArrayLike<number> | null;
}

/** The backend's pool of buffers. */
export interface BufferPool {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  readonly usedBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numUsedBuffers: number;
  numBytesUsed: number;
  numBytesAllocated: number;
  acquireBuffer(
    size: number,
    usage: number,
    mappedAtCreation?: boolean,
    reuse?: boolean,
  ): GPUBuffer;
  /** @param reuse false where it is to be destroyed. */
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
}

/** Sizes and other numbers that a shader is given. */
export interface UniformValue {
  readonly type: string;
  readonly data: readonly number[];
}

export interface UniformBinding {
  readonly offset: number;
  readonly size: number;
  readonly buffer: GPUBuffer;
}

export interface DeviceWork {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly bufferManager: BufferPool;
  readonly tensorMap: { get(id: DataId): TensorOnDevice };
  readonly commandEncoder: GPUCommandEncoder | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  /** Uniform buffers that go back to the pool once the work at hand is submitted. */
  uniformPendingDisposal: GPUBuffer[];
  makeUniforms(values: readonly UniformValue[]): UniformBinding;
  uploadToGPU(id: DataId): void;
  refCount(id: DataId): number;
}

export function deviceWorkOf(backend: WebGPUBackend): DeviceWork {
  return backend as unknown as DeviceWork;
}

/** To be called for a tensor that is changed in place: the backend would return the values that it read before. */
export function forgetRead(backend: WebGPUBackend, { dataId }: { readonly dataId: DataId }): void {
  deviceWorkOf(backend).tensorMap.get(dataId).values = null;
}

/** Submits what has been encoded; after that the backend has no buffers that wait to be released. */
export function flush(work: DeviceWork): void {
  if (work.commandEncoder === null) return;
  work.endComputePassEncoder();
  work.submitQueue();
}

interface Hold {
  /** By how many recordings: uniform buffers are shared. */
  times: number;
  /** Whether the tensor or shader that it belonged to has released it. */
  isFree: boolean;
}

const holds = new WeakMap<GPUBuffer, Hold>();

/** Patches a backend that has just been made: buffers that are held do not go back to its pool. */
export function holdBuffers(backend: WebGPUBackend): void {
  const pool = deviceWorkOf(backend).bufferManager;
  const release = pool.releaseBuffer.bind(pool);
  pool.releaseBuffer = (buffer, reuse) => {
    const hold = holds.get(buffer);
    if (hold === undefined) release(buffer, reuse);
    else hold.isFree = true;
  };
}

/** Keeps a buffer from the pool, whether it is in use or free. */
export function hold(pool: BufferPool, buffer: GPUBuffer): void {
  const known = holds.get(buffer);
  if (known !== undefined) known.times++;
  else holds.set(buffer, { times: 1, isFree: takeOut(pool, buffer) });
}

/** A buffer, held, for values that the backend itself does not upload. @param fits whether a free one may be taken. */
export function takeBuffer(
  pool: BufferPool,
  size: number,
  usage: number,
  fits: (buffer: GPUBuffer) => boolean,
): GPUBuffer {
  const key = keyOf({ size, usage });
  const free = pool.freeBuffers.get(key) ?? [];
  // The pool has no list yet for the first buffer of a size: it could not be released.
  pool.freeBuffers.set(key, free);
  const buffer = free.find(fits) ?? pool.acquireBuffer(size, usage, false, false);
  hold(pool, buffer);
  reclaim(buffer);
  return buffer;
}

/** Marks a held buffer that was released as in use by a tensor again. */
export function reclaim(buffer: GPUBuffer): void {
  const hold = holds.get(buffer);
  if (hold !== undefined) hold.isFree = false;
}

/** Ends a `hold`. The pool has the buffer back where nothing else uses it. */
export function letGo(pool: BufferPool, buffer: GPUBuffer): void {
  const hold = holds.get(buffer);
  if (hold === undefined || --hold.times > 0) return;
  holds.delete(buffer);
  if (hold.isFree) pool.releaseBuffer(buffer);
}

/** Marks a free buffer as used. @returns whether it was free. */
function takeOut(pool: BufferPool, buffer: GPUBuffer): boolean {
  const key = keyOf(buffer);
  const free = pool.freeBuffers.get(key);
  const place = free?.indexOf(buffer) ?? -1;
  if (place < 0) return false;
  free?.splice(place, 1);
  pool.numFreeBuffers--;
  const used = pool.usedBuffers.get(key) ?? [];
  used.push(buffer);
  pool.usedBuffers.set(key, used);
  pool.numUsedBuffers++;
  pool.numBytesUsed += buffer.size;
  return true;
}

/** As the backend names buffers that can stand for each other. */
export function keyOf({ size, usage }: Pick<GPUBuffer, "size" | "usage">): string {
  return `${size}_${usage}`;
}
