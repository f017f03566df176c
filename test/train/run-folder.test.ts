import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { CheckpointError } from "../../src/train/errors.js";
import {
  checkRunFolder,
  chooseRunFolder,
  lockNewRun,
  runFiles,
} from "../../src/train/run-folder.js";
import { lockRunFolder, whileLocked } from "../../src/train/run-lock.js";
import { start } from "./child-script.js";
import { temporaryFolder } from "./temporary-folder.js";

const startOfProcess = async (pid: number | undefined): Promise<string> => {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
};

async function lockedBy(holder: unknown): Promise<string> {
  const folder = await temporaryFolder();
  const text = typeof holder === "string" ? holder : JSON.stringify(holder);
  await writeFile(runFiles(folder).lock, text);
  return folder;
}

test("a named pipe in the place of a lock is not waited for", async () => {
  const folder = await temporaryFolder();
  execFileSync("mkfifo", [runFiles(folder).lock]);
  await expect(lockRunFolder(folder)).rejects.toThrow(/a pipe or a device, not a file/);
});

test("a folder in the place of a lock is told, before a run and at its start", async () => {
  const folder = await temporaryFolder();
  await mkdir(runFiles(folder).lock);
  const told = {
    name: "WriteError",
    message: `${runFiles(folder).lock} is a folder, where the lock of a run has to be`,
  };
  await expect(chooseRunFolder(folder, false)).rejects.toMatchObject(told);
  await expect(lockRunFolder(folder)).rejects.toMatchObject(told);
});

test("what ends the work under a lock comes before a lock that cannot be removed", async () => {
  const folder = await temporaryFolder();
  const { lock } = runFiles(folder);
  const work = whileLocked(folder, async () => {
    await rename(lock, `${lock}.moved`);
    await mkdir(lock);
    throw new Error("the work");
  });
  await expect(work).rejects.toThrow("the work");
  await rmdir(lock);
  const done = whileLocked(folder, async () => {
    await rename(lock, `${lock}.moved`);
    await mkdir(lock);
  });
  await expect(done).rejects.toMatchObject({ name: "WriteError" });
});

describe("the folder of a run", () => {
  test("is the one asked for while it holds no weights", async () => {
    const base = join(await temporaryFolder(), "run");
    expect(await chooseRunFolder(base, false)).toBe(base);
    await mkdir(base);
    await writeFile(runFiles(base).history, "");
    expect(await chooseRunFolder(base, false)).toBe(base);
  });

  test("is the next free number where there are weights, best or last", async () => {
    const base = join(await temporaryFolder(), "run");
    await mkdir(base);
    await writeFile(runFiles(base).last, "");
    await mkdir(`${base}-2`);
    await writeFile(runFiles(`${base}-2`).best, "");
    expect(await chooseRunFolder(base, false)).toBe(`${base}-3`);
    expect(await chooseRunFolder(base, true)).toBe(base);
  });

  test("is the next free number where epochs are recorded, though their weights are gone", async () => {
    const base = join(await temporaryFolder(), "run");
    await mkdir(base);
    await writeFile(runFiles(base).history, '{"epoch":1}\n');
    expect(await chooseRunFolder(base, false)).toBe(`${base}-2`);
  });

  test("is the next one where another run has just begun", async () => {
    const base = join(await temporaryFolder(), "run");
    const lock = await lockRunFolder(base);
    expect(await chooseRunFolder(base, false)).toBe(`${base}-2`);
    await lock.release();
    expect(await chooseRunFolder(base, false)).toBe(base);
  });
});

describe("runs that begin at once", () => {
  test("have a folder each, of one process", async () => {
    const base = join(await temporaryFolder(), "run");
    const taken = await Promise.all(Array.from({ length: 5 }, () => lockNewRun(base)));
    const expected = [base, ...[2, 3, 4, 5].map((number) => `${base}-${number}`)];
    expect(taken.map(({ folder }) => folder).sort()).toEqual(expected);
    await Promise.all(taken.map(({ lock }) => lock.release()));
    expect((await lockNewRun(base)).folder).toBe(base);
  });

  test("take the next number where another process has the lock first", async () => {
    const base = join(await temporaryFolder(), "run");
    const { child, end } = start(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await mkdir(base);
    const holder = { host: hostname(), pid: child.pid, started: "" };
    await writeFile(runFiles(base).lock, JSON.stringify(holder));
    const { folder, lock } = await lockNewRun(base);
    expect(folder).toBe(`${base}-2`);
    await lock.release();
    child.kill("SIGKILL");
    await end;
  });

  test("come to no folder where none can be made", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    await expect(lockNewRun(join(file, "run"))).rejects.toMatchObject({ name: "WriteError" });
  });
});

describe("where a run is to be kept", () => {
  test("is looked at before anything is made", async () => {
    const folder = await temporaryFolder();
    await checkRunFolder(folder);
    await checkRunFolder(join(folder, "runs", "mine"));
    expect(await readdir(folder)).toEqual([]);
  });

  test("has no file in the way", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    for (const path of [file, join(file, "run")]) {
      await expect(checkRunFolder(path)).rejects.toThrow(
        `cannot write ${path}: a part of its path`,
      );
    }
    await expect(checkRunFolder(file, true)).rejects.toMatchObject({
      help: "change its permissions, or copy the run elsewhere and `--resume` the copy",
    });
  });
});

describe("the lock of a run", () => {
  test("is held once at a time, and gone when released", async () => {
    const folder = await temporaryFolder();
    const lock = await lockRunFolder(folder);
    const second = lockRunFolder(folder);
    await expect(second).rejects.toBeInstanceOf(CheckpointError);
    await expect(second).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockRunFolder(folder)).release();
  });

  test("is never there without saying whose it is, so that a kill leaves none to be waited for", async () => {
    const folder = await temporaryFolder();
    const { lock } = runFiles(folder);
    let looks = 0;
    for (let i = 0; i < 100; i++) {
      let isTaken = false;
      const taking = lockRunFolder(folder).finally(() => (isTaken = true));
      while (!isTaken) {
        if (existsSync(lock)) {
          looks += 1;
          expect(readFileSync(lock, "utf8")).toMatch(/^\{.*\}\n$/);
        }
        await setImmediate();
      }
      await (await taking).release();
    }
    expect(looks).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(!existsSync("/proc/self/stat"))(
    "of a process that has ended is none, though its parent has not asked for its status",
    async () => {
      const folder = await temporaryFolder();
      const parent = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 30"]);
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(said.toString());
      try {
        await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z "));
        const holder = { host: hostname(), pid, started: "" };
        await writeFile(runFiles(folder).lock, `${JSON.stringify(holder)}\n`);
        await (await lockRunFolder(folder)).release();
      } finally {
        parent.kill();
      }
    },
  );

  test("of several that ask at once one gets it", async () => {
    const folder = await temporaryFolder();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockRunFolder(folder)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("clears away what a crash left half written", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "last.safetensors.123.partial"), "half");
    const lock = await lockRunFolder(folder);
    expect(await readdir(folder)).toEqual(["run.lock"]);
    await lock.release();
  });

  test("of a living process is respected, and of a dead one taken over", async () => {
    const { child, end } = start(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const folder = await lockedBy({ host: hostname(), pid: child.pid, started: "" });
    await expect(lockRunFolder(folder)).rejects.toThrow(`process ${child.pid}`);
    child.kill("SIGKILL");
    await end;
    const lock = await lockRunFolder(folder);
    expect(JSON.parse(await readFile(runFiles(folder).lock, "utf8"))).toMatchObject({
      pid: process.pid,
    });
    await lock.release();
  });

  test("of this process's number, from before a restart, is taken over", async () => {
    const folder = await lockedBy({ host: hostname(), pid: process.pid, started: "1" });
    await (await lockRunFolder(folder)).release();
  });

  test.skipIf(process.platform !== "linux")(
    "of a number that another process has by now is taken over",
    async () => {
      const { child, end } = start(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      const started = await startOfProcess(child.pid);
      const own = await lockedBy({ host: hostname(), pid: child.pid, started });
      const earlier = await lockedBy({ host: hostname(), pid: child.pid, started: "1" });
      await expect(lockRunFolder(own)).rejects.toThrow("another run");
      await (await lockRunFolder(earlier)).release();
      child.kill("SIGKILL");
      await end;
    },
  );

  test("of another machine is respected, and its help says how to be rid of it", async () => {
    const folder = await lockedBy({ host: "elsewhere", pid: 1, started: "" });
    const error = await lockRunFolder(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).help).toContain(`delete ${runFiles(folder).lock}`);
  });

  test("of another machine is taken over once that is silent, as a container that was killed", async () => {
    const folder = await lockedBy({ host: "elsewhere", pid: 1, started: "" });
    const { lock } = runFiles(folder);
    const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
    await utimes(lock, minutesAgo(9), minutesAgo(9));
    await expect(lockRunFolder(folder)).rejects.toMatchObject({
      message: `another run is writing to ${folder} (process 1 on elsewhere)`,
      help: expect.stringContaining("one that is silent for 10 minutes is dead") as string,
    });
    await utimes(lock, minutesAgo(11), minutesAgo(11));
    await (await lockRunFolder(folder)).release();
  });

  test("that another has taken over is told before anything is written", async () => {
    const folder = await temporaryFolder();
    const own = await lockRunFolder(folder);
    await own.check();
    const { lock } = runFiles(folder);
    await writeFile(lock, JSON.stringify({ host: "elsewhere", pid: 7, started: "" }));
    await expect(own.check()).rejects.toMatchObject({
      name: "WriteError",
      message: `process 7 on elsewhere has taken over ${folder}, where this one was thought dead`,
    });
    await own.release();
    expect(await readFile(lock, "utf8")).toContain("elsewhere");
  });

  test("says that its run lives, while it is its own", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const folder = await temporaryFolder();
      const own = await lockRunFolder(folder);
      const { lock } = runFiles(folder);
      const old = new Date(Date.now() - 3_600_000);
      const isOld = async (): Promise<boolean> => (await stat(lock)).mtimeMs < Date.now() - 60_000;
      await utimes(lock, old, old);
      vi.advanceTimersByTime(30_000);
      await vi.waitUntil(async () => !(await isOld()));
      await writeFile(lock, "another's");
      await utimes(lock, old, old);
      vi.advanceTimersByTime(30_000);
      await own.release();
      expect(await readFile(lock, "utf8")).toBe("another's");
      expect(await isOld()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test("that is being written is respected", async () => {
    await expect(lockRunFolder(await lockedBy(""))).rejects.toThrow("it has just begun");
  });

  test("cannot be where no folder can be", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    await expect(lockRunFolder(join(file, "run"))).rejects.toBeInstanceOf(CheckpointError);
    await expect(lockRunFolder(file)).rejects.toBeInstanceOf(CheckpointError);
  });
});
