/** Whole runs of the shipped command on what no run should meet: kills at any moment, and full disks. */
import { chmodSync, existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { selectEngine } from "../../src/engines/registry.js";
import { randomKey, randomUniform } from "../../src/random/random.js";
import { readCheckpoint } from "../../src/train/checkpoint.js";
import { start as startProcess } from "../train/child-script.js";
import { outcomeOf } from "../train/outcome.js";
import { withoutTensorFlow } from "../engines/tensorflow.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start } from "./built-command.js";

const built = buildPackage({ types: false });
/** Named, so that fifty starts do not look for all the others. */
const { engine: best } = await selectEngine("auto");
const data = "shapes(size: 32, classes: 4, train: 48, validation: 16)";
const settings = ["--data", data, "--batch", "16", "--epochs", "2", "--with", "ema=0.9"];
const often = ["--checkpoint-minutes", "0"];

/** The engines to kill runs of: the one that most people have thoroughly, the others less so. */
const killings = [
  { name: best.name, kills: 50, without: "" },
  { name: "wasm" as const, kills: 4, without: "" },
  { name: "node" as const, kills: 2, without: withoutTensorFlow },
].filter(({ name, kills }) => kills === 50 || name !== best.name);

describe.for(killings)("a run on $name that is killed again and again", (killing) => {
  const { name: engine, kills, without } = killing;
  const title = `ends with the weights of an unbroken one, through ${kills} kills${without}`;

  test.skipIf(without !== "")(title, { timeout: 600_000 }, async () => {
    const cwd = await temporaryFolder();
    const given = ["train", spec("quickstart.resnet"), "--engine", engine, ...often];
    // A run that goes on keeps what it was given when it began.
    const train = (...more: string[]) => start(built, [...given, ...more], { cwd });
    const begin = (folder: string) => train("-o", folder, ...settings);
    const goOn = (folder: string) => train("--resume", folder);
    const began = performance.now();
    const { status, stderr } = await begin("whole").ended;
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
        const { child, ended } = exists ? goOn(folder) : begin(folder);
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
  });
});

describe("a run on a disk that gets full", () => {
  const command = [
    ...[process.execPath, join(built, "bin", "resnetc.cjs"), "train", spec("quickstart.resnet")],
    ...["--engine", best.name, ...settings, ...often],
  ];

  /** Runs a script of the shell, as `sh` with these arguments, where it may mount a small disk. */
  const inside = (script: string, ...given: string[]) =>
    startProcess("unshare", ["-rm", "sh", "-c", script, "sh", ...given]).end;

  /** A folder to mount one on; undefined, with a line that says so, where nothing may be mounted. */
  async function diskIn(folder: string): Promise<string | undefined> {
    const disk = join(folder, "disk");
    await mkdir(disk, { recursive: true });
    const probe = await inside('mount -t tmpfs none "$1"', disk);
    if (probe.code === 0) return disk;
    console.warn(
      `SKIPPED: no run on a full disk: this machine mounts none (${probe.stderr.trim()})`,
    );
    return undefined;
  }

  test("says so, and leaves the checkpoint before it whole", async ({ skip }) => {
    const folder = await temporaryFolder();
    const disk = (await diskIn(folder)) ?? skip();
    const given = [...command, "-o", join(disk, "run")];
    // Room for one checkpoint and not for two: the first is kept when the second cannot be written.
    const script = [
      'disk="$1"; keep="$2"; shift 2',
      'mount -t tmpfs -o size=1500k none "$disk"',
      '"$@"; echo "status $?"',
      'cp "$disk"/run/*.safetensors "$keep"; ls "$disk/run"',
    ].join("\n");
    const { stdout, stderr } = await inside(script, disk, folder, ...given);
    expect(stderr).toContain("the disk is full");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toContain("status 2");
    expect(stdout).not.toContain(".partial");
    const kept = await readCheckpoint(join(folder, "last.safetensors"));
    expect(kept.progress.history.length + kept.progress.position).toBeGreaterThan(0);
  });

  test("saves where its log alone has no room, and ends in order", async ({ skip }) => {
    const folder = await temporaryFolder();
    const disk = (await diskIn(folder)) ?? skip();
    const run = join(folder, "run");
    const longer = ["--batch", "4", "--epochs", "30", "--checkpoint-minutes", "60"];
    const given = [...command, ...longer, "-o", run, "--json"];
    const script = [
      'disk="$1"; shift',
      'mount -t tmpfs -o size=16k none "$disk"',
      '"$@" > "$disk/log"; echo "status $?"; cat "$disk/log"',
    ].join("\n");
    const { stdout, stderr } = await inside(script, disk, ...given);
    expect(stderr).toMatch(/^error: the answer cannot be written: the disk is full\n$/m);
    expect(stdout).toContain("status 2\n");
    const { progress } = await readCheckpoint(join(run, "last.safetensors"));
    const steps = [...stdout.matchAll(/"kind":"step","epoch":(\d+),"step":(\d+)/g)];
    const [, epoch = 0, step = 0] = steps.at(-1)?.map(Number) ?? [];
    // It is the line of the step after that one which has no room, or of an epoch.
    const since = progress.history.length * 12 + progress.position - ((epoch - 1) * 12 + step);
    expect(since).toBeOneOf([0, 1]);
    expect(await readdir(run)).not.toContain("run.lock");
  });

  test.skipIf(!existsSync("/dev/full"))("says what is saved where no epoch has room", async () => {
    const folder = await temporaryFolder();
    const script = '"$@" > /dev/full; echo "status $?"';
    const run = join(folder, "run");
    const { end } = startProcess("sh", ["-c", script, "sh", ...command, "-o", run]);
    const { stdout, stderr } = await end;
    expect(stdout).toBe("status 2\n");
    expect(stderr.replace(/\s+/g, " ")).toContain(`saved in ${join(run, "last.safetensors")}`);
    expect(stderr).toMatch(/error: the answer cannot be written: the disk is full\n$/);
    expect(await readdir(run)).toEqual(expect.arrayContaining(["last.safetensors", "report.html"]));
    expect(await readdir(run)).not.toContain("run.lock");
  });

  test("goes on where the files for TensorBoard alone have no room", async ({ skip }) => {
    const folder = await temporaryFolder();
    if ((await diskIn(folder)) === undefined) skip();
    const run = join(folder, "run");
    const longer = ["--batch", "4", "--checkpoint-minutes", "1"];
    const given = [...command, ...longer, "-o", run];
    const script = [
      'events="$1"; shift',
      'mkdir -p "$events"; mount -t tmpfs -o size=4k none "$events"',
      '"$@"; echo "status $?"',
    ].join("\n");
    const { stdout, stderr } = await inside(script, join(run, "tensorboard"), ...given);
    const said = stderr.replace(/\s+/g, " ");
    expect(said.split("the disk is full; the run goes on, and TensorBoard")).toHaveLength(2);
    expect(stdout).toContain("epoch 2/2");
    expect(stdout).toContain("status 0");
    expect(await readdir(run)).toEqual(
      expect.arrayContaining(["best.safetensors", "last.safetensors", "report.html"]),
    );
  });
});

/** Root without what makes root write where it may not. */
const setpriv = "/usr/bin/setpriv";
const asAnyone = process.getuid?.() === 0 ? [setpriv, "--bounding-set=-dac_override"] : [];
const cannotBe = asAnyone.length > 0 && !existsSync(setpriv);

test.skipIf(cannotBe)("a run whose folder may not be written any more says so", async () => {
  const run = join(await temporaryFolder(), "run");
  const [command = "", ...given] = [
    ...[...asAnyone, process.execPath, join(built, "bin", "resnetc.cjs"), "train"],
    ...[spec("quickstart.resnet"), "--engine", best.name, ...settings, ...often],
    ...["--epochs", "1000", "-o", run],
  ];
  const { child, end } = startProcess(command, given);
  const last = join(run, "last.safetensors");
  while (child.exitCode === null && !existsSync(last)) await wait(5);
  chmodSync(run, 0o555);
  const { stderr, code } = await end;
  chmodSync(run, 0o755);
  expect(stderr.replace(/\s+/g, " ")).toContain(
    `error: cannot write ${last}: there is no permission to write there`,
  );
  expect(stderr).not.toContain("internal error");
  expect(code).toBe(2);
  const { progress } = await readCheckpoint(last);
  expect(progress.history.length + progress.position).toBeGreaterThan(0);
});
