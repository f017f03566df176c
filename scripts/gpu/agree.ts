/** Training steps of ResNet-20 on the GPU beside the same on the engine wasm, from one seed and on the same images. */
import type { State } from "../../src/engines/engine.js";
import { engines, selectEngine } from "../../src/engines/registry.js";
import { graphOf, randomBatch, recipeOf, resnet20 } from "../bench/train/cases.js";

export interface Agreement {
  readonly device?: string;
  readonly batch: number;
  readonly steps: number;
}

/** @param row takes a line of a Markdown table after each step. */
export async function agree(
  { device, batch, steps }: Agreement,
  row: (line: string) => void,
): Promise<void> {
  const sized = { ...resnet20, batch };
  const graph = graphOf(sized);
  const options = { recipe: recipeOf(sized), stepsPerEpoch: 1000 };
  const [gpu, other] = [
    await selectEngine("webgpu", engines, device),
    await selectEngine("wasm", engines),
  ];
  const sessions = [
    await gpu.engine.open(graph, { ...options, ...(device !== undefined && { device }) }),
    await other.engine.open(graph, options),
  ] as const;
  try {
    for (const session of sessions) await session.initialise(1);
    row(
      "| step | loss on the GPU | loss on wasm | largest difference of the state, of each tensor's largest value |",
    );
    row("| --- | --- | --- | --- |");
    for (let step = 1; step <= steps; step++) {
      const images = randomBatch(graph, sized, step);
      const [left, right] = [await sessions[0].step(images), await sessions[1].step(images)];
      const apart = difference(await sessions[0].state(), await sessions[1].state());
      const losses = [left, right].map(({ loss, count }) => (loss / count).toFixed(6));
      row(`| ${[step, ...losses, apart.toExponential(1)].join(" | ")} |`);
    }
  } finally {
    for (const session of sessions) session.dispose();
  }
}

/** The largest difference of two numbers at one place, as a share of their tensor's largest. */
function difference(left: State, right: State): number {
  let worst = 0;
  for (const [name, { data }] of left.tensors) {
    const other = right.tensors.get(name)?.data ?? [];
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    data.forEach((value, index) => {
      worst = Math.max(worst, Math.abs(value - (other[index] ?? NaN)) / largest);
    });
  }
  return worst;
}
