/** Small tools for measuring: medians, pairs of whole commands run in turn, a command's peak memory. */
import { spawnSync } from "node:child_process";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Wall milliseconds of one run of `node ARGUMENTS`. @throws Error if it fails. */
function nodeRun(given: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: "utf8" });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`node ${given.join(" ")} ended with ${status}: ${stderr}`);
  return elapsed;
}

export interface Run {
  /** Wall milliseconds. */
  readonly wall: number;
  /** Milliseconds of processor time, in all threads: what other programs beside it change little. */
  readonly processor: number;
}

const tellUsage =
  'data:text/javascript,process.on("exit",()=>process._rawDebug(JSON.stringify(process.cpuUsage())))';

/** One run of `node ARGUMENTS` with its processor time. @throws Error if it fails. */
export function measuredRun(given: readonly string[]): Run {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", tellUsage, ...given], {
    encoding: "utf8",
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`node ${given.join(" ")} ended with ${status}: ${stderr}`);
  const told = stderr.trimEnd().split("\n").at(-1) ?? "";
  const { user, system } = JSON.parse(told) as { user: number; system: number };
  return { wall, processor: (user + system) / 1000 };
}

export interface Pairs {
  /** Median milliseconds of the first and of the second command. */
  readonly first: number;
  readonly second: number;
  /** Median of the ratios first / second, run by run. */
  readonly ratio: number;
}

/** Two commands in turn, so that a machine that slows down slows both. */
export function comparePairs(
  first: readonly string[],
  second: readonly string[],
  runs: number,
): Pairs {
  nodeRun(first);
  nodeRun(second);
  const pairs = Array.from({ length: runs }, () => [nodeRun(first), nodeRun(second)] as const);
  return {
    first: median(pairs.map(([a]) => a)),
    second: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  };
}

/** Median milliseconds of `run`, after a warm-up. */
export function timeWarm(run: () => void, runs: number): number {
  for (let i = 0; i < runs; i++) run();
  return median(
    Array.from({ length: runs }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}

/** The largest resident size that this process has had, in MB. */
export function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** Rows in columns, the first left-aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
