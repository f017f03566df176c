/** The commands that a backend gives a device, in order: recorded as they are encoded, and submitted again. */

/** From a place in one buffer to a place in another, in bytes. */
export type Copy = readonly [
  from: GPUBuffer,
  start: number,
  to: GPUBuffer,
  at: number,
  size: number,
];

export type Command =
  | {
      readonly kind: "shader";
      readonly pipeline: GPUComputePipeline;
      readonly group: GPUBindGroup;
      readonly workgroups: readonly [number, number, number];
    }
  | { readonly kind: "copy"; readonly copy: Copy };

export interface Listener {
  command(command: Command): void;
  /** A shader or a copy uses the buffer. */
  buffer(buffer: GPUBuffer): void;
}

/**
 * Reports every command that is encoded from now on, except copies to buffers that the processor maps: these belong
 * to whoever reads them, such as a profile that times shaders. @returns what ends it.
 */
export function listen(device: GPUDevice, listener: Listener): () => void {
  const { createCommandEncoder, createBindGroup } = device;
  device.createBindGroup = (descriptor) => {
    for (const { resource } of descriptor.entries) {
      if ("buffer" in resource) listener.buffer(resource.buffer);
    }
    return createBindGroup.call(device, descriptor);
  };
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder.call(device, descriptor);
    listenToCopies(encoder, listener);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (descriptor) => {
      const pass = begin(descriptor);
      listenToShaders(pass, listener);
      return pass;
    };
    return encoder;
  };
  return () => Object.assign(device, { createCommandEncoder, createBindGroup });
}

function listenToCopies(encoder: GPUCommandEncoder, listener: Listener): void {
  const make = encoder.copyBufferToBuffer.bind(encoder) as (...copy: Copy) => undefined;
  encoder.copyBufferToBuffer = ((...copy: Copy) => {
    const [from, , to] = copy;
    if ((to.usage & GPUBufferUsage.MAP_READ) === 0) {
      listener.buffer(from);
      listener.buffer(to);
      listener.command({ kind: "copy", copy });
    }
    make(...copy);
  }) as typeof encoder.copyBufferToBuffer;
}

function listenToShaders(pass: GPUComputePassEncoder, listener: Listener): void {
  let pipeline: GPUComputePipeline | undefined;
  let group: GPUBindGroup | undefined;
  const setPipeline = pass.setPipeline.bind(pass);
  const setGroup = pass.setBindGroup.bind(pass) as (index: number, group: GPUBindGroup) => void;
  const dispatch = pass.dispatchWorkgroups.bind(pass);
  pass.setPipeline = (given) => setPipeline((pipeline = given));
  pass.setBindGroup = ((index: number, given: GPUBindGroup) =>
    setGroup(index, (group = given))) as typeof pass.setBindGroup;
  pass.dispatchWorkgroups = (x, y = 1, z = 1) => {
    if (pipeline === undefined || group === undefined) throw new Error("no shader to dispatch");
    listener.command({ kind: "shader", pipeline, group, workgroups: [x, y, z] });
    dispatch(x, y, z);
  };
}

/** Shaders of one submission: few enough that the device begins before a whole step is encoded. */
const mostAtOnce = 128;
const fewestAtOnce = 8;
/** Before it is known how long they take. */
const firstAtOnce = 32;

/** How long a submission should take at most, in ms: drivers reset a GPU that takes seconds (Windows: two). */
const longest = 100;

/** How many shaders a submission is to have on this device. @param milliseconds that so many took, where that is known. */
export function shadersAtOnce(shaders: number, milliseconds: number | undefined): number {
  if (milliseconds === undefined) return firstAtOnce;
  const fitting = Math.floor((shaders * longest) / milliseconds);
  return Math.max(fewestAtOnce, Math.min(mostAtOnce, fitting));
}

/** Submits commands to the device, in order. @param atOnce how many shaders go into one submission. */
export function handOver(device: GPUDevice, commands: readonly Command[], atOnce: number): void {
  let encoder = device.createCommandEncoder();
  let pass: GPUComputePassEncoder | undefined;
  let pipeline: GPUComputePipeline | undefined;
  let waiting = 0;
  const endPass = (): void => {
    pass?.end();
    pass = undefined;
    pipeline = undefined;
  };
  for (const command of commands) {
    if (command.kind === "copy") {
      endPass();
      encoder.copyBufferToBuffer(...command.copy);
      continue;
    }
    pass ??= encoder.beginComputePass();
    if (pipeline !== command.pipeline) pass.setPipeline((pipeline = command.pipeline));
    pass.setBindGroup(0, command.group);
    pass.dispatchWorkgroups(...command.workgroups);
    if (++waiting < atOnce) continue;
    endPass();
    device.queue.submit([encoder.finish()]);
    encoder = device.createCommandEncoder();
    waiting = 0;
  }
  endPass();
  device.queue.submit([encoder.finish()]);
}
