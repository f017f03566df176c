import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineError } from "../../src/engines/engine.js";
import { probeNative, type NativePackage } from "../../src/engines/native-package.js";
import { nativeEngine } from "../../src/engines/native.js";
import { engines, selectEngine } from "../../src/engines/registry.js";
import { buildCommand } from "../../src/engines/tensorflow-build.js";
import { smallResNet } from "./networks.js";

const name = "@tensorflow/tfjs-node";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-native-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What is installed in the folder, or built in a folder in it. */
function native(gpu = false): NativePackage {
  return { name, gpu, from: join(folder, "index.js"), build: join(folder, "build") };
}

/** Installs a package of this code in the folder, or where a build would have it. */
async function installed(code: string, { gpu = false, built = false } = {}) {
  const home = join(folder, built ? "build" : ".", "node_modules", name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), JSON.stringify({ name, main: "index.js" }));
  await writeFile(join(home, "index.js"), code);
  return native(gpu);
}

const loads = (version: string): string => `
  console.log("a greeting");
  console.error("a warning");
  exports.version = { "tfjs-node": "4.22.0" };
  exports.backend = () => ({ binding: { TF_Version: "${version}" }, isUsingGpuDevice: false });
`;
const command = buildCommand(false) ?? `npm install ${name}`;

describe("a native package", () => {
  it("says that it is not installed and how to install it", async () => {
    const { available, detail, remedy } = await probeNative(native());
    expect(available).toBe(false);
    expect(detail).toBe("the package @tensorflow/tfjs-node is not installed");
    expect(remedy).toContain(command);
  });

  it("says in one line why its library does not load", async () => {
    const code = `
      process.dlopen({ exports: {} }, require("node:path").join(__dirname, "tfjs_binding.node"));
    `;
    const { available, detail, remedy } = await probeNative(await installed(code));
    expect(available).toBe(false);
    expect(detail).toMatch(/installed, but its native library does not load: .*tfjs_binding\.node/);
    expect(detail).not.toContain("\n");
    expect(remedy).toContain(command);
    expect((await probeNative(await installed(code, { built: true }))).detail).toMatch(
      / is built, /,
    );
  });

  it("says that it was installed without its library", async () => {
    const code = `throw new Error(
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /a/b. \\nPlease");`;
    const { detail } = await probeNative(await installed(code));
    expect(detail).toBe("@tensorflow/tfjs-node is installed without its native library");
  });

  it("survives a library that ends the process", async () => {
    const { detail } = await probeNative(await installed("process.kill(process.pid, 'SIGSEGV');"));
    expect(detail).toMatch(/loading it ended with SIGSEGV/);
    const aborted = await probeNative(await installed("process.exit(3);"));
    expect(aborted.detail).toMatch(/loading it ended with status 3/);
  });

  it("gives the versions of one that loads, whatever that prints", async () => {
    expect(await probeNative(await installed(loads("2.9.1")))).toEqual({
      available: true,
      detail: "TensorFlow.js 4.22.0 on TensorFlow 2.9.1",
    });
    const gpu = await probeNative(await installed(loads("2.9.1"), { gpu: true }));
    expect(gpu.detail).toBe(`${name} loads, but TensorFlow finds no GPU that it can use`);
    expect(gpu.remedy).toMatch(/^see that nvidia-smi shows an NVIDIA GPU and its driver; then /);
  });

  it("prefers the build to what is installed", async () => {
    await installed(loads("2.9.1"));
    const { detail } = await probeNative(await installed(loads("2.21.0"), { built: true }));
    expect(detail).toBe("TensorFlow.js 4.22.0 on TensorFlow 2.21.0");
    const gpu = await probeNative(native(true));
    expect(gpu.remedy).toMatch(/or use the engine node$/);
  });

  it("has what Node 23 took out of util", async () => {
    const code = `
      const util = require("util");
      if (!util.isNullOrUndefined(undefined) || !util.isNullOrUndefined(null)) throw new Error("absent");
      if (util.isNullOrUndefined(0) || !util.isArray([])) throw new Error("wrong");
    `;
    const without = `delete require("util").isNullOrUndefined; delete require("util").isArray;`;
    const preloaded = join(folder, "without.cjs");
    await writeFile(preloaded, without);
    vi.stubEnv("NODE_OPTIONS", `--require ${preloaded}`);
    const { detail } = await probeNative(await installed(`${code}${loads("2.21.0")}`));
    vi.unstubAllEnvs();
    expect(detail).toBe("TensorFlow.js 4.22.0 on TensorFlow 2.21.0");
  });

  it("makes an engine that refuses to open with the same words", async () => {
    const opened = nativeEngine("node", "for a test", native()).open(smallResNet());
    await expect(opened).rejects.toBeInstanceOf(EngineError);
    await expect(opened).rejects.toMatchObject({
      message: "the engine node cannot run: the package @tensorflow/tfjs-node is not installed",
      help: expect.stringContaining(command) as string,
    });
  });
});

describe("selectEngine", () => {
  const absent = nativeEngine("node", "absent", {
    name: "@tensorflow/not-there",
    gpu: false,
    from: import.meta.url,
    build: "no such folder",
  });
  const present = engines.filter(({ name: engine }) => engine === "wasm" || engine === "cpu");

  it("lists the engines in order of preference", () => {
    const names = engines.map((engine) => engine.name);
    expect(names).toEqual(["node-gpu", "webgpu", "onnx", "node", "wasm", "cpu"]);
  });

  it("takes the first that is available and says why", async () => {
    const { engine, why } = await selectEngine("auto", [absent, ...present]);
    expect(engine.name).toBe("wasm");
    expect(why).toMatch(
      /^wasm is the best engine here \(TensorFlow\.js 4\.\d+\.\d+\); node is not available: the package @tensorflow\/not-there is not installed\.$/,
    );
  });

  it("takes the one that is asked for, or says what is missing", async () => {
    expect((await selectEngine("cpu")).engine.name).toBe("cpu");
    await expect(selectEngine("node", [absent])).rejects.toThrow("the engine node cannot run");
    await expect(selectEngine("cuda" as "cpu")).rejects.toMatchObject({
      message: "there is no engine cuda",
      help: "choose auto or one of: node-gpu, webgpu, onnx, node, wasm, cpu",
    });
  });
});
