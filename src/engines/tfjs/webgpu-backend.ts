/**
 * Starts the WebGPU backend of TensorFlow.js under Node on a device of Dawn's, with all that its adapter
 * allows. TensorFlow.js knows one such backend, so a process has one device at a time.
 */
import { pathToFileURL } from "node:url";
import {
  backend,
  enableProdMode,
  env,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { textOfError } from "../../storage/error-code.js";
import { describeAdapter, type Adapter } from "../webgpu/adapters.js";
import { EngineError } from "../engine.js";
import { startInTurn } from "./backend-start.js";
import { gpuLost, gpuMemorySpent, gpuRefused, type WatchedDevice } from "./device-failure.js";
import { registerGradients } from "./register-gradients.js";
import type { WorkRunner } from "./work-runner.js";
import { deviceWorkOf, holdBuffers } from "./webgpu/device-work.js";
import { keepBindGroups, keepUniforms } from "./webgpu/kept-bindings.js";
import { recordedWork } from "./webgpu/recorded-work.js";
import { takeOldestBuffers } from "./webgpu/ordered-buffers.js";

/** What is asked for as high as the adapter goes; the rest stays at WebGPU's defaults. */
const raisedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** Shaders count places in a buffer by 32 bits. */
const mostOf: Readonly<Record<string, number>> = { maxStorageBufferBindingSize: 2 ** 32 - 4 };

/** What a profile's clock needs, where the adapter has it. */
const timestamps: GPUFeatureName = "timestamp-query";
/** Dawn rounds timestamps to 0.1 ms, as a browser must. */
const exactTimestamps = "disable-dawn-features=timestamp_quantization";

/** Shaders that the backend hands over at once. Buffers that they let go are used again only after it. */
const submitSize = 32;

let running: RunningDevice | undefined;

/**
 * Dawn's instances by what they were made with, never let go: where one is collected while its drivers still have
 * something to do, as they may after a device was destroyed in the middle of work, Dawn ends the process.
 */
const instances = new Map<string, GPU>();

class RunningDevice implements WatchedDevice {
  failure: EngineError | undefined;
  users = 0;
  #ended = false;

  constructor(
    readonly adapter: Adapter,
    readonly device: GPUDevice,
  ) {
    const name = describeAdapter(adapter);
    device.onuncapturederror = (event) => {
      // Dawn would print it.
      event.preventDefault();
      const { error } = event;
      const spent = error.constructor.name === "GPUOutOfMemoryError";
      this.failure ??= spent ? gpuMemorySpent(name) : gpuRefused(name, error.message);
    };
    void device.lost.then(({ message }) => {
      if (!this.#ended) this.failure ??= gpuLost(name, message);
    });
  }

  release(): void {
    this.users--;
    if (this.users === 0) this.end();
  }

  /** Node would not end while the device is there. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (running === this) {
      running = undefined;
      removeBackend("webgpu");
    }
    this.device.destroy();
  }
}

/**
 * Makes webgpu the current backend, on that adapter; whoever calls it releases it.
 * @param entry the package `webgpu`.
 * @throws EngineError where the device cannot be had, or another one is in use.
 */
export function startWebgpu(entry: string, adapter: Adapter): Promise<RunningDevice> {
  return startInTurn(() => start(entry, adapter));
}

async function start(entry: string, adapter: Adapter): Promise<RunningDevice> {
  const current = running;
  if (current !== undefined && current.failure === undefined) {
    if (current.adapter.name !== adapter.name) {
      throw new EngineError(
        `${describeAdapter(current.adapter)} is in use, and a process can use one GPU at a time`,
        "close the sessions on it first",
      );
    }
    current.users++;
    await setBackend("webgpu");
    return current;
  }
  if (current !== undefined) {
    running = undefined;
    removeBackend("webgpu");
  }
  enableProdMode();
  // Its kernels are registered as it is loaded; its backend would be too, were `navigator.gpu` there.
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  registerGradients("webgpu");
  const { create, globals } = (await import(pathToFileURL(entry).href)) as typeof import("webgpu");
  Object.assign(globalThis, globals);
  const gpu = instanceFor(adapter, create);
  const { device, info } = await requestDevice(gpu, adapter);
  const started = new RunningDevice(adapter, device);
  running = started;
  started.users++;
  keepBindGroups(device);
  env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", submitSize);
  // The processor rounds otherwise: results would depend on where a tensor happens to lie.
  env().set("WEBGPU_CPU_FORWARD", false);
  registerBackend("webgpu", () => {
    const made = withNavigator(gpu, () => new WebGPUBackend(device, info));
    keepUniforms(made);
    takeOldestBuffers(made);
    holdBuffers(made);
    return made;
  });
  if (!(await setBackend("webgpu"))) {
    started.end();
    throw new EngineError("the WebGPU backend of TensorFlow.js does not start");
  }
  await ready();
  return started;
}

function instanceFor({ backend, name }: Adapter, create: (flags: string[]) => GPU): GPU {
  const flags = [`backend=${backend}`, `adapter=${name}`, exactTimestamps];
  const key = flags.join();
  const gpu = instances.get(key) ?? create(flags);
  instances.set(key, gpu);
  return gpu;
}

async function requestDevice(
  gpu: GPU,
  described: Adapter,
): Promise<{ readonly device: GPUDevice; readonly info: GPUAdapterInfo }> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new EngineError(
      `${describeAdapter(described)} is there no more`,
      "run `resnetc engines`",
    );
  }
  const requiredLimits = Object.fromEntries(
    raisedLimits.map((limit) => [
      limit,
      Math.min(adapter.limits[limit], mostOf[limit] ?? Infinity),
    ]),
  );
  try {
    const requiredFeatures = adapter.features.has(timestamps) ? [timestamps] : [];
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    return { device, info: adapter.info };
  } catch (error) {
    const [reason = ""] = textOfError(error).split("\n");
    throw new EngineError(
      `${describeAdapter(described)} gives no device: ${reason}`,
      "see whether another program holds the GPU, or use another engine (`resnetc engines`)",
    );
  }
}

/**
 * Runs one kind of a session's work on the backend that runs.
 * @param state all variables that it reads or changes.
 * @param few as `recordedWork`.
 */
export function recordWork(state: readonly Variable[], few?: number): WorkRunner {
  return recordedWork(deviceWorkOf(backend() as WebGPUBackend), state, few);
}

/** The backend looks for `navigator.gpu` as it is made, and never again. */
function withNavigator<T>(gpu: GPU, make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "navigator");
    else Object.defineProperty(globalThis, "navigator", before);
  }
}
