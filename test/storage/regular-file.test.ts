import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRegularFile, readRegularFileSync } from "../../src/storage/regular-file.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-regular-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What both ways to read come to: the text, or the error's code. */
async function read(path: string): Promise<string> {
  const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);
  const later = await readRegularFile(path).then(String, codeOf);
  let atOnce: string;
  try {
    atOnce = String(readRegularFileSync(path));
  } catch (error) {
    atOnce = codeOf(error);
  }
  expect(atOnce).toBe(later);
  return later;
}

test("a file is read as a whole", async () => {
  writeFileSync(join(folder, "file"), "text");
  expect(await read(join(folder, "file"))).toBe("text");
  // Says that its size is 0.
  if (process.platform === "linux") expect(await read("/proc/version")).toContain("Linux");
});

test("a named pipe is not waited for, and a device without an end is not read", async () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  expect(await read(join(folder, "pipe"))).toBe("EINVAL");
  expect(await read("/dev/zero")).toBe("EINVAL");
});

test("a folder, and nothing", async () => {
  expect(await read(folder)).toBe("EISDIR");
  expect(await read(join(folder, "none"))).toBe("ENOENT");
});
