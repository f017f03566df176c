/** Bundles the tests of the engine webgpu with vitest's runner, for a machine that has neither vitest nor sources. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../../src/host/node-host.js";
import { noticesOf } from "../notices.js";
import { besideTraining } from "../source-bundle.mjs";

/** What every test that runs on a GPU imports. */
const onGpu = /from "[^"]*\/device\.js"/;
/** They start sources of the repository in processes of their own. */
const startSources = /^test\/(scripts\/|engines\/webgpu\/(given-back|library)\.test\.ts$)/;

const root = packageRoot();

/** Files of tests by the names of their bundles, which are their paths. */
function testsOnGpu(): Readonly<Record<string, string>> {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts") && !startSources.test(file))
    .filter((file) => onGpu.test(readFileSync(join(root, file), "utf8")));
  return Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ""), file]));
}

/** Puts `run.js` and a bundle for each file of tests into a folder. */
export async function bundleTests(folder: string, tests = testsOnGpu()): Promise<void> {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: {
      run: "scripts/gpu/tests/run.ts",
      // What sessions and data sets start from beside their bundle.
      worker: "src/engines/onnx/worker.js",
      ...besideTraining,
      ...tests,
    },
    outdir: folder,
    bundle: true,
    // One runner, and one backend, for a file and what it imports.
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    alias: { vitest: "./scripts/gpu/tests/vitest.ts" },
    external: Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => [
      name,
      `${name}/*`,
    ]),
  });
  // Whose code is in the bundles.
  writeFileSync(join(folder, "LICENSES.txt"), noticesOf(root, Object.keys(metafile.inputs)));
}
