/**
 * The work of a training step, an evaluation or a prediction as it was given to the device: shaders with their buffers,
 * in order. It can be replayed for another batch without TensorFlow.js, which takes most of the processor's time.
 *
 * For that, what differs from one replay to the next lies in buffers of its own, and the state's variables end up in
 * the buffers in which they began.
 */
import { dispose, mul, tidy, type DataId, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { feedOf, type Given, type Made, type Work } from "../work-runner.js";
import { handOver, listen, shadersAtOnce, type Command, type Copy } from "./commands.js";
import {
  flush,
  hold,
  letGo,
  reclaim,
  takeBuffer,
  type DeviceWork,
  type TensorOnDevice,
} from "./device-work.js";

interface Fed {
  readonly buffer: GPUBuffer;
  readonly make: Made;
}

export class Recording {
  readonly #commands: Command[] = [];
  readonly #fed: Fed[] = [];
  /** Where each of the state's variables lies before and after the work. */
  readonly #home: readonly GPUBuffer[];
  /** All buffers that the work reads or writes. */
  readonly #buffers = new Set<GPUBuffer>();
  readonly #held = new Set<GPUBuffer>();
  readonly #results: readonly GPUBuffer[];
  /** When the last replay was given to the device, and the last results came back, in ms. */
  #givenAt: number | undefined;
  #readAt = 0;
  /** How long the last replay took on the device, in ms. */
  #took: number | undefined;

  /** Does the work and records it. `read` gives its results. */
  constructor(
    readonly work: DeviceWork,
    readonly state: readonly Variable[],
    given: Given,
    compute: Work,
  ) {
    try {
      this.#home = state.map((variable) => this.#hold(ownBuffer(work, variable)));
      flush(work);
      this.#results = this.#takeDown(given, compute);
      this.#bringHome(true);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Does the work for another batch, of the same shape. */
  replay(given: Given): void {
    const { work } = this;
    flush(work);
    this.#bringHome(false);
    for (const { buffer, make } of this.#fed) {
      work.queue.writeBuffer(buffer, 0, unshared(make(given)));
    }
    handOver(work.device, this.#commands, shadersAtOnce(this.#commands.length, this.#took));
    this.#givenAt = performance.now();
  }

  /** The results of the last replay, or of the recording itself; to be called before the next replay. */
  async read(): Promise<Float32Array[]> {
    const { device, queue, bufferManager: pool } = this.work;
    const starts: number[] = [];
    let size = 0;
    for (const result of this.#results) {
      starts.push(size);
      size += result.size;
    }
    const staging = pool.acquireBuffer(size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    const encoder = device.createCommandEncoder();
    for (const [index, result] of this.#results.entries()) {
      encoder.copyBufferToBuffer(result, 0, staging, starts[index] ?? 0, result.size);
    }
    queue.submit([encoder.finish()]);
    const sizes = this.#results.map((result) => result.size / 4);
    const givenAt = this.#givenAt;
    await staging.mapAsync(GPUMapMode.READ);
    const now = performance.now();
    // The device began with it once it was done with what it was given before.
    if (givenAt !== undefined) this.#took = now - Math.max(givenAt, this.#readAt);
    this.#readAt = now;
    const values = staging.getMappedRange().slice(0);
    staging.unmap();
    pool.releaseBuffer(staging);
    return sizes.map((length, index) => new Float32Array(values, starts[index], length));
  }

  /** Lets its buffers go; those in which the state lies stay the state's. */
  release(): void {
    for (const buffer of this.#held) letGo(this.work.bufferManager, buffer);
    this.#held.clear();
  }

  #hold(buffer: GPUBuffer): GPUBuffer {
    if (!this.#held.has(buffer)) hold(this.work.bufferManager, buffer);
    this.#held.add(buffer);
    return buffer;
  }

  /** Does the work, records it and holds all buffers that it uses. @returns those of its results. */
  #takeDown(given: Given, compute: Work): readonly GPUBuffer[] {
    const { work, state } = this;
    const stop = this.#listen();
    try {
      const results = this.#compute(given, compute);
      for (const variable of state) ownBuffer(work, variable);
      flush(work);
      for (const buffer of this.#buffers) this.#hold(buffer);
      const buffers = results.map(({ dataId }) => bufferOf(work, dataId));
      dispose([...results]);
      return buffers;
    } finally {
      // After an error too: no encoder that tells of commands is to stay open.
      flush(work);
      stop();
    }
  }

  /** What is fed is uploaded at once: it needs a buffer of its own, whatever is computed from it. */
  #compute(given: Given, compute: Work): readonly Tensor[] {
    const feed = feedOf(given);
    return compute((shape, make) => {
      const fed = feed(shape, make);
      this.work.uploadToGPU(fed.dataId);
      this.#fed.push({ buffer: bufferOf(this.work, fed.dataId), make });
      return fed;
    });
  }

  /** Records what goes to the device from now on. @returns what ends it. */
  #listen(): () => void {
    const { work } = this;
    const upload = work.uploadToGPU.bind(work);
    work.uploadToGPU = (id) => {
      const data = work.tensorMap.get(id);
      if (data.resource != null || data.values == null) upload(id);
      else this.#upload(data, data.values);
    };
    const stop = listen(work.device, {
      command: (command) => this.#commands.push(command),
      buffer: (buffer) => {
        this.#buffers.add(buffer);
        // Buffers of sizes are written as they are made, and never again.
        if ((buffer.usage & GPUBufferUsage.UNIFORM) !== 0) this.#hold(buffer);
      },
    });
    return () => {
      stop();
      work.uploadToGPU = upload;
    };
  }

  /** What comes from the processor is written before the work begins, so nothing else in it may share its buffer. */
  #upload(data: TensorOnDevice, values: ArrayLike<number>): void {
    const { queue, bufferManager: pool } = this.work;
    const words = data.dtype === "float32" ? new Float32Array(values) : new Int32Array(values);
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const usage = STORAGE | COPY_SRC | COPY_DST;
    const buffer = takeBuffer(pool, words.byteLength, usage, (free) => !this.#buffers.has(free));
    this.#held.add(buffer);
    this.#buffers.add(buffer);
    queue.writeBuffer(buffer, 0, words);
    data.resource = buffer;
    data.values = null;
  }

  /**
   * Brings every variable to where the work reads it.
   * @param afterWork whether what brings it there is a part of the work.
   */
  #bringHome(afterWork: boolean): void {
    const { work, state } = this;
    const left: GPUBuffer[] = [];
    for (const [index, variable] of state.entries()) {
      const to = this.#home[index];
      const from = ownBuffer(work, variable);
      const data = work.tensorMap.get(variable.dataId);
      // The work may change the buffer, and the backend would give out what it read before.
      data.values = null;
      if (to === undefined || from === to) continue;
      const copy: Copy = [from, 0, to, 0, to.size];
      work.ensureCommandEncoderReady();
      work.endComputePassEncoder();
      work.commandEncoder?.copyBufferToBuffer(...copy);
      if (afterWork) this.#commands.push({ kind: "copy", copy });
      data.resource = to;
      reclaim(to);
      left.push(from);
    }
    flush(work);
    for (const buffer of left) work.bufferManager.releaseBuffer(buffer);
  }
}

/** The values in memory that no other thread shares: Dawn aborts the process over a `SharedArrayBuffer`. */
function unshared(values: Float32Array): Float32Array<ArrayBuffer> {
  const { buffer } = values;
  return buffer instanceof ArrayBuffer ? (values as Float32Array<ArrayBuffer>) : values.slice();
}

function bufferOf(work: DeviceWork, id: DataId): GPUBuffer {
  const { resource } = work.tensorMap.get(id);
  if (!resource) throw new Error("a tensor of the work is not on the device");
  return resource;
}

/** The buffer of a variable, which no other tensor shares any more. */
function ownBuffer(work: DeviceWork, variable: Variable): GPUBuffer {
  if (work.refCount(variable.dataId) > 1) tidy(() => variable.assign(mul(variable, 1)));
  work.uploadToGPU(variable.dataId);
  return bufferOf(work, variable.dataId);
}
