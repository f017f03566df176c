/**
 * Training on the engine onnx whose batches are passed in parts, and whole: how long it takes to the end of the
 * first step, how long a step takes then, and the process's peak memory, each in a process of its own.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { onnx } from "../../src/engines/onnx.js";
import { median, peakMegabytes, table } from "./measure.js";
import { graphOf, randomBatch, recipeOf, resnet20, type Case } from "./train/cases.js";

const resnet18: Case = {
  name: "resnet18",
  title: "ResNet-18 at 224, batch 16",
  spec: "specs/resnet18.resnet",
  network: "ResNet18",
  batch: 16,
  extent: 224,
  steps: 5,
};
const resnet110: Case = {
  ...resnet20,
  name: "resnet110",
  title: "CIFAR ResNet-110, batch 128",
  network: "ResNet110",
  steps: 3,
};
const networks = [
  [resnet20, 16],
  [resnet18, 8],
  [resnet110, 8],
] as const;

interface Measured {
  readonly firstSeconds: number;
  readonly milliseconds: number;
  readonly megabytes: number;
  /** Of the loss of every step and the state after the last. */
  readonly digest: string;
}

/** @param tiny the smaller network alone, with few images. */
export function benchParts(tiny: boolean): string {
  const rows = networks.slice(0, tiny ? 1 : undefined).flatMap(([{ title }, parts], index) =>
    [1, tiny ? 2 : parts].map((accumulate) => {
      const given = [fileURLToPath(import.meta.url), "parts-job", `${index} ${accumulate} ${tiny}`];
      const { status, stdout, stderr } = spawnSync(process.execPath, given, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${title} in ${accumulate} parts: ${stderr}`);
      const found = JSON.parse(stdout) as Measured;
      const figures = [
        found.firstSeconds.toFixed(1),
        found.milliseconds.toFixed(0),
        found.megabytes.toFixed(0),
        found.digest,
      ];
      return [title, String(accumulate), ...figures];
    }),
  );
  const title = ["training on onnx", "parts", "first step (s)", "a step (ms)", "peak (MB)", "bits"];
  return table([title, ...rows]);
}

/** The other side. @param job the number of a network, of its parts, and whether it is tiny. */
export async function benchPartsJob(job: string): Promise<string> {
  const [number, parts, tiny] = job.split(" ");
  const accumulate = Number(parts);
  const [whole] = networks[Number(number)] ?? networks[0];
  const of = tiny === "true" ? { ...whole, batch: 16, steps: 1 } : whole;
  const graph = graphOf(of);
  const batch = randomBatch(graph, of, 1);
  const recipe = { ...recipeOf(of), accumulate };
  const digest = createHash("sha256");
  const began = performance.now();
  const session = await onnx.open(graph, { recipe, stepsPerEpoch: 1000 });
  await session.initialise(1);
  const step = async (): Promise<void> => {
    digest.update(String((await session.step(batch)).loss));
  };
  await step();
  const firstSeconds = (performance.now() - began) / 1000;
  const times: number[] = [];
  for (let i = 0; i < of.steps; i++) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  const megabytes = peakMegabytes();
  for (const { data } of (await session.state()).tensors.values()) digest.update(data);
  session.dispose();
  const measured: Measured = {
    firstSeconds,
    milliseconds: median(times),
    megabytes,
    digest: digest.digest("hex").slice(0, 8),
  };
  return JSON.stringify(measured);
}
