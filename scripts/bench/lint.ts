/** Measures the linter: 1,000 generated specs by the command, with and without the cache, and within one process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lintSpecs } from "../../src/api/lint.js";
import { generatedSpec } from "./generated-specs.js";
import { median, nodeRun, table } from "./measure.js";

const count = 1000;
const runs = 5;

export async function benchLint(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-lint-"));
  try {
    const specs = join(folder, "specs");
    mkdirSync(specs);
    for (let index = 0; index < count; index++) {
      const name = `net${String(index).padStart(4, "0")}.resnet`;
      writeFileSync(join(specs, name), generatedSpec(index));
    }
    const { errors, cached } = await lintSpecs([specs]);
    if (errors > 0 || cached > 0) throw new Error(`${errors} of the generated specs are in error`);
    return await measured(folder, specs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, specs: string): Promise<string> {
  const cache = join(folder, "cache");
  const command = [resolve("bin/resnetc.cjs"), "lint", specs, "--format", "compact"];
  const time = (given: readonly string[], before: () => void = () => undefined): number =>
    median(
      Array.from({ length: runs }, () => {
        before();
        return nodeRun([...command, ...given]);
      }),
    );
  const kept = ["--cache-location", cache];
  const cold = time(kept, () => rmSync(cache, { recursive: true, force: true }));
  const cached = time(kept);
  const none = time(["--no-cache"]);
  const help = median(
    Array.from({ length: runs }, () => nodeRun([...command.slice(0, 2), "--list-rules"])),
  );
  const start = performance.now();
  await lintSpecs([specs]);
  const within = performance.now() - start;
  const row = (name: string, elapsed: number): string[] => [
    name,
    elapsed.toFixed(0),
    (count / (elapsed / 1000)).toFixed(0),
  ];
  return table([
    [`lint of ${count} specs`, "ms", "files/s"],
    row("the command, cold: everything linted, cache written", cold),
    row("the command, cached: nothing has changed", cached),
    row("the command without a cache", none),
    row("within a process that has linted before", within),
    ["the command with nothing to lint (--list-rules)", help.toFixed(0), ""],
  ]);
}
