/** ResNet-50's forward pass: resnetc's engine onnx, PyTorch, and ONNX Runtime on PyTorch's own export. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, table } from "../measure.js";
import { resnet50, type Case } from "./cases.js";
import { JobError, pythonAnswer } from "./child.js";
import { engineContender, present, pytorchContender, type Machine } from "./contenders.js";
import type { Repeats, Timing } from "./job.js";
import { measureInTurn, peak, ratioCells, speedRatio, type Contender } from "./rounds.js";
import type { Effort } from "./training.js";

export function benchInference(machine: Machine, { rounds, steps }: Effort): string {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-bench-"));
  try {
    const tables = [1, 8].map((batch) => {
      const of = { ...resnet50, batch, title: `ResNet-50 at 224, batch ${batch}` };
      const repeats = { warmup: 3, steps: steps ?? (batch === 1 ? 40 : 10) };
      return benchBatch(machine, of, repeats, rounds, join(folder, `batch${batch}.onnx`));
    });
    return tables.join("\n\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchBatch(
  machine: Machine,
  of: Case,
  repeats: Repeats,
  rounds: number,
  file: string,
): string {
  const pytorch = pytorchContender(machine, "predict", of, repeats);
  const contenders = present([
    engineContender(machine, "onnx", "predict", of, repeats),
    pytorch,
    exportContender(machine, of, repeats, file),
  ]);
  const measured = measureInTurn(contenders, rounds);
  const rows = [...measured]
    .filter(([, timings]) => timings.length > 0)
    .map(([contender, timings]) => {
      const all = timings.flatMap(({ milliseconds }) => milliseconds);
      const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
      const ratio =
        pytorch === undefined || contender === pytorch
          ? undefined
          : speedRatio(measured, contender, pytorch);
      const cells = [median(all).toFixed(1), range, ...ratioCells(ratio), peak(timings)];
      return [`  ${contender.name}`, ...cells];
    });
  const columns = ["ms per batch", "range", "x PyTorch's speed", "range", "peak memory (MB)"];
  return table([[`inference, ${of.title}`, ...columns], ...rows]);
}

/** ONNX Runtime for Python on torchvision's network. Undefined where it cannot be had, which is said. */
function exportContender(
  { python, threads }: Machine,
  { name: model, batch, extent }: Case,
  { warmup, steps }: Repeats,
  file: string,
): Contender | undefined {
  if (python === undefined) return undefined;
  const { command, versions } = python;
  const absent = ["onnx", "onnxscript", "onnxruntime"].filter((name) => !(name in versions));
  if (absent.length > 0) {
    console.log(
      `LEFT OUT: ONNX Runtime on PyTorch's export: ${command} has no ${absent.join(", ")}`,
    );
    return undefined;
  }
  const sizes = { batch, extent, threads, file };
  try {
    pythonAnswer(command, { work: "export", model, ...sizes });
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    console.log(`LEFT OUT: ONNX Runtime on PyTorch's export: the export ${error.message}`);
    process.exitCode = 1;
    return undefined;
  }
  return {
    name: "ONNX Runtime for Python, PyTorch's export",
    batch,
    measure: () =>
      pythonAnswer(command, { work: "onnxruntime", ...sizes, warmup, steps }) as Timing,
  };
}
