/** The project's own tests of the engine webgpu on the GPU of a machine without vitest, from bundles of them. */
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";
import { ended } from "../../ended.js";
import { readClosingLine } from "./closing-line.js";

export interface TestsOptions {
  /** Where the bundles lie. */
  readonly folder: string;
  /** A part of the GPU's name. */
  readonly device: string;
  /** Sizes that a GPU in software gets through. */
  readonly inSoftware: boolean;
}

/** What takes all that a GPU has, and so would fail what runs beside it. */
const alone = /failure\.test\.js$/;
/** Files side by side: each compiles shaders on the processor, and waits for the GPU. */
const most = Math.min(8, availableParallelism());
/** Where a driver hangs; longer than any test may take by itself. */
const limit = 1_800_000;

/** Whether bundles of tests are there. */
export function hasTests(folder: string): boolean {
  return existsSync(join(folder, "run.js"));
}

/**
 * @param say takes a line of a Markdown table as a file of tests ends, and behind it what failed.
 * @returns whether all passed.
 */
export async function reportTests(
  { folder, device, inSoftware }: TestsOptions,
  say: (line: string) => void,
): Promise<boolean> {
  const files = readdirSync(join(folder, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js"))
    .sort();
  say("| tests | passed | failed | skipped | seconds |");
  say("| --- | --- | --- | --- | --- |");
  const failures: string[] = [];
  const env = {
    RESNETC_TEST_GPU: device,
    ...(inSoftware && { RESNETC_TEST_SOFTWARE: "1" }),
  };
  const tell = async (file: string): Promise<void> => {
    const began = performance.now();
    const words = [join(folder, "run.js"), join(folder, "test", file)];
    const { status, stdout, stderr } = await ended(words, { env, timeout: limit });
    const counts = readClosingLine(stdout);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const name = file.replace(/\.test\.js$/, "").replaceAll(sep, "/");
    const cells =
      counts === undefined
        ? [name, "-", "did not end", "-", seconds]
        : [name, counts.passed, counts.failed, counts.skipped, seconds];
    say(`| ${cells.join(" | ")} |`);
    if (counts === undefined || status !== 0)
      failures.push(`${name}\n${`${stdout}${stderr}`.trim()}`);
  };
  const together = files.filter((file) => !alone.test(file));
  const worker = async (): Promise<void> => {
    for (let file = together.shift(); file !== undefined; file = together.shift()) await tell(file);
  };
  await Promise.all(Array.from({ length: most }, worker));
  for (const file of files.filter((each) => alone.test(each))) await tell(file);
  for (const failure of failures) say(`\n${failure}`);
  return failures.length === 0;
}
