/**
 * Training steps on every engine that is here, from a spec and written by hand with stock TensorFlow.js,
 * side by side: images/s and peak memory, each measurement in a process of its own.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineName } from "../../../src/engines/engine.js";
import { engines } from "../../../src/engines/registry.js";
import { table } from "../measure.js";
import { runJob, type Job, type Measured } from "./job.js";
import { hasStock } from "./stock-backends.js";

/** Plain JavaScript takes minutes for a step of a whole batch. */
const slowBatch = 2;
const batch = { ResNet20: 128, ResNet18: 8 } as const;

/** What a process of its own came to, or why it did not. */
function measure(job: Job): Measured | string {
  const script = fileURLToPath(import.meta.url);
  const given = [script, "engines-job", JSON.stringify(job)];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, given, {
    encoding: "utf8",
    timeout: 20 * 60_000,
  });
  const line = stdout.split("\n").find((text) => text.startsWith("@@"));
  if (line !== undefined) return JSON.parse(line.slice(2)) as Measured;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `it ended with ${signal ?? status}`;
  return reason.slice(0, 60);
}

function jobOf(tiny: boolean, code: Job["code"], engine: EngineName, network: Job["network"]): Job {
  if (tiny) return { code, engine, network, batch: slowBatch, steps: 1 };
  if (engine === "cpu") return { code, engine, network, batch: slowBatch, steps: 1 };
  const steps = engine === "webgpu" || engine === "wasm" ? 3 : 6;
  return { code, engine, network, batch: batch[network], steps };
}

/** Prints each row as it is measured. @param tiny a small network alone, on the engines that start fast. */
export async function benchEngines(tiny: boolean): Promise<string> {
  const title = ["training steps", "batch", "ours", "MB", "by hand", "MB", "ratio"];
  const rows: string[][] = [];
  for (const network of tiny ? (["ResNet20"] as const) : (["ResNet20", "ResNet18"] as const)) {
    for (const { name, probe } of engines) {
      if (!(await probe()).available) continue;
      if (tiny && name !== "wasm" && name !== "onnx") continue;
      // Minutes for each image.
      if (name === "cpu" && network === "ResNet18") continue;
      const ours = measure(jobOf(tiny, "ours", name, network));
      const stock = hasStock(name) ? measure(jobOf(tiny, "stock", name, network)) : "there is none";
      const numbers = (of: Measured | string): string[] =>
        typeof of === "string"
          ? [of, ""]
          : [of.imagesPerSecond.toPrecision(3), of.peakMegabytes.toFixed(0)];
      const ratio =
        typeof ours === "string" || typeof stock === "string"
          ? ""
          : (ours.imagesPerSecond / stock.imagesPerSecond).toFixed(2);
      const { batch: images } = jobOf(tiny, "ours", name, network);
      const row = [
        `${network} on ${name}`,
        String(images),
        ...numbers(ours),
        ...numbers(stock),
        ratio,
      ];
      process.stderr.write(`${row.join("  ")}\n`);
      rows.push(row);
    }
  }
  return table([title, ...rows]);
}

/** The other side of `measure`. */
export async function benchEnginesJob(job: string): Promise<string> {
  return `@@${JSON.stringify(await runJob(JSON.parse(job) as Job))}`;
}
