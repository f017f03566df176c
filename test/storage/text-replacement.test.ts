import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceTexts } from "../../src/storage/text-replacement.js";
import { temporaryFolder } from "../train/temporary-folder.js";

async function fileOf(text: string, mode = 0o644): Promise<string> {
  const path = join(await temporaryFolder(), "a.resnet");
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

test("a text is replaced, and its permissions stay", async () => {
  const path = await fileOf("old", 0o640);
  await replaceTexts([{ path, before: "old", after: "new" }]);
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(join(path, ".."))).toEqual(["a.resnet"]);
});

test("a byte order mark stays", async () => {
  const path = await fileOf("\ufeffold");
  await replaceTexts([{ path, before: "old", after: "new" }]);
  expect(await readFile(path, "utf8")).toBe("\ufeffnew");
});

test("a link stays a link, and the file that it leads to is replaced", async () => {
  const path = await fileOf("old");
  const link = join(path, "..", "link.resnet");
  await symlink(path, link);
  await replaceTexts([{ path: link, before: "old", after: "new" }]);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, "utf8")).toBe("new");
});

test("a read-only file is left, and so is every other file", async () => {
  const [fine, readOnly] = [await fileOf("old"), await fileOf("old", 0o444)];
  const replacements = [fine, readOnly].map((path) => ({ path, before: "old", after: "new" }));
  await expect(replaceTexts(replacements)).rejects.toThrow(`${readOnly} is read-only`);
  expect(await readFile(fine, "utf8")).toBe("old");
  expect(await readFile(readOnly, "utf8")).toBe("old");
});

test("a file that has changed since it was read is left", async () => {
  const path = await fileOf("changed");
  const written = replaceTexts([{ path, before: "old", after: "new" }]);
  await expect(written).rejects.toThrow("has changed since it was read");
  expect(await readFile(path, "utf8")).toBe("changed");
});

test("a file that cannot be written is said, and stays whole", async () => {
  const path = await fileOf("old");
  // Where the unfinished file would be written there is a folder.
  await mkdir(`${path}.${process.pid}.partial`);
  const written = replaceTexts([{ path, before: "old", after: "new" }]);
  await expect(written).rejects.toThrow(`${path} cannot be written`);
  expect(await readFile(path, "utf8")).toBe("old");
});
