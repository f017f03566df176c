import { mkdirSync, symlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { classFiles } from "../../../src/train/data/class-files.js";
import { dataError, temporaryFolders, writeFiles } from "./folders.js";

vi.mock("node:fs/promises", async (importActual) => {
  const actual = await importActual<typeof import("node:fs/promises")>();
  return { ...actual, realpath: vi.fn(actual.realpath) };
});

const folder = temporaryFolders();

test("folders that link to one another are listed once each", async () => {
  const root = folder();
  const names = ["p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"];
  for (const name of names) writeFiles(root, { [`${name}/0.png`]: "" });
  for (const name of names) {
    const others = names.filter((other) => other !== name);
    for (const other of others) symlinkSync(join(root, other), join(root, name, other));
  }
  const { files } = await classFiles(root);
  expect(files).toHaveLength(names.length);
  expect(files[0]).toBe("p/0.png");
});

test("a folder that two links lead to is listed by the first of their names", async () => {
  const [root, store] = [folder(), folder()];
  writeFiles(store, { "0.png": "" });
  symlinkSync(store, join(root, "two"));
  symlinkSync(store, join(root, "one"));
  expect((await classFiles(root)).files).toEqual(["one/0.png"]);
});

test("a folder whose place cannot be told is an error of the data", async () => {
  const root = folder();
  mkdirSync(join(root, "in"));
  for (const [calls, named] of [root, join(root, "in")].entries()) {
    if (calls > 0) vi.mocked(realpath).mockResolvedValueOnce(root);
    const refused = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    vi.mocked(realpath).mockRejectedValueOnce(refused);
    const { message } = await dataError(() => classFiles(root));
    expect(message).toBe(`${named} cannot be read: there is no permission to read it`);
  }
});
