/**
 * A program that gives devices back in the middle of their work, again and again, and says "whole" at its end.
 * Run with --expose-gc.
 */
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { startTestDevice } from "./device.js";

interface Started {
  readonly device: GPUDevice;
  release(): void;
}

const slowShader = (number: number): string => `
@group(0) @binding(0) var<storage, read_write> a: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var x = f32(id.x);
  for (var k = 0; k < 2000; k++) { x = x * 1.0001 + ${number}.5; }
  a[id.x] = x;
}`;

/** Gives the device work: a shader that runs and is read back, and one that is being compiled. */
async function begin(device: GPUDevice, number: number): Promise<Promise<unknown>[]> {
  const size = 512 * 64 * 4;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  const compile = (which: number): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({
      layout: "auto",
      compute: { module: device.createShaderModule({ code: slowShader(which) }) },
    });
  const pipeline = await compile(2 * number);
  const another = compile(2 * number + 1);
  const layout = pipeline.getBindGroupLayout(0);
  const entries = [{ binding: 0, resource: { buffer } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(512);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, read, 0, size);
  device.queue.submit([encoder.finish()]);
  // A buffer that nothing refers to is collected, and with it what was to be read.
  return [read.mapAsync(GPUMapMode.READ).then(() => read.unmap()), another];
}

/** What Dawn holds up holds up this thread's timers as well; the end comes from another. */
const watchdog = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 180_000)";
new Worker(watchdog, { eval: true }).unref();

const start = async (): Promise<Started> => (await startTestDevice()) as unknown as Started;

for (let number = 0; number < 40; number++) {
  const started = await start();
  const work = await begin(started.device, number);
  if (number % 3 === 0) await setTimeout(5);
  started.release();
  const ended = Promise.allSettled(work);
  if (number % 2 === 0) await ended;
  globalThis.gc?.();
}
const last = await start();
await Promise.all(await begin(last.device, 40));
last.release();
await last.device.lost;
console.log("whole");
