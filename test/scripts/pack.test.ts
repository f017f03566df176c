/** What `npm run pack` gathers is all that the command needs, and what is left out of it is missed. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { closureOf, filesOf } from "../../scripts/pack/closure.js";
import { gather, type Part } from "../../scripts/pack/gather.js";
import { tryFolder } from "../../scripts/pack/try-out.js";

const place = mkdtempSync(join(tmpdir(), "resnetc-pack-test-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("what is gathered", { timeout: 300_000 }, () => {
  const folder = join(place, "resnetc");
  const data = join(place, "images");
  let parts: readonly Part[] = [];
  beforeAll(async () => {
    mkdirSync(join(data, "cats"), { recursive: true });
    writeFileSync(join(data, "cats", "1.png"), "no image");
    parts = await gather(folder, data, false);
  }, 300_000);

  it("runs with nothing else in reach", () => {
    const said: string[] = [];
    tryFolder(folder, (line) => said.push(line));
    expect(said.at(-1)).toBe("unpacked, it checks, trains on wasm and finds its packages");
    expect(said.filter((line) => /^unpacked, (wasm|cpu): TensorFlow\.js /.test(line))).toHaveLength(
      2,
    );
    expect(said.find((line) => line.startsWith("unpacked, onnx: "))).toContain("not installed");
  });

  it("has the data and the tests on a GPU, and no vitest, types or packages for another system", () => {
    expect(existsSync(join(folder, "data", "cats", "1.png"))).toBe(true);
    for (const beside of ["data-worker.js", "data-decoder.js", "page-script.js"]) {
      expect(existsSync(join(folder, "dist", "chunks", beside))).toBe(true);
      expect(existsSync(join(folder, "dist", "scripts", beside))).toBe(true);
    }
    for (const each of ["run.js", "LICENSES.txt", "test/engines/tfjs/operations.test.js"]) {
      expect(existsSync(join(folder, "dist", "gpu-tests", each))).toBe(true);
    }
    const packages = readdirSync(join(folder, "node_modules"));
    expect(packages).not.toContain("vitest");
    expect(packages).not.toContain("onnxruntime-node");
    expect(readdirSync(join(folder, "node_modules", "webgpu", "dist"))).toEqual([
      `${process.platform}-${process.arch}`,
    ]);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /\.d\.ts$|\.map$/.test(file))).toEqual([]);
    expect(parts.find(({ name }) => name === "node")?.bytes).toBeGreaterThan(10e6);
  });

  it.each([
    ["a package", "node_modules/@tensorflow/tfjs-layers"],
    ["a spec", "specs/resnet50.resnet"],
    ["the script", "dist/scripts/gpu.js"],
  ])("does not pass where %s is missing", (_what, path) => {
    const [from, aside] = [join(folder, path), join(place, "aside")];
    renameSync(from, aside);
    try {
      expect(() => tryFolder(folder, () => undefined)).toThrow(/ended with [1-9]/);
    } finally {
      renameSync(aside, from);
    }
  });
});

describe("the closure of a package", () => {
  const root = join(place, "made-up");
  function write(path: string, content: object | string): void {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
  beforeAll(() => {
    write("package.json", {
      dependencies: { a: "1", left: "1" },
      optionalDependencies: { absent: "1", o: "1" },
      devDependencies: { d: "1" },
    });
    write("node_modules/a/package.json", { dependencies: { b: "2", c: "1" } });
    write("node_modules/a/node_modules/b/package.json", { version: "2.0.0" });
    write("node_modules/b/package.json", { version: "1.0.0" });
    write("node_modules/c/package.json", { dependencies: { a: "1" } });
    write("node_modules/o/package.json", { dependencies: { b: "1" } });
    write("node_modules/d/package.json", {});
    write("node_modules/left/package.json", { dependencies: { d: "1" } });
  });

  test("has each that is needed, nested ones where they lie, and none for developers", () => {
    const found = closureOf(root, new Set(["left"])).map(({ path }) => path);
    expect(found).toEqual(["a", "a/node_modules/b", "b", "c", "o"]);
    expect(closureOf(root, new Set()).map(({ path }) => path)).toContain("d");
  });

  test("names one that is not installed", () => {
    write("node_modules/c/package.json", { dependencies: { gone: "1" } });
    expect(() => closureOf(root, new Set())).toThrow("gone is not installed: npm ci");
  });

  test("takes of a package what runs, and its licence", () => {
    for (const file of ["index.js", "index.d.ts", "README.md", "LICENSE.md", "lib/a.js.map"]) {
      write(`node_modules/b/${file}`, "");
    }
    write("node_modules/b/test/b.js", "");
    write("node_modules/b/node_modules/x/index.js", "");
    const files = filesOf({ path: "b", folder: join(root, "node_modules/b") }, "linux-x64");
    expect([...files].sort()).toEqual(["LICENSE.md", "index.js", "package.json"]);
  });

  test.each([
    [
      "webgpu",
      ["dist/linux-x64.dawn.node", "dist/linux-x64/dawn.node", "dist/win32-x64/dawn.node"],
    ],
    ["onnxruntime-node", ["bin/napi-v6/linux/x64/a.so", "bin/napi-v6/win32/x64/a.dll"]],
  ])("takes of %s what is for the platform", (path, names) => {
    for (const name of names) write(`node_modules/${path}/${name}`, "");
    write(`node_modules/${path}/index.js`, "");
    const found = filesOf({ path, folder: join(root, "node_modules", path) }, "linux-x64");
    expect(found).toContain("index.js");
    expect(found.filter((file) => /win32/.test(file))).toEqual([]);
    expect(found.some((file) => /linux.x64\//.test(file))).toBe(true);
  });
});
