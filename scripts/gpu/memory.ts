/** Ten thousand steps of a small network on the GPU, and what they leave behind on it and in the process. */
import { backend, memory } from "@tensorflow/tfjs-core";
import { engines, selectEngine } from "../../src/engines/registry.js";
import { Flight } from "../../src/train/flight.js";
import { graphOf, randomBatch, recipeOf } from "../bench/train/cases.js";

export interface Lasting {
  readonly device?: string;
  readonly steps: number;
}

interface OnGpu {
  memory(): { readonly numBytesAllocatedInGPU: number };
}

const small = {
  name: "quick",
  title: "quickstart",
  spec: "specs/quickstart.resnet",
  network: "Quick",
  batch: 8,
  extent: 32,
  steps: 1,
};

/** @param row takes a line of a Markdown table after a hundred steps, and at the end. */
export async function last({ device, steps }: Lasting, row: (line: string) => void): Promise<void> {
  const graph = graphOf(small);
  const { engine } = await selectEngine("webgpu", engines, device);
  const session = await engine.open(graph, {
    recipe: recipeOf(small),
    stepsPerEpoch: 1000,
    ...(device !== undefined && { device }),
  });
  try {
    await session.initialise(1);
    const images = randomBatch(graph, small, 1);
    const flight = new Flight();
    row("| steps | tensors | their MB | GPU memory, MB | the process, MB |");
    row("| --- | --- | --- | --- | --- |");
    for (let step = 1; step <= steps; step++) {
      flight.give(session.step(images));
      if (flight.isFull) await flight.land();
      if (step !== 100 && step !== steps) continue;
      while (!flight.isEmpty) await flight.land();
      const { numTensors, numBytes } = memory();
      const { numBytesAllocatedInGPU } = (backend() as unknown as OnGpu).memory();
      const bytes = [numBytes, numBytesAllocatedInGPU, process.memoryUsage().rss];
      row(`| ${[step, numTensors, ...bytes.map((each) => (each / 1e6).toFixed(1))].join(" | ")} |`);
    }
  } finally {
    session.dispose();
  }
}
