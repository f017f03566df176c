/** What is said where ONNX Runtime is missing, of another version or broken, and which engine steps in. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Engine } from "../../../src/engines/engine.js";
import { onnx } from "../../../src/engines/onnx.js";
import { probeRuntime, resolveRuntime, runtimeVersion } from "../../../src/engines/onnx/library.js";
import { selectEngine } from "../../../src/engines/registry.js";
import { wasm } from "../../../src/engines/wasm.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-onnx-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The entry of a package of this code, installed in the folder. */
async function installed(code: string): Promise<string | undefined> {
  const home = join(folder, "node_modules", "onnxruntime-node");
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, "package.json"),
    JSON.stringify({ name: "onnxruntime-node", main: "index.js" }),
  );
  await writeFile(join(home, "index.js"), code);
  return resolveRuntime(join(folder, "index.js"));
}

it("says that the package is not installed, and how to install it", async () => {
  expect(resolveRuntime(join(folder, "index.js"))).toBeUndefined();
  // Nothing is resolved for an entry that is left out on purpose.
  const missing = await probeRuntime(resolveRuntime(join(folder, "index.js")) ?? "missing");
  expect(missing.available).toBe(false);
  expect(missing.remedy).toContain(`npm install onnxruntime-node@${runtimeVersion}`);
});

it("refuses another version, whose blocked operators may differ", async () => {
  const entry = await installed(`exports.env = { versions: { node: "1.29.0" } };`);
  const { available, detail, remedy } = await probeRuntime(entry);
  expect(available).toBe(false);
  expect(detail).toBe(`onnxruntime-node is 1.29.0, and resnetc needs ${runtimeVersion}`);
  expect(remedy).toContain(`npm install onnxruntime-node@${runtimeVersion}`);
});

it("survives a library that is not made for this processor", async () => {
  const illegal = await probeRuntime(await installed(`process.kill(process.pid, "SIGILL");`));
  expect(illegal.detail).toMatch(/its library does not load: loading it ended with SIGILL/);
  const missing = await probeRuntime(
    await installed(`process.dlopen({ exports: {} }, __dirname + "/binding.node");`),
  );
  expect(missing.detail).toMatch(/its library does not load: .*binding\.node/);
  expect(missing.detail).not.toContain("\n");
});

it("gives way to the next engine with a reason", async () => {
  const broken: Engine = {
    ...onnx,
    probe: async () => probeRuntime(await installed(`throw new Error("no such processor");`)),
  };
  const { engine, why } = await selectEngine("auto", [broken, wasm]);
  expect(engine).toBe(wasm);
  expect(why).toMatch(/onnx is not available: .* does not load: no such processor/);
});
