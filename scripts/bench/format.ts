/**
 * Measures the formatter as a project meets it: the command, started anew, on 1,000 specs of which none is
 * formatted, and again once all of them are; by the clock, and by what it takes of the processor.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandEntry } from "./check.js";
import { median, table } from "./measure.js";

/** How many specs, and how often each is measured. */
const sizes = { whole: { count: 1000, runs: 3 }, tiny: { count: 20, runs: 1 } } as const;

/** Blocks and a network of some 60 lines, other numbers in each, without indentation and columns. */
function untidySpec(index: number): string {
  const blocks = readFileSync("std/blocks.resnet", "utf8");
  const network = readFileSync("specs/resnet50.resnet", "utf8").replace(/^import.*$/m, "");
  return `${blocks}\n${network}`
    .replaceAll(/ +/g, " ")
    .replaceAll(/^ /gm, "")
    .replaceAll(" -> ", "->")
    .replaceAll(/\b(64|128|256|512)\b/g, (width) => String(Number(width) + index));
}

export function benchFormat(tiny: boolean): string {
  const { count, runs } = sizes[tiny ? "tiny" : "whole"];
  const folder = mkdtempSync(join(tmpdir(), "resnetc-bench-format-"));
  const write = (): void => {
    for (let index = 0; index < count; index++) {
      const place = join(folder, `part${index % 10}`);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, `spec${index}.resnet`), untidySpec(index));
    }
  };
  try {
    const lines = untidySpec(0).split("\n").length;
    const [changed, unchanged]: [Times[], Times[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      write();
      changed.push(timesOf([commandEntry(), "fmt", folder]));
      unchanged.push(timesOf([commandEntry(), "fmt", "--check", folder]));
    }
    return table([
      [`${count} specs of ${lines} lines`, "seconds", "files/s", "processor (s)", "files/s of it"],
      row("fmt, all of them change", changed, count),
      row("fmt --check, none would", unchanged, count),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(what: string, times: readonly Times[], count: number): string[] {
  const figures = [
    median(times.map(({ clock }) => clock)),
    median(times.map((each) => each.processor)),
  ];
  return [what, ...figures.flatMap((time) => [time.toFixed(1), (count / time).toFixed(0)])];
}

/** Seconds by the clock, and of all threads on the processor. */
interface Times {
  readonly clock: number;
  readonly processor: number;
}

/** Makes a process say at its end how many microseconds of the processor it took. */
const account =
  'data:text/javascript,process.on("exit",()=>' +
  "{const{user,system}=process.cpuUsage();console.error(`took ${user+system}`)})";

/** @throws Error where the command fails. */
function timesOf(given: readonly string[]): Times {
  const start = performance.now();
  const ended = spawnSync(process.execPath, ["--import", account, ...given], { encoding: "utf8" });
  const clock = (performance.now() - start) / 1000;
  const took = /^took (\d+)$/m.exec(ended.stderr)?.[1];
  if (ended.status !== 0 || took === undefined) {
    throw new Error(`node ${given.join(" ")} ended with ${ended.status}: ${ended.stderr}`);
  }
  return { clock, processor: Number(took) / 1e6 };
}
