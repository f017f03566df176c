/** Files are written also where Node's file system is another's, as that of Yarn's packages is. */
import { mkdtemp, open, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { synced, writeAtomically } from "../../src/storage/atomic-write.js";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "resnetc-atomic-"))));
afterEach(() => rm(folder, { recursive: true }));

/** What the handles of Yarn's file system throw for what they have not. */
const notThere = (): never => {
  throw new Error("Method not implemented.");
};

test("a file is written where handles have no `sync`", async () => {
  const handle = await open(join(folder, "probe"), "w");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const sync = vi.spyOn(prototype, "sync").mockImplementation(notThere);
  try {
    await writeAtomically(join(folder, "file"), [Buffer.from("whole")]);
    expect(sync).toHaveBeenCalled();
  } finally {
    sync.mockRestore();
  }
  expect(await readFile(join(folder, "file"), "utf8")).toBe("whole");
  expect((await readdir(folder)).sort()).toEqual(["file", "probe"]);
});

test("the descriptor is synced in its place, and its error is one", async () => {
  await expect(synced({ sync: notThere, fd: 987_654 })).rejects.toMatchObject({ code: "EBADF" });
  // Neither is there: nothing can be done, and nothing is wrong.
  const neither = {
    sync: notThere,
    get fd(): number {
      return notThere();
    },
  };
  await expect(synced(neither)).resolves.toBeUndefined();
});

test("an error of the system is one", async () => {
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  await expect(synced({ sync: () => Promise.reject(full), fd: 1 })).rejects.toBe(full);
});
