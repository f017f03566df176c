/** Runs a TypeScript file of this repository: `node scripts/run.mjs scripts/bench/index.ts ARGUMENTS`. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { besideTraining, sourceBundle } from "./source-bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node scripts/run.mjs FILE.ts [ARGUMENT…]");
  process.exit(2);
}
if (!existsSync(entry)) {
  console.error(`error: there is no file ${entry}`);
  process.exit(2);
}
// Beside `src`, so that what the code finds relative to itself is where it expects it.
const folder = fileURLToPath(new URL("../dist/scripts", import.meta.url));
mkdirSync(folder, { recursive: true });
// By the whole path, so that scripts that run side by side do not overwrite each other.
const name = relative(process.cwd(), entry)
  .replace(/\.ts$/, "")
  .replaceAll(/[^\w-]+/g, "-");
const outfile = join(folder, `${name}.js`);
const { outputFiles } = await build({
  // A session of the engine onnx, and a data set, start their threads from the files beside them.
  entryPoints: {
    [name]: entry,
    ...Object.fromEntries(
      Object.entries({ worker: "src/engines/onnx/worker.js", ...besideTraining }).map(
        ([name, source]) => [name, fileURLToPath(new URL(`../${source}`, import.meta.url))],
      ),
    ),
  },
  outdir: folder,
  ...sourceBundle,
  write: false,
});
// Whole or not at all, as another script may be reading what they share.
for (const { path, contents } of outputFiles) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
const child = spawn(process.execPath, ["--expose-gc", outfile, ...rest], { stdio: "inherit" });
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
