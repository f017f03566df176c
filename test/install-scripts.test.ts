/** What `npm ci` runs of other packages: nothing that must reach beyond the registry, by the word of npm 10 and of 11. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface Manifest {
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

const { allowScripts } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile;

test("the install script of onnxruntime-node is left out", () => {
  expect(allowScripts["onnxruntime-node"]).toBe(false);
  expect(packages["node_modules/onnxruntime-node"]).toBeDefined();
  expect(packages["node_modules/onnxruntime-node"]?.hasInstallScript).toBeUndefined();
});

test("every other install script is one that was looked at", () => {
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect([...new Set(scripted)].sort()).toEqual(allowed.sort());
});

test("npm knows every setting of .npmrc", async () => {
  const asked = promisify(execFile)("npm", ["pkg", "get", "name"], {
    shell: process.platform === "win32",
  });
  expect(await asked).toEqual({ stdout: '"resnetc"\n', stderr: "" });
}, 60_000);
