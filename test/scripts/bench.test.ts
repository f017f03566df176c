/** Every part of `npm run bench` measures: its table is whole, and each of its figures is a number. */
import { beforeAll, describe, expect, it } from "vitest";
import { onnx } from "../../src/engines/onnx.js";
import { resolveWebgpu } from "../../src/engines/webgpu/library.js";
import type { Ended } from "../../scripts/ended.js";
import { runScript } from "./run-script.js";

const withOnnx = (await onnx.probe()).available;
const withoutOnnx = withOnnx ? "" : " (SKIPPED: ONNX Runtime is not installed)";
const withWebgpu = resolveWebgpu() !== undefined;
const withoutWebgpu = withWebgpu ? "" : " (SKIPPED: the package webgpu is not installed)";

let bench: Ended;
beforeAll(async () => {
  bench = await runScript("scripts/bench/index.ts", ["--tiny"]);
}, 600_000);

/** The rows of the table below a title, as cells. */
function rowsBelow(title: string): readonly (readonly string[])[] {
  const lines = bench.stdout.split("\n");
  const head = lines.findIndex((line) => line.startsWith(title));
  expect(head, `${title} in\n${bench.stdout}${bench.stderr}`).not.toBe(-1);
  const rest = lines.slice(head + 1);
  const rows = rest.slice(0, rest.indexOf(""));
  return rows.map((row) => row.split(/ {2,}/).filter((cell) => cell !== ""));
}

const number = /^\d+(\.\d+)?$/;
/** Images per second, and how much of the time was spent waiting. */
const rate = /^\d+ \(\d+\.\d%\)$/;

function expectNumbers(cells: readonly string[], count: number): void {
  expect(cells).toHaveLength(count);
  for (const cell of cells) expect(cell).toMatch(number);
}

describe("npm run bench -- --tiny", () => {
  it("check", () => {
    const rows = rowsBelow("spec                    node -e 0 (ms)");
    expect(rows.map(([spec]) => spec)).toEqual(["specs/resnet50.resnet", "specs/resnet152.resnet"]);
    for (const [, ...figures] of rows) {
      expectNumbers(figures, 4);
      expect(Number(figures[2])).toBeCloseTo(Number(figures[1]) / Number(figures[0]), 0);
    }
  });

  it("format", () => {
    const rows = rowsBelow("20 specs of");
    expect(rows.map(([what]) => what)).toEqual([
      "fmt, all of them change",
      "fmt --check, none would",
    ]);
    for (const [, ...figures] of rows) expectNumbers(figures, 4);
  });

  it("lowering and training", () => {
    const [lowering, ...others] = rowsBelow("lowering ResNet-50 to tf.layers");
    expectNumbers(lowering ?? [], 3);
    expect(others).toEqual([]);
    const [[what, ...figures] = []] = rowsBelow("training on wasm, batch 2");
    expect(what).toBe("CIFAR ResNet-20, SGD with momentum");
    expectNumbers(figures, 2);
  });

  it("gradients", () => {
    const rows = rowsBelow("wasm, batch 8, 3x3 (GFLOP/s)");
    expect(rows.map(([layer]) => layer)).toEqual(["32x32x16"]);
    expectNumbers(rows[0]?.slice(1) ?? [], 5);
  });

  it("engines", () => {
    const rows = rowsBelow("training steps");
    const names = [...(withOnnx ? ["onnx"] : []), "wasm"];
    expect(rows.map(([what]) => what)).toEqual(names.map((name) => `ResNet20 on ${name}`));
    for (const [, ...cells] of rows) expectNumbers(cells.slice(0, 3), 3);
  });

  it.skipIf(!withWebgpu)(`hand-over${withoutWebgpu}`, () => {
    const steps = rowsBelow("the processor's part of a step on webgpu (ms)");
    const predictions = rowsBelow("the processor's part of a prediction on webgpu (ms)");
    for (const [rows, count] of [[steps, 5] as const, [predictions, 4] as const]) {
      expect(rows.map(([what]) => what)).toEqual(["CIFAR ResNet-20"]);
      expectNumbers(rows[0]?.slice(1) ?? [], count);
    }
  });

  it.skipIf(!withOnnx)(`parts${withoutOnnx}`, () => {
    const rows = rowsBelow("training on onnx");
    expect(rows.map((cells) => cells[1])).toEqual(["1", "2"]);
    for (const [, ...cells] of rows) {
      expectNumbers(cells.slice(0, 4), 4);
      expect(cells[4]).toMatch(/^[0-9a-f]{8}$/);
    }
  });

  it.skipIf(!withOnnx)(`data${withoutOnnx}`, () => {
    const rows = rowsBelow("making batches (images/s)");
    expect(rows).toHaveLength(7);
    for (const [what = "", ...cells] of rows) {
      expect(cells).toHaveLength(3);
      const wanted = what.startsWith("training ") ? rate : number;
      for (const cell of cells) {
        expect(cell).toMatch(wanted);
        expect(Number.parseInt(cell)).toBeGreaterThan(0);
      }
    }
  });

  it("lint", () => {
    const rows = rowsBelow("lint of 20 specs");
    expect(rows).toHaveLength(5);
    for (const [what, ...cells] of rows) {
      expectNumbers(cells, what?.includes("nothing to lint") ? 2 : 4);
    }
  });

  it("lsp", () => {
    const rows = rowsBelow("spec                    kB");
    expect(rows.map(([name]) => name)).toEqual(["specs/resnet152.resnet", "generated, 3 blocks"]);
    for (const [, ...cells] of rows) expectNumbers(cells, 8);
  });

  it("ends with 0 where all that is here was measured", () => {
    if (withOnnx && withWebgpu) expect(bench.status).toBe(0);
    expect(bench.stdout).not.toContain("NaN");
  });
});
