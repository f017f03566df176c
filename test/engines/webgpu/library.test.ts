/** What is said, in processes of their own, where there is no GPU or no package; and where both are there. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { swiftShader, testDevice, withoutDevice } from "./device.js";
import { availabilityOf } from "../../../src/engines/webgpu.js";
import { findLibrary, resolveWebgpu } from "../../../src/engines/webgpu/library.js";
import { buildPackage, repository, spec, start } from "../../cli/built-command.js";

const built = buildPackage({ types: false });
const installed = resolveWebgpu() !== undefined;
const withoutSwiftShader =
  testDevice === "swiftshader" ? "" : withoutDevice || " (SKIPPED: for SwiftShader alone)";
const withoutPackage = installed ? "" : " (SKIPPED: the package webgpu is not installed)";

const tinySpec = `
network Tiny(classes = 3) {
  input 16x16x3
  stem { conv 3x3, 4, /2 -> batchnorm -> relu }
  head classify { globalavgpool -> dense classes }
}

train tiny for Tiny {
  data shapes(size: 16, classes: 3, train: 16, validation: 4)
  loss crossentropy
  optimizer sgd(0.1)
  batch 8
  epochs 1
}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-webgpu-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The entry of a package of this code, installed in the folder. */
async function packageOf(code: string): Promise<string | undefined> {
  const home = join(folder, "node_modules", "webgpu");
  await mkdir(home, { recursive: true });
  const manifest = { name: "webgpu", version: "9.9.9", main: "index.js", type: "module" };
  await writeFile(join(home, "package.json"), JSON.stringify(manifest));
  await writeFile(join(home, "index.js"), code);
  return resolveWebgpu(join(folder, "index.js"));
}

it("says that the package is not installed, how to install it, and goes on", async () => {
  expect(resolveWebgpu(join(folder, "index.js"))).toBeUndefined();
  const bare = buildPackage({ types: false });
  const [modules, all] = [join(bare, "node_modules"), join(repository, "node_modules")];
  await rm(modules);
  await mkdir(modules);
  for (const name of await readdir(all)) {
    if (name !== "webgpu") await symlink(join(all, name), join(modules, name));
  }
  const given = ["train", spec("quickstart.resnet"), "--engine", "webgpu"];
  const { status, stderr } = await start(bare, given, { cwd: folder }).ended;
  expect(status).toBe(2);
  expect(stderr).toContain("the engine webgpu cannot run: the package webgpu is not installed");
  expect(stderr).toContain("npm install webgpu");
  const listed = await start(bare, ["engines"], { cwd: folder }).ended;
  expect(listed.status).toBe(0);
  expect(listed.stdout).toContain("the package webgpu is not installed");
});

it("survives a library that does not load, or that ends its process", async () => {
  const broken = await findLibrary(await packageOf(`throw new Error("no such file");`));
  expect(broken).toMatchObject({
    problem: "webgpu is installed, but its library does not load: no such file",
  });
  const crashing = await findLibrary(await packageOf(`process.kill(process.pid, "SIGSEGV");`));
  expect(crashing).toMatchObject({
    problem: "webgpu is installed, but its library does not load: loading it ended with SIGSEGV",
  });
});

it("takes what Dawn lists", async () => {
  const entry = await packageOf(`
    export const globals = {};
    export const create = (options) => ({
      requestAdapter: async () => {
        if (!options.some((option) => option.startsWith("backend="))) {
          throw new Error("no suitable backends found\\nAvailable adapters:\\n" +
            " * backend: 'vulkan', name: 'It's a GPU'\\n * backend: 'opengles', name: 'Old'\\n");
        }
        const info = { vendor: "nvidia", architecture: "", description: "d", isFallbackAdapter: false };
        return options.includes("adapter=It's a GPU") ? { info } : null;
      },
    });
  `);
  expect(await findLibrary(entry)).toEqual({
    entry,
    version: "9.9.9",
    adapters: [
      {
        name: "It's a GPU",
        backend: "vulkan",
        vendor: "nvidia",
        architecture: "",
        driver: "d",
        kind: "discrete",
      },
    ],
    passedOver: [],
  });
});

it("leaves out a GPU that Dawn takes for another, and says so", async () => {
  const entry = await packageOf(`
    export const globals = {};
    const names = ["RTX 4070 Ti", "RTX 4070"];
    export const create = (options) => ({
      requestAdapter: async () => {
        const wanted = options.find((option) => option.startsWith("adapter=R"))?.slice("adapter=".length);
        if (wanted === undefined) {
          throw new Error("Available adapters:\\n" +
            names.map((name) => " * backend: 'vulkan', name: '" + name + "'\\n").join(""));
        }
        const device = names.find((name) => name.includes(wanted)).toLowerCase().replaceAll(" ", "-");
        return { info: { vendor: "nvidia", architecture: "", device, description: "d", isFallbackAdapter: false } };
      },
    });
  `);
  expect(await findLibrary(entry)).toMatchObject({
    adapters: [{ name: "RTX 4070 Ti" }],
    passedOver: ["RTX 4070 cannot be told from RTX 4070 Ti by its name"],
  });
});

it("says what an adapter lacks that Dawn passes over", async () => {
  const entry = await packageOf(`
    export const globals = {};
    export const create = () => ({
      requestAdapter: async () => {
        for (let time = 0; time < 2; time++) {
          process.stderr.write("Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\\n" +
            " - While initializing adapter (backend=BackendType::Vulkan)\\n");
        }
        return null;
      },
    });
  `);
  const found = await findLibrary(entry);
  const lacks = "Vulkan shaderUniform*ArrayDynamicIndexing required";
  expect(found).toMatchObject({ adapters: [], passedOver: [lacks] });
  expect(availabilityOf(found)).toMatchObject({
    available: false,
    detail: `no GPU adapter can be used: its driver does not have what WebGPU needs (${lacks})`,
    remedy: expect.stringContaining("newer driver") as string,
  });
});

it.skipIf(!installed)(`says that there is no GPU, and goes on${withoutPackage}`, async () => {
  // A driver that does not exist is no driver.
  const none = join(folder, "none.json");
  const env = { VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none, COLUMNS: "80" };
  const given = ["train", spec("quickstart.resnet"), "--engine", "webgpu"];
  const { status, stderr } = await start(built, given, { cwd: folder, env }).ended;
  expect(status).toBe(2);
  expect(stderr).toContain("the engine webgpu cannot run: no GPU adapter");
  expect(stderr).toContain("install the GPU's driver with Vulkan");
});

it.skipIf(testDevice !== "swiftshader")(
  `refuses a GPU in software unless it is named${withoutSwiftShader}`,
  { timeout: 600_000 },
  async () => {
    const found = await findLibrary();
    expect(availabilityOf(found)).toMatchObject({ available: false });
    expect(availabilityOf(found, "swiftshader")).toMatchObject({ available: true });
    const env = { VK_ICD_FILENAMES: swiftShader };
    const run = (...given: string[]) => start(built, given, { cwd: folder, env }).ended;
    const quickstart = spec("quickstart.resnet");
    const refused = await run("train", quickstart, "--engine", "webgpu");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("there is no GPU: SwiftShader");
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(
      '`--device "SwiftShader Device (Subzero)"` takes it all the same',
    );
    const unknown = await run("train", quickstart, "--device", "radeon");
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('no GPU here has "radeon" in its name');
    expect(unknown.stderr).toContain("SwiftShader Device");
    const other = await run("train", quickstart, "--engine", "wasm", "--device", "swift");
    expect(other.stderr).toContain("the engine wasm has no devices to choose from");
    const tiny = join(folder, "tiny.resnet");
    await writeFile(tiny, tinySpec);
    const trained = await run("train", tiny, "--device", "swift");
    expect(trained.stderr + trained.stdout).toContain("on SwiftShader Device (Subzero)");
    expect(trained.status).toBe(0);
  },
);
