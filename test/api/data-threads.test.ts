/** The built package makes its batches in threads, and a run comes to what one thread comes to. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { expect, test } from "vitest";
import { evaluateSpec } from "../../src/api/evaluate.js";
import { trainSpec, type TrainSpecOptions } from "../../src/api/train.js";
import { selectEngine } from "../../src/engines/registry.js";
import type { EpochRecord } from "../../src/train/history.js";
import { threadCount } from "../../src/train/data/worker-pool.js";
import { buildPackage, spec, start } from "../cli/built-command.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");

const options = {
  data: "shapes(size: 32, classes: 4, train: 200, validation: 70)",
  recipe: { epochs: 2, batch: 32, "optimizer.rate": 0.05 },
  engine: "wasm",
} as const;

const numbers = (history: readonly EpochRecord[]): unknown =>
  history.map(({ trainLoss, trainAccuracy, validationLoss }) => [
    trainLoss,
    trainAccuracy,
    validationLoss,
  ]);

interface Told {
  readonly history: readonly EpochRecord[];
  readonly loss: number;
  readonly threads: readonly string[];
}

/** Trains and evaluates with the built package, in a process that must end by itself. */
async function withPackage(given: TrainSpecOptions, folder: string): Promise<Told> {
  const script = join(folder, "run.mjs");
  await writeFile(
    script,
    `import { evaluate, train } from ${JSON.stringify(pathToFileURL(join(built, "dist", "index.js")).href)};
    const threads = [];
    process.on("worker", (worker) => {
      const number = threads.push("running") - 1;
      worker.once("exit", (code) => { threads[number] = "ended with " + code; });
    });
    const given = ${JSON.stringify({ ...given, folder: join(folder, "threads") })};
    const { history } = await train(${JSON.stringify(quick)}, given);
    const { loss } = await evaluate(${JSON.stringify(quick)}, { folder: given.folder, engine: given.engine, data: given.data });
    console.log(JSON.stringify({ history, loss, threads }));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 100_000 });
  return JSON.parse(stdout) as Told;
}

test("threads are started once a run, ended with it, and give the numbers of one thread", async () => {
  const folder = await temporaryFolder();
  const told = await withPackage(options, folder);
  const perRun = threadCount();
  expect(told.threads).toEqual(new Array<string>(2 * perRun).fill("ended with 0"));
  const alone = { ...options, folder: join(folder, "alone") };
  const { history } = await trainSpec(quick, alone);
  expect(numbers(told.history)).toEqual(numbers(history));
  const { folder: run, engine, data } = alone;
  const { loss } = await evaluateSpec(quick, { folder: run, engine, data });
  expect(told.loss).toBe(loss);
});

test("a program that is given on node's command line has its threads", async () => {
  const folder = await temporaryFolder();
  const { engine } = await selectEngine("auto");
  const program = `import { train } from ${JSON.stringify(pathToFileURL(join(built, "dist", "index.js")).href)};
    const given = ${JSON.stringify({ ...options, engine: engine.name, folder: join(folder, "run") })};
    console.log((await train(${JSON.stringify(quick)}, given)).outcome);`;
  const given = ["--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, given, { timeout: 100_000 });
  expect(stdout).toBe("finished\n");
});

test("an image that cannot be read is named, and the command ends", async () => {
  const folder = await temporaryFolder();
  for (let i = 0; i < 40; i++) {
    const [name, background] = i % 2 === 0 ? ["dark", "black"] : ["light", "white"];
    const image = sharp({ create: { width: 32, height: 32, channels: 3, background } });
    const path = join(folder, "images", name ?? "", `${i}.jpg`);
    await mkdir(dirname(path), { recursive: true });
    await (i === 21 ? writeFile(path, "no image") : image.toFile(path));
  }
  const data = `folder(${JSON.stringify(join(folder, "images"))}, validation: 0)`;
  const given = ["train", quick, "--set", "classes=2", "--engine", "wasm", "--data", data];
  const { status, stderr } = await start(built, [...given, "--batch", "4", "-o", "run"], {
    cwd: folder,
  }).ended;
  expect(stderr).toContain(`${join(folder, "images", "light", "21.jpg")} cannot be decoded`);
  expect(stderr).toContain("replace the file, or remove it");
  expect(status).toBe(1);
});
