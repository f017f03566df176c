/** Measures the linter: 1,000 generated specs by the command, with and without the cache, and within one process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lintSpecs } from "../../src/api/lint.js";
import { generatedSpec } from "./generated-specs.js";
import { measuredRun, median, table, type Run } from "./measure.js";

interface Sizes {
  readonly count: number;
  readonly runs: number;
}

const whole: Sizes = { count: 1000, runs: 3 };
const few: Sizes = { count: 20, runs: 1 };

export async function benchLint(tiny: boolean): Promise<string> {
  const sizes = tiny ? few : whole;
  const folder = mkdtempSync(join(tmpdir(), "resnetc-lint-"));
  try {
    const specs = join(folder, "specs");
    mkdirSync(specs);
    for (let index = 0; index < sizes.count; index++) {
      const name = `net${String(index).padStart(4, "0")}.resnet`;
      writeFileSync(join(specs, name), generatedSpec(index));
    }
    const { errors, cached } = await lintSpecs([specs]);
    if (errors > 0 || cached > 0) throw new Error(`${errors} of the generated specs are in error`);
    return await measured(folder, specs, sizes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, specs: string, { count, runs }: Sizes): Promise<string> {
  const cache = join(folder, "cache");
  const command = [resolve("bin/resnetc.cjs"), "lint", specs, "--format", "compact"];
  const kept = ["--cache-location", cache];
  const forget = (): void => rmSync(cache, { recursive: true, force: true });
  const cold = runsOf(runs, [...command, ...kept], forget);
  const cached = runsOf(runs, [...command, ...kept]);
  const none = runsOf(runs, [...command, "--no-cache"]);
  const nothing = runsOf(runs, [...command.slice(0, 2), "--list-rules"]);
  const start = performance.now();
  const before = process.cpuUsage();
  await lintSpecs([specs]);
  const { user, system } = process.cpuUsage(before);
  const within = { wall: performance.now() - start, processor: (user + system) / 1000 };
  const row = (name: string, { wall, processor }: Run, files = count): string[] => [
    name,
    wall.toFixed(0),
    processor.toFixed(0),
    files === 0 ? "" : (files / (wall / 1000)).toFixed(0),
    files === 0 ? "" : (files / (processor / 1000)).toFixed(0),
  ];
  return table([
    [`lint of ${count} specs`, "ms", "processor ms", "files/s", "files/processor s"],
    row("the command, cold: everything linted, cache written", cold),
    row("the command, cached: nothing has changed", cached),
    row("the command without a cache", none),
    row("within a process that has linted before", within),
    row("the command with nothing to lint (--list-rules)", nothing, 0),
  ]);
}

/** The medians of some runs. @param before what is done before each. */
function runsOf(runs: number, given: readonly string[], before: () => void = () => undefined): Run {
  const all = Array.from({ length: runs }, () => {
    before();
    return measuredRun(given);
  });
  return {
    wall: median(all.map(({ wall }) => wall)),
    processor: median(all.map(({ processor }) => processor)),
  };
}
