/** Patterns for specs: expanded where they fit, kept where they do not. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { specFiles } from "../../src/host/spec-files.js";

let folder = "";
const inside = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "resnetc-specs-"));
  for (const name of ["b.resnet", "a.resnet", "odd[1].resnet", "notes.txt"]) {
    writeFileSync(inside(name), "");
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a pattern stands for its files, sorted, in its place", async () => {
  expect(await specFiles(["x.resnet", inside("[ab].resnet"), "y.resnet"])).toEqual([
    "x.resnet",
    inside("a.resnet"),
    inside("b.resnet"),
    "y.resnet",
  ]);
});

test("the network stays with every file", async () => {
  expect(await specFiles([`${inside("?.resnet")}#Net`])).toEqual([
    `${inside("a.resnet")}#Net`,
    `${inside("b.resnet")}#Net`,
  ]);
});

test("a file that exists is itself, and a pattern that fits nothing is kept", async () => {
  expect(await specFiles([inside("odd[1].resnet")])).toEqual([inside("odd[1].resnet")]);
  expect(await specFiles([inside("*.nothing")])).toEqual([inside("*.nothing")]);
});
