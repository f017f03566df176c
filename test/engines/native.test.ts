import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineError } from "../../src/engines/engine.js";
import { probeNative } from "../../src/engines/native-package.js";
import { nativeEngine } from "../../src/engines/native.js";
import { engines, selectEngine } from "../../src/engines/registry.js";
import { smallResNet } from "./networks.js";

const name = "@tensorflow/tfjs-node";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-native-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Installs a package of this code in the folder, and resolves from there. */
async function installed(code: string, gpu = false) {
  const home = join(folder, "node_modules", name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), JSON.stringify({ name, main: "index.js" }));
  await writeFile(join(home, "index.js"), code);
  return { name, gpu, from: join(folder, "index.js") };
}

describe("a native package", () => {
  it("says that it is not installed and how to install it", async () => {
    expect(await probeNative({ name, gpu: false, from: join(folder, "index.js") })).toEqual({
      available: false,
      detail: "the package @tensorflow/tfjs-node is not installed",
      remedy: "npm install @tensorflow/tfjs-node",
    });
  });

  it("says in one line why its library does not load", async () => {
    const native = await installed(`
      process.dlopen({ exports: {} }, require("node:path").join(__dirname, "tfjs_binding.node"));
    `);
    const { available, detail, remedy } = await probeNative(native);
    expect(available).toBe(false);
    expect(detail).toMatch(/its native library does not load: .*tfjs_binding\.node/);
    expect(detail).not.toContain("\n");
    expect(remedy).toContain("npm install @tensorflow/tfjs-node");
  });

  it("survives a library that ends the process", async () => {
    const { detail } = await probeNative(await installed("process.kill(process.pid, 'SIGSEGV');"));
    expect(detail).toMatch(/loading it ended with SIGSEGV/);
    const aborted = await probeNative(await installed("process.exit(3);"));
    expect(aborted.detail).toMatch(/loading it ended with status 3/);
  });

  it("gives the versions of one that loads, whatever that prints", async () => {
    const code = `
      console.log("a greeting");
      console.error("a warning");
      exports.version = { "tfjs-node": "4.22.0" };
      exports.backend = () => ({ binding: { TF_Version: "2.9.1" }, isUsingGpuDevice: false });
    `;
    expect(await probeNative(await installed(code))).toEqual({
      available: true,
      detail: "TensorFlow.js 4.22.0 on TensorFlow 2.9.1",
    });
    const gpu = await probeNative(await installed(code, true));
    expect(gpu.detail).toBe(`${name} loads, but TensorFlow finds no GPU that it can use`);
    expect(gpu.remedy).toMatch(/CUDA 11\.2/);
  });

  it("makes an engine that refuses to open with the same words", async () => {
    const native = { name, gpu: false, from: join(folder, "index.js") };
    const opened = nativeEngine("node", "for a test", native).open(smallResNet());
    await expect(opened).rejects.toBeInstanceOf(EngineError);
    await expect(opened).rejects.toMatchObject({
      message: "the engine node cannot run: the package @tensorflow/tfjs-node is not installed",
      help: "npm install @tensorflow/tfjs-node",
    });
  });
});

describe("selectEngine", () => {
  const absent = nativeEngine("node", "absent", {
    name: "@tensorflow/not-there",
    gpu: false,
    from: import.meta.url,
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
