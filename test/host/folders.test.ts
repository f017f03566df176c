import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isFolder } from "../../src/host/folders.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-folders-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a folder, and a link to one", () => {
  symlinkSync(folder, join(folder, "link"));
  expect([folder, join(folder, "link")].map(isFolder)).toEqual([true, true]);
});

test("what cannot be looked at is none, and is left to whoever reads it", () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync("circle", join(folder, "circle"));
  const paths = ["none", "file", "file/below", "circle", "circle/below", "n".repeat(5000), "a\0b"];
  expect(paths.filter((path) => isFolder(join(folder, path)))).toEqual([]);
});
