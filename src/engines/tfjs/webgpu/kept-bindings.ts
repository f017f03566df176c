/**
 * Makes dispatching a shader cheap. A training step dispatches the same shaders with the same uniforms again and
 * again, mostly on the same buffers, yet TensorFlow.js writes a new uniform buffer and makes a new bind group each
 * time. Here both are cached, up to a limit, by their contents.
 */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { deviceWorkOf, type UniformBinding } from "./device-work.js";

/** What is kept at most of each kind; a step of ResNet-152 takes about as many. */
const mostKept = 8192;

/** Keeps what was used last. */
class Kept<T> {
  readonly #entries = new Map<string, T>();

  constructor(private readonly drop: (value: T) => void = () => undefined) {}

  get(key: string): T | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, found);
    }
    return found;
  }

  set(key: string, value: T): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= mostKept) return;
    const [oldest] = this.#entries;
    if (oldest === undefined) return;
    this.#entries.delete(oldest[0]);
    this.drop(oldest[1]);
  }
}

/** Changes the device, of which a backend is about to be made. */
export function keepBindGroups(device: GPUDevice): void {
  const numbers = new WeakMap<object, number>();
  let count = 0;
  const numberOf = (thing: object): number => {
    const known = numbers.get(thing);
    if (known !== undefined) return known;
    numbers.set(thing, ++count);
    return count;
  };
  const kept = new Kept<GPUBindGroup>();
  const makePipeline = device.createComputePipeline.bind(device);
  device.createComputePipeline = (descriptor) => {
    const pipeline = makePipeline(descriptor);
    const layout = pipeline.getBindGroupLayout(0);
    pipeline.getBindGroupLayout = () => layout;
    return pipeline;
  };
  const makeGroup = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    let key = `${numberOf(descriptor.layout)}`;
    for (const { resource } of descriptor.entries) {
      if (!("buffer" in resource)) return makeGroup(descriptor);
      key += ` ${numberOf(resource.buffer)}`;
    }
    const known = kept.get(key);
    if (known !== undefined) return known;
    const group = makeGroup(descriptor);
    kept.set(key, group);
    return group;
  };
}

/** Changes a backend, which has just been made. */
export function keepUniforms(backend: WebGPUBackend): void {
  const work = deviceWorkOf(backend);
  const make = work.makeUniforms.bind(backend);
  const kept = new Kept<UniformBinding>(({ buffer }) => {
    work.uniformPendingDisposal.push(buffer);
  });
  work.makeUniforms = (values) => {
    let key = "";
    for (const { type, data } of values) key += `${type[0]}${data.join()} `;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(values);
    // Otherwise the pool would have it back.
    work.uniformPendingDisposal.pop();
    kept.set(key, made);
    return made;
  };
}
