/**
 * `npm run bench`: prints every figure of docs/results.md that this machine can measure. Each part
 * runs in a process of its own, so that its peak memory is its own.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { oneOf, parsedWords, runScript, ScriptError, WrongWords } from "../command-line.js";
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

async function gradients(tiny: boolean): Promise<string> {
  const rows = await benchWasmGradients(tiny);
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

const parts: Readonly<Record<string, (tiny: boolean) => string | Promise<string>>> = {
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

const names = Object.keys(parts);

const usage = `usage: npm run bench -- [PART] [--tiny]
Prints the figures of docs/results.md that this machine can measure. PART is
${names.slice(0, 7).join(", ")},
${names.slice(7).join(", ")}; all of them where it is left out.
--tiny  so little of each that it shows no more than that it works`;

/** Each part in a process of its own, so that its peak memory is its own. */
function runAll(tiny: boolean): void {
  const [processor] = cpus();
  console.log(`Node ${process.version}, ${cpus().length} x ${processor?.model ?? "?"}\n`);
  const script = fileURLToPath(import.meta.url);
  for (const name of names) {
    const given = [script, name, ...(tiny ? ["--tiny"] : [])];
    const { status, signal } = spawnSync(process.execPath, given, { stdio: "inherit" });
    if (status !== 0) {
      console.error(`error: the part ${name} ended with ${signal ?? status}`);
      process.exitCode = 1;
    }
    console.log();
  }
}

await runScript(usage, async (given) => {
  const [kind, job] = given;
  if (kind === "engines-job") return console.log(await benchEnginesJob(job ?? ""));
  if (kind === "parts-job") return console.log(await benchPartsJob(job ?? ""));
  const { values, positionals } = parsedWords({
    args: [...given],
    allowPositionals: true,
    options: { tiny: { type: "boolean", default: false } },
  });
  const [part, more] = positionals;
  if (more !== undefined) throw new WrongWords(`it takes one part, and was given ${more} too`);
  if (!existsSync(join("dist", "command.cjs"))) {
    throw new ScriptError("resnetc is not built in this folder", "npm run build");
  }
  if (part === undefined) return runAll(values.tiny);
  const run = parts[oneOf("PART", part, names)];
  console.log(await run?.(values.tiny));
});
