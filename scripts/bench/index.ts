/**
 * `npm run bench`: prints every figure of docs/results.md that this machine can measure. Each part
 * runs in a process of its own, so that its peak memory is its own.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { benchCheck } from "./check.js";
import { benchData } from "./data.js";
import { benchEngines, benchEnginesJob } from "./engines/index.js";
import { benchHandOver } from "./hand-over.js";
import { benchLanguageServer } from "./language-server.js";
import { benchLint } from "./lint.js";
import { table } from "./measure.js";
import { benchFormat } from "./format.js";
import { benchParts, benchPartsJob } from "./parts.js";
import { benchLowering, benchTraining } from "./training.js";
import { benchWasmGradients } from "./wasm-gradients.js";

async function gradients(): Promise<string> {
  const rows = await benchWasmGradients();
  const title = [
    "wasm, batch 8, 3x3 (GFLOP/s)",
    "forward",
    "stock dx",
    "our dx",
    "ratio",
    "our dw",
  ];
  return table([
    title,
    ...rows.map((row) => [
      row.layer,
      row.forward.toFixed(1),
      row.stockInputGradient.toFixed(1),
      row.inputGradient.toFixed(1),
      row.ratio.toFixed(1),
      row.filterGradient.toFixed(1),
    ]),
  ]);
}

const parts: Readonly<Record<string, () => string | Promise<string>>> = {
  check: benchCheck,
  format: benchFormat,
  lowering: benchLowering,
  training: benchTraining,
  gradients,
  engines: benchEngines,
  "hand-over": benchHandOver,
  parts: benchParts,
  data: benchData,
  lint: benchLint,
  lsp: benchLanguageServer,
};

const [part, job] = process.argv.slice(2);
if (part === undefined) {
  const [processor] = cpus();
  console.log(`Node ${process.version}, ${cpus().length} x ${processor?.model ?? "?"}\n`);
  for (const name of Object.keys(parts)) {
    const script = fileURLToPath(import.meta.url);
    const { status } = spawnSync(process.execPath, [script, name], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
    console.log();
  }
} else if (part === "engines-job") {
  console.log(await benchEnginesJob(job ?? ""));
} else if (part === "parts-job") {
  console.log(await benchPartsJob(job ?? ""));
} else {
  const run = parts[part];
  if (run === undefined) {
    console.error(`there is no part ${part}; choose one of ${Object.keys(parts).join(", ")}`);
    process.exitCode = 2;
  } else console.log(await run());
}
