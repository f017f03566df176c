/**
 * `npm run gpu`: what the engine webgpu does on this machine's GPU, as Markdown: training steps by batch with
 * our kernels and with those of TensorFlow.js, ResNet-20 on CIFAR-10 and, where they go along, the project's tests. Runs from the repository or, with
 * nothing installed, from what `npm run pack` packs.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineUnavailableError } from "../../src/engines/engine.js";
import { pickAdapter, type Adapter } from "../../src/engines/webgpu/adapters.js";
import { findLibrary } from "../../src/engines/webgpu/library.js";
import { packageRoot } from "../../src/host/node-host.js";
import {
  amountOf,
  oneOf,
  parsedWords,
  refuseWords,
  runScript,
  ScriptError,
  WrongWords,
} from "../command-line.js";
import { agree } from "./agree.js";
import type { GpuJob } from "./cases.js";
import { learn } from "./learn.js";
import { last } from "./memory.js";
import { measure } from "./measure.js";
import { answerOf, child, reportSteps } from "./steps.js";
import { hasTests, reportTests } from "./tests/report.js";

const usage = `usage: npm run gpu -- [--device NAME] [--data FOLDER] [--only PART]
                      [--seconds N] [--limit N] [--minutes N]
                      [--pytorch PYTHON] [--tiny]
--device   a part of the GPU's name
--data     CIFAR-10, as binaries or as a folder of images
--only     agree, memory, tests, steps or learn; all of them where left out
--seconds  how long each figure is timed (10)
--limit    the most seconds that a figure may take, with compiling shaders (240)
--minutes  the most that ResNet-20 trains, until it is past 80% (30)
--pytorch  measures the steps of PyTorch too: a Python that has it, with
           torchvision, for this GPU
--tiny     sizes that a GPU in software gets through`;

const sections = ["agree", "memory", "tests", "steps", "learn"] as const;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

interface Options {
  readonly device: string | undefined;
  /** The folder of the images, absolute. */
  readonly data: string | undefined;
  readonly seconds: number;
  readonly minutes: number;
  readonly limit: number;
  readonly only: (typeof sections)[number] | undefined;
  readonly python: string | undefined;
  readonly tiny: boolean;
}

async function main(given: readonly string[]): Promise<void> {
  if (given[0] === child) say(answerOf(await measure(JSON.parse(given[1] ?? "") as GpuJob)));
  else await report(optionsOf(given));
}

/** @throws WrongWords */
function optionsOf(given: readonly string[]): Options {
  const { values, positionals } = parsedWords({
    args: [...given],
    allowPositionals: true,
    options: {
      device: { type: "string" },
      data: { type: "string" },
      seconds: { type: "string", default: "10" },
      minutes: { type: "string", default: "30" },
      limit: { type: "string", default: "240" },
      only: { type: "string" },
      pytorch: { type: "string" },
      tiny: { type: "boolean", default: false },
    },
  });
  refuseWords(positionals);
  const seconds = values.seconds === "0" ? 0 : amountOf("--seconds", values.seconds);
  const minutes = amountOf("--minutes", values.minutes);
  const limit = amountOf("--limit", values.limit);
  const only = values.only === undefined ? undefined : oneOf("--only", values.only, sections);
  const { device, tiny } = values;
  const data = values.data === undefined ? undefined : resolve(values.data);
  if (only === "learn" && data === undefined) {
    throw new WrongWords("--only learn needs images: --data FOLDER says where they are");
  }
  if (data !== undefined && !existsSync(data)) {
    throw new WrongWords(`--data ${values.data}: there is no such folder`);
  }
  const python = values.pytorch?.includes("/") ? resolve(values.pytorch) : values.pytorch;
  return { device, data, seconds, minutes, limit, only, python, tiny };
}

async function report(options: Options): Promise<void> {
  const { device, seconds, limit, only, python, tiny } = options;
  // Specs go by their paths in the package.
  process.chdir(packageRoot());
  const gpu = await describeMachine(device);
  let allPassed = true;
  const more = device === undefined ? {} : { device };
  const wants = (section: (typeof sections)[number]): boolean =>
    only === undefined || only === section;
  if (wants("agree")) {
    say("\n## ResNet-20 on the GPU and on wasm, step by step\n");
    await agree({ batch: tiny ? 2 : 32, steps: tiny ? 2 : 10, ...more }, say);
  }
  if (wants("memory")) {
    const steps = tiny ? 8 : 10_000;
    say(`\n## Memory over ${steps} steps of the quickstart's network\n`);
    await last({ steps, ...more }, say);
  }
  if (wants("tests")) allPassed = await reportOwnTests(gpu, only === "tests");
  if (wants("steps")) {
    const given = { script: fileURLToPath(import.meta.url), seconds, limit, tiny, ...more };
    const pytorch = python && { python, script: resolve("scripts/bench/train/pytorch.py") };
    reportSteps({ ...given, ...(pytorch && { pytorch }) }, say);
  }
  if (wants("learn")) await reportLearning(options);
  if (!allPassed) throw new ScriptError("not all tests passed");
}

/** @returns whether all that are there passed. @throws ScriptError where they are wanted and not there. */
async function reportOwnTests({ name, kind }: Adapter, wanted: boolean): Promise<boolean> {
  const folder = resolve("dist", "gpu-tests");
  if (!hasTests(folder)) {
    if (!wanted) return true;
    throw new ScriptError(
      "the tests go along in archives alone",
      `RESNETC_TEST_GPU="${name}" npm test runs them here; \`npm run pack\` makes an archive`,
    );
  }
  say("\n## The tests of the engine\n");
  return reportTests({ folder, device: name, inSoftware: kind === "software" }, say);
}

async function reportLearning({ data, device, minutes, tiny }: Options): Promise<void> {
  if (data === undefined) {
    say("\nResNet-20 on CIFAR-10 was not trained: `--data FOLDER` says where its images are.");
    return;
  }
  const what = tiny
    ? "The quickstart's network on a few images"
    : "ResNet-20 on CIFAR-10, by the paper's recipe";
  say(`\n## ${what}\n`);
  const folder = mkdtempSync(join(tmpdir(), "resnetc-gpu-"));
  try {
    const set = { accuracy: 0.8, minutes, folder: join(folder, "run"), tiny, data, device };
    say(`\n${await learn(set, say)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the GPU that is taken. */
async function describeMachine(device: string | undefined): Promise<Adapter> {
  const library = await findLibrary();
  if ("problem" in library) throw new EngineUnavailableError(library.problem, library.remedy);
  const gpu = pickAdapter(library.adapters, device);
  const { name, backend, driver, kind } = gpu;
  say("# The engine webgpu on a GPU\n");
  say("| | |\n| --- | --- |");
  say(`| GPU | ${name} (${kind}) |`);
  say(`| driver | ${backend}, ${driver} |`);
  say(`| Dawn, Node | ${library.version}, ${process.version} |`);
  say(
    `| machine | ${cpus()[0]?.model ?? "?"} x ${cpus().length}, ${process.platform} ${release()} |`,
  );
  const all = library.adapters.map((adapter) => adapter.name).join(", ");
  say(`| all adapters | ${all} |`);
  return gpu;
}

await runScript(usage, main);
