/** Patterns for specs: expanded where they fit, kept where they do not. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { partsOf, specFiles } from "../../src/host/spec-files.js";

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

test("a path is cut where a network's name ends it, and nowhere else", () => {
  expect(partsOf("c#repo/net.resnet")).toEqual({ file: "c#repo/net.resnet" });
  expect(partsOf("c#repo/net.resnet#Net")).toEqual({ file: "c#repo/net.resnet", network: "Net" });
  expect(partsOf("a#b.resnet")).toEqual({ file: "a#b.resnet" });
  expect(partsOf("a#b.resnet#")).toEqual({ file: "a#b.resnet", network: "" });
  expect(partsOf(`${inside("notes.txt")}#Net`)).toEqual({
    file: inside("notes.txt"),
    network: "Net",
  });
  expect(partsOf(`${folder}#Net`)).toEqual({ file: `${folder}#Net` });
});

test("a file that exists is never cut", () => {
  const odd = inside("a.resnet#Net");
  writeFileSync(odd, "");
  expect(partsOf(odd)).toEqual({ file: odd });
  rmSync(odd);
  expect(partsOf(odd)).toEqual({ file: inside("a.resnet"), network: "Net" });
});
