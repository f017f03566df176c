/** Whole runs of the shipped command that end as no run should: killed at any moment, or on a full disk. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { selectEngine } from "../../src/engines/registry.js";
import { randomKey, randomUniform } from "../../src/random/random.js";
import { readCheckpoint } from "../../src/train/checkpoint.js";
import { start as startProcess } from "../train/child-script.js";
import { outcomeOf } from "../train/outcome.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start } from "./built-command.js";

const built = buildPackage({ types: false });
/** Named, so that fifty starts do not look for all the others. */
const { engine } = await selectEngine("auto");
const settings = [
  ...["--engine", engine.name],
  ...["--data", "shapes(size: 32, classes: 4, train: 48, validation: 16)", "--batch", "16"],
  ...["--epochs", "2", "--with", "ema=0.9", "--checkpoint-minutes", "0"],
];

describe("a run that is killed again and again", () => {
  const kills = 50;

  test(`ends with the weights of an unbroken one, through ${kills} kills`, async () => {
    const cwd = await temporaryFolder();
    const train = (folder: string, ...more: string[]) =>
      start(built, ["train", spec("quickstart.resnet"), ...settings, "-o", folder, ...more], {
        cwd,
      });
    const began = performance.now();
    const { status, stderr } = await train("whole").ended;
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
    const whole = performance.now() - began;
    const checkpoint = (folder: string): string => join(cwd, folder, "last.safetensors");
    const unbroken = outcomeOf(await readCheckpoint(checkpoint("whole")));

    const key = randomKey("kills", 1);
    let killed = 0;
    let started = 0;
    for (let runs = 0; killed < kills; runs++) {
      const folder = `broken${runs}`;
      for (let finished = false; !finished;) {
        const exists = await readdir(join(cwd, folder)).then(
          (names) => names.includes("last.safetensors"),
          () => false,
        );
        const { child, ended } = train(folder, ...(exists ? ["--resume", folder] : []));
        // From before it has begun to after its end; what is left at last is let be.
        const delay = 1.3 * whole * randomUniform(key, started++);
        const timer = setTimeout(() => killed < kills && child.kill("SIGKILL"), delay);
        const end = await ended;
        clearTimeout(timer);
        if (end.signal === "SIGKILL") killed += 1;
        else expect(end).toMatchObject({ status: 0 });
        finished = end.signal === null;
      }
      expect(outcomeOf(await readCheckpoint(checkpoint(folder)))).toEqual(unbroken);
      const left = await readdir(join(cwd, folder));
      expect(left.filter((name) => name.endsWith(".partial") || name.endsWith(".lock"))).toEqual(
        [],
      );
    }
  }, 600_000);
});

describe("a run on a disk that gets full", () => {
  test("says so, and leaves the checkpoint before it whole", async ({ skip }) => {
    const folder = await temporaryFolder();
    const disk = join(folder, "disk");
    await mkdir(disk);
    const probe = await startProcess("unshare", ["-rm", "mount", "-t", "tmpfs", "none", disk]).end;
    if (probe.code !== 0) {
      console.warn(
        `SKIPPED: no run on a full disk: this machine mounts none (${probe.stderr.trim()})`,
      );
      skip();
    }
    const command = [process.execPath, join(built, "bin", "resnetc.cjs"), "train"];
    const given = [...command, spec("quickstart.resnet"), ...settings, "-o", join(disk, "run")];
    // Room for one checkpoint and not for two: the first is kept when the second cannot be written.
    const inside = [
      'disk="$1"; keep="$2"; shift 2',
      'mount -t tmpfs -o size=1500k none "$disk"',
      '"$@"; echo "status $?"',
      'cp "$disk"/run/*.safetensors "$keep"; ls "$disk/run"',
    ].join("\n");
    const run = ["-rm", "sh", "-c", inside, "sh", disk, folder, ...given];
    const { stdout, stderr } = await startProcess("unshare", run).end;
    expect(stderr).toContain("the disk is full");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toContain("status 1");
    expect(stdout).not.toContain(".partial");
    const kept = await readCheckpoint(join(folder, "last.safetensors"));
    expect(kept.progress.history.length + kept.progress.position).toBeGreaterThan(0);
  });
});
