/**
 * Measures the formatter as a project meets it: the command, started anew, on 1,000 specs of which none is
 * formatted, and again once all of them are.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandEntry } from "./check.js";
import { median, nodeRun, table } from "./measure.js";

const count = 1000;
const runs = 3;

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

export function benchFormat(): string {
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
    const [changed, unchanged]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      write();
      changed.push(nodeRun([commandEntry(), "fmt", folder]));
      unchanged.push(nodeRun([commandEntry(), "fmt", "--check", folder]));
    }
    const row = (what: string, times: readonly number[]): string[] => {
      const time = median(times);
      return [what, (time / 1000).toFixed(1), ((count / time) * 1000).toFixed(0)];
    };
    return table([
      [`${count} specs of ${lines} lines`, "seconds", "files/s"],
      row("fmt, all of them change", changed),
      row("fmt --check, none would", unchanged),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
