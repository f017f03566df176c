/** Measures the checker: a cold `resnetc check` beside a bare `node -e 0`, and a warm parse and check. */
import { readFileSync } from "node:fs";
import { check } from "../../src/check/check.js";
import { NodeHost } from "../../src/host/node-host.js";
import { comparePairs, table, timeWarm } from "./measure.js";

/** The command's compiled entry, as package.json names it. */
export function commandEntry(): string {
  const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as {
    bin: Readonly<Record<string, string>>;
  };
  const { resnetc } = bin;
  if (resnetc === undefined) throw new Error("package.json names no command resnetc");
  return resnetc;
}

/** @param tiny as few runs as show that it works. */
export function benchCheck(tiny: boolean): string {
  const rows = [["spec", "node -e 0 (ms)", "cold check (ms)", "ratio", "warm parse + check (ms)"]];
  const host = new NodeHost();
  for (const spec of ["specs/resnet50.resnet", "specs/resnet152.resnet"]) {
    const cold = comparePairs([commandEntry(), "check", spec], ["-e", "0"], tiny ? 1 : 20);
    const warm = timeWarm(() => check(spec, host), tiny ? 1 : 40);
    const figures = [cold.second.toFixed(0), cold.first.toFixed(0), cold.ratio.toFixed(2)];
    rows.push([spec, ...figures, warm.toFixed(2)]);
  }
  return table(rows);
}
