/** The package in surroundings that are not a developer's: nothing sent, no home, no optional packages, a process that ends. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engines } from "../../src/engines/registry.js";
import { buildPackage, spec, start, type Ended } from "../cli/built-command.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");
const onnx = await engines.find(({ name }) => name === "onnx")?.probe();
const withoutOnnx = onnx?.available === true ? "" : " (SKIPPED: no ONNX Runtime here)";

const run = (given: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(built, given, { cwd, env }).ended;

/** A project with a program that has the package installed. */
async function project(program: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "node_modules"));
  await symlink(built, join(folder, "node_modules", "resnetc"));
  await writeFile(join(folder, "program.mjs"), program);
  return folder;
}

test.skipIf(withoutOnnx !== "")(
  `ONNX Runtime sends its maker nothing, and keeps nothing to send${withoutOnnx}`,
  async () => {
    const cwd = await temporaryFolder();
    const home = join(cwd, "home");
    await mkdir(home);
    const env = { HOME: home, XDG_CACHE_HOME: "", ORT_DISABLE_TELEMETRY: undefined };
    const data = ["--data", "shapes(size: 32, classes: 4, train: 32, validation: 16)"];
    const given = ["train", quick, "--engine", "onnx", "--epochs", "1", "--batch", "16", ...data];
    const { status, stderr } = await run(given, cwd, env);
    expect(stderr).not.toContain("telemetry");
    expect(status).toBe(0);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  },
);

test.each(engines.map(({ name }) => name).filter((name) => !/gpu/.test(name)))(
  "a network that is loaded and never asked does not hold the process: %s",
  async (name) => {
    if ((await engines.find((each) => each.name === name)?.probe())?.available !== true) {
      console.warn(`SKIPPED: the engine ${name} is not here`);
      return;
    }
    const folder = await project(`
      import { loadNetwork } from "resnetc";
      const network = await loadNetwork(${JSON.stringify(quick)}, { engine: "${name}" });
      await network.logits(new Float32Array(3), [1, 1, 1, 3]).catch((error) => console.log(error.name));
    `);
    const output = execFileSync(process.execPath, ["program.mjs"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(output).toBe("TrainingError\n");
  },
);

/** Makes Node find no binary of sharp's, as where optional packages were left out. */
const withoutSharp =
  "--import=data:text/javascript," +
  encodeURIComponent(
    'import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(' +
      JSON.stringify(
        'export async function resolve(name, context, next) { if (name === "sharp") throw new Error("Could not load the sharp module"); return next(name, context); }',
      ) +
      "));",
  );

test("without sharp, all works that needs no image, and the rest says how to get it", async () => {
  const env = { NODE_OPTIONS: withoutSharp };
  const folder = await project(`
    import { check } from "resnetc";
    console.log(check(${JSON.stringify(quick)}).ok);
  `);
  const program = join(folder, "program.mjs");
  const options = { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" } as const;
  expect(execFileSync(process.execPath, [program], options)).toBe("true\n");

  const data = "shapes(size: 32, classes: 4, train: 32, validation: 16)";
  const given = ["train", quick, "--engine", "wasm", "--epochs", "1", "--batch", "16"];
  const trained = await run([...given, "--data", data], folder, env);
  expect(trained.stderr).not.toContain("error");
  expect(trained.status).toBe(0);
  expect(existsSync(join(folder, "runs", "quickstart", "report.html"))).toBe(true);

  await writeFile(join(folder, "cat.png"), "");
  for (const wanting of [
    ["predict", quick, "--engine", "wasm", "cat.png"],
    ["diagram", quick, "-o", "quick.png"],
  ]) {
    const { status, stderr } = await run(wanting, folder, env);
    expect(stderr).toContain("images cannot be read or written: Could not load the sharp module");
    expect(stderr.replace(/\s+/g, " ")).toContain("npm install --include=optional sharp");
    expect(status).toBe(2);
  }
});
