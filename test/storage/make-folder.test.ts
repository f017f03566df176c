import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFolder } from "../../src/storage/make-folder.js";

let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), "make-folder-"))));
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe("making a folder", () => {
  test("makes all that lead to it, and tells the first of them", async () => {
    const deep = join(base, "a", "b", "c");
    expect(await makeFolder(deep)).toBe(join(base, "a"));
    expect(statSync(deep).isDirectory()).toBe(true);
    expect(await makeFolder(deep)).toBeUndefined();
  });

  test("a file in the way is ENOTDIR, at the end and before it", async () => {
    writeFileSync(join(base, "file"), "");
    await expect(makeFolder(join(base, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
    await expect(makeFolder(join(base, "file", "x"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test.runIf(existsSync("/proc/self"))("a folder that cannot be made is an error", async () => {
    await expect(makeFolder("/proc/resnetc/run")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
