import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readCheckpoint, type Checkpoint } from "../../src/train/checkpoint.js";
import { tensorflow, withoutTensorFlow } from "../engines/tensorflow.js";
import { start as startProcess } from "../train/child-script.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start, type Ended } from "./built-command.js";
import { selectEngine } from "../../src/engines/registry.js";

/** What `--engine auto` comes to on this machine. */
const best = await selectEngine("auto");

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");
const data = "shapes(size: 32, classes: 4, train: 96, validation: 32)";
const small = ["--data", data, "--batch", "16"];

const run = (given: readonly string[], cwd: string): Promise<Ended> =>
  start(built, given, { cwd }).ended;
const train = (cwd: string, ...given: string[]): Promise<Ended> =>
  run(["train", quick, ...small, ...given], cwd);

/** Runs a command at a terminal of its own, which is closed as the program ends. */
const pseudoTerminal = "/usr/bin/script";

/** The text as one line, however it was wrapped. */
const flat = (text: string): string => text.replace(/\s+/g, " ");

function differences(one: Checkpoint, other: Checkpoint): string[] {
  expect([...one.state.tensors.keys()]).toEqual([...other.state.tensors.keys()]);
  return [...one.state.tensors].flatMap(([key, { data: values }]) => {
    const others = other.state.tensors.get(key)?.data ?? [];
    return values.every((value, index) => value === others[index]) ? [] : [key];
  });
}

describe("a small run", () => {
  test.skipIf(!tensorflow.available)(
    `on TensorFlow's library shows nothing of its log${withoutTensorFlow}`,
    async () => {
      const { status, stdout, stderr } = await train(
        await temporaryFolder(),
        ...["--epochs", "1", "--engine", "node"],
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/^epoch 1\/1 /);
      expect(stderr).toContain("node was asked for (TensorFlow.js 4");
      expect(stderr).not.toMatch(/oneDNN|cpu_feature_guard|^WARNING|^[IWE]\d{4} |Deprecation/m);
    },
  );

  test("is trained, resumed, evaluated, asked, and compiled", async () => {
    const cwd = await temporaryFolder();
    const first = await train(cwd, "--epochs", "1");
    expect(first.stderr).toContain("96 images to train on, 32 to validate on");
    expect(first.stderr).toContain(`${best.engine.name} is the best engine here`);
    expect(first.stdout).toMatch(/^epoch 1\/1 {2}loss \d\.\d{3} {2}accuracy \d+\.\d%/);
    expect(first.stdout).toMatch(/best validation accuracy \d+\.\d%, in epoch 1\n$/);
    expect(first.stderr).toContain(`resnetc eval ${quick}\n`);
    expect(first.status).toBe(0);

    const more = await train(cwd, "--epochs", "2", "--resume");
    expect(more.stderr).toContain("going on after epoch 1");
    expect(more.stderr).toContain("note: epochs 1 -> 2");
    expect(more.stdout).toMatch(/^epoch 2\/2 /);
    const history = await readFile(join(cwd, "runs", "quickstart", "history.jsonl"), "utf8");
    expect(history.trimEnd().split("\n")).toHaveLength(2);
    const none = await train(cwd, "--epochs", "2", "--resume");
    expect(none.stderr).toContain("nothing is left to train: the run has 2 epochs already");
    expect(none.stdout).not.toContain("epoch 3");
    expect(none.status).toBe(0);

    const evaluated = await run(["eval", quick, "--json"], cwd);
    const report = JSON.parse(evaluated.stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ network: "Quick", images: 32, split: "validation" });
    expect(report["checkpoint"]).toBe(join("runs", "quickstart", "best.safetensors"));
    const people = await run(["eval", quick], cwd);
    expect(people.stdout).toContain("32 images of shapes (validation): accuracy ");
    const others = await run(["eval", quick, "--data", "shapes(classes: 6)"], cwd);
    expect(others.stderr).toContain("tells circle, square, triangle, cross apart");
    expect(others.status).toBe(1);

    const image = join(cwd, "red.png");
    const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
    await sharp({ create }).toFile(image);
    const asked = await run(["predict", quick, "red.png", "none.png", "--json"], cwd);
    const [known, missing] = asked.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(known).toMatchObject({ file: "red.png" });
    expect(known?.["candidates"]).toHaveLength(3);
    expect(missing).toMatchObject({ file: "none.png", error: { message: /none\.png/ } });
    expect(asked.status).toBe(1);
    const last = join("runs", "quickstart", "last.safetensors");
    const without = await run(["predict", "--checkpoint", last, "red.png"], cwd);
    expect(without.stdout).toMatch(/^red\.png: \w[\w-]* \d+\.\d%, /);
    expect(without.status).toBe(0);

    const compiled = await run(["compile", quick, "-o", "out", "--checkpoint", last], cwd);
    expect(compiled.stdout).toContain(join("out", "model.json"));
  });

  test("says what is next in words that a shell takes, wherever it is kept", async () => {
    const cwd = await temporaryFolder();
    const { stderr } = await train(cwd, "--epochs", "1", "-o-x y");
    const words = ["eval", quick, "--run=-x y"];
    expect(stderr).toContain(`resnetc eval ${quick} '--run=-x y'\n`);
    expect(await run(words, cwd)).toMatchObject({ status: 0 });
    const again = await train(cwd, "--epochs", "1", "--resume=-x y");
    expect(again.status).toBe(0);
  });

  test("tells its events as lines of JSON", async () => {
    const cwd = await temporaryFolder();
    const { stdout, stderr } = await train(cwd, "--epochs", "1", "--json", "--rate", "0.05");
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; recipe?: object });
    expect(events[0]).toMatchObject({
      kind: "prepared",
      network: "Quick",
      engine: { name: best.engine.name },
      recipe: { optimizer: { rate: 0.05, momentum: 0.9 }, epochs: 1, batch: 16 },
    });
    expect(events.map(({ kind }) => kind).filter((kind) => kind === "step")).toHaveLength(6);
    expect(events.at(-1)).toMatchObject({ kind: "end", result: { outcome: "finished" } });
    expect(stderr).toBe("");
  });

  test("that goes on has again what it was given when it began", async () => {
    const cwd = await temporaryFolder();
    const five = "shapes(size: 32, classes: 5, train: 32, validation: 8)";
    const given = ["--data", five, "--set", "classes=5", "--batch", "16", "--freeze", "stem"];
    const first = await run(["train", quick, ...given, "--epochs", "1"], cwd);
    expect(first.stderr).not.toContain("kept from");
    const more = await run(["train", quick, "--resume", "--epochs", "2", "--json"], cwd);
    expect(more.status).toBe(0);
    const lines = more.stdout.trimEnd().split("\n");
    const [prepared, begun] = lines.map((line) => JSON.parse(line) as object);
    expect(prepared).toMatchObject({
      kept: ["--set classes=5", "--batch 16", '--freeze ["stem"]', `--data ${five}`],
      recipe: { batch: 16, freeze: ["stem"], epochs: 2 },
    });
    expect(begun).toMatchObject({
      kind: "start",
      changes: ["epochs 1 -> 2", "the next step's rate 0 -> 0.075"],
    });
    const again = await run(["train", quick, "--resume", "--with", "freeze=false"], cwd);
    expect(again.stderr).toContain(
      "note: freeze stem -> false is not kept: no step is taken with it",
    );
    expect(again.stderr).toContain("nothing is left to train: the run has 2 epochs already");
    const bad = await run(["train", quick, "--resume", "--set", "classes=many"], cwd);
    expect(bad.stderr).toContain("--> <command line>:1:15");
    expect(bad.status).toBe(2);
  });

  test("that goes on reads the data that it began with, from wherever it is resumed", async () => {
    const [here, there] = [await temporaryFolder(), await temporaryFolder()];
    for (const [cwd, count] of [
      [here, 4],
      [there, 6],
    ] as const) {
      for (const name of ["circle", "cross", "square", "triangle"]) {
        const folder = join(cwd, "images", name);
        await mkdir(folder, { recursive: true });
        const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
        for (let i = 0; i < count; i++) await sharp({ create }).toFile(join(folder, `${i}.png`));
      }
    }
    const call = 'folder("images", validation: 0.25)';
    const begun = ["--data", call, "--batch", "4", "--epochs", "1", "-o", "begun"];
    await run(["train", quick, ...begun], here);
    const on = ["train", quick, "--resume", join(here, "begun"), "--epochs", "2"];
    const resumed = await run(on, there);
    expect(resumed.stderr).toContain("12 images to train on, 4 to validate on");
    expect(flat(resumed.stderr)).toContain(
      `kept from the run: --batch 4 --data 'folder("${join(here, "images")}", validation: 0.25)'`,
    );
    await rm(join(here, "images"), { recursive: true });
    const gone = await run(on, there);
    expect(flat(gone.stderr)).toContain(`${join(here, "images")} does not exist`);
    const anew = await run([...on.slice(0, -1), "3", "--data", "images"], there);
    expect(flat(anew.stderr)).toContain(`note: data.path ${join(here, "images")} -> `);
    expect(anew.status).toBe(0);
    await rm(join(there, "images"), { recursive: true });
    const lost = await run(on, here);
    expect(flat(lost.stderr)).toContain(
      `the data of the run are gone: there is no file or folder ${join(there, "images")}`,
    );
    expect(flat(lost.stderr)).toContain("say where they are now: `--data FOLDER`");
  });

  test("whose spec has changed forgets what it was given where that is asked for", async () => {
    const cwd = await temporaryFolder();
    const file = join(cwd, "open.resnet");
    const text = await readFile(quick, "utf8");
    await writeFile(file, text.replace("(classes = 4)", "(classes = 4, unused)"));
    const given = ["--data", data, "--batch", "16", "--set", "unused=1", "--epochs", "1"];
    await run(["train", file, ...given], cwd);
    await writeFile(file, text);
    const stuck = await run(["train", file, "--resume"], cwd);
    expect(stuck.stderr).toContain("--> <kept from the run>:1:");
    expect(flat(stuck.stderr)).toContain("`--forget` leaves all of that out");
    expect(stuck.status).toBe(2);
    const freed = ["--forget", "--data", data, "--batch", "16", "--epochs", "2"];
    const on = await run(["train", file, "--resume", ...freed], cwd);
    expect(on.stderr).toContain("going on after epoch 1");
    expect(on.stderr).not.toContain("kept from");
    expect(on.status).toBe(0);
    const alone = await run(["train", file, "--forget"], cwd);
    expect(alone.stderr).toContain("add `--resume`, or leave it out");
  });

  test("that goes on keeps what is given anew before it trains a step", async () => {
    const cwd = await temporaryFolder();
    await train(cwd, "--epochs", "1");
    const resumed = ["train", quick, "--resume", "--epochs", "50", "--rate", "0.001"];
    const { child, ended } = start(built, resumed, { cwd });
    child.stdout?.once("data", () => child.kill("SIGKILL"));
    expect((await ended).signal).toBe("SIGKILL");
    const on = await run(["train", quick, "--resume", "--epochs", "3"], cwd);
    expect(flat(on.stderr)).toContain("--batch 16 --rate 0.001 --data");
    const mixed = await run(["train", quick, "--resume", "runs/quickstart", "-o", "other"], cwd);
    expect(mixed.stderr).toContain("the run in runs/quickstart goes on there, not in other");
    expect(mixed.status).toBe(2);
  });

  test("that is named goes on by its own recipe", async () => {
    const cwd = await temporaryFolder();
    const text = await readFile(quick, "utf8");
    const [, recipe = ""] = /\ntrain quickstart ([^]*)$/.exec(text) ?? [];
    await writeFile(join(cwd, "two.resnet"), `${text}\n\ntrain other ${recipe}`);
    const begun = ["--data", data, "--batch", "16", "--epochs", "1", "-o", "begun"];
    await run(["train", "two.resnet", "--recipe", "other", ...begun], cwd);
    const on = ["train", "two.resnet", "--resume", "begun", "--epochs", "2"];
    const named = await run(on, cwd);
    expect(named.stderr).toContain("Quick by the recipe other");
    const longer = [...on.slice(0, -1), "3", "--recipe", "quickstart"];
    const another = await run(longer, cwd);
    expect(another.stderr).toContain("note: recipe other -> quickstart from here on");
  });

  test("takes every value of the recipe from the command line", async () => {
    const cwd = await temporaryFolder();
    const { stdout } = await train(
      cwd,
      ...["--epochs", "1", "--json", "--seed", "9"],
      ...["--with", "augment={ flip -> crop 32, pad: 2 }", "--with", "preprocess.mean=0.4"],
      ...["--with", "optimizer=adam(0.002)", "--with", "loss.smoothing=0.2"],
      ...["--with", "schedule=constant", "--with", "shuffle=false"],
    );
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({
      recipe: {
        seed: 9,
        shuffle: false,
        augment: [{ kind: "flip" }, { kind: "crop", height: 32, width: 32, padding: 2 }],
        preprocess: [{ kind: "normalize", mean: [0.4], std: [0.25] }],
        optimizer: { kind: "adam", rate: 0.002 },
        schedule: { kind: "constant" },
        loss: { smoothing: 0.2 },
      },
    });
  });

  test("of rarer classes weighs them more where its recipe says so, and says how much", async () => {
    const cwd = await temporaryFolder();
    for (const [kind, count] of [
      ["common", 12],
      ["rare", 4],
    ] as const) {
      await mkdir(join(cwd, "images", kind), { recursive: true });
      for (let i = 0; i < count; i++) {
        const background = { r: 20 * i, g: kind === "rare" ? 200 : 20, b: 90 };
        const create = { width: 32, height: 32, channels: 3, background } as const;
        await sharp({ create }).toFile(join(cwd, "images", kind, `${i}.png`));
      }
    }
    const given = ["train", quick, "--set", "classes=2", "--batch", "4", "--data"];
    const balance = ["--with", "loss.balance=1", "--epochs", "1"];
    const data = 'folder("images", validation: 0.25)';
    const { status, stderr } = await run([...given, data, ...balance], cwd);
    expect(status).toBe(0);
    // 9 and 3 are left to train on.
    expect(flat(stderr)).toContain("images count by their class: 0.667 (common) to 2 (rare)");
    const on = await run([...given, data, "--epochs", "2", "--resume"], cwd);
    expect(flat(on.stderr)).toContain("0.667 (common) to 2 (rare)");
    expect(on.status).toBe(0);

    const wrong = await run([...given, data, "--with", "loss.weights=[1, 2, 3]"], cwd);
    expect(wrong.status).toBe(2);
    expect(flat(wrong.stderr)).toContain(
      "the loss has 3 weights, and the head classify of Quick tells 2 classes apart",
    );
  });

  test("a classifier for other data says how to mend it", async () => {
    const cwd = await temporaryFolder();
    const wrong = ["train", quick, "--data", "shapes(classes: 5, train: 64, validation: 8)"];
    const refused = await run(wrong, cwd);
    expect(refused.stderr).toContain("--set classes=5");
    expect(refused.status).toBe(2);
    const mended = await run([...wrong, "--set", "classes=5", "--epochs", "1"], cwd);
    expect(mended.status).toBe(0);
  });
});

test.skipIf(!existsSync(pseudoTerminal))(
  "a terminal that is closed ends a run after its step, with everything saved",
  async () => {
    const cwd = await temporaryFolder();
    const log = join(cwd, "log");
    execFileSync("mkfifo", [log]);
    const told = readFile(log, "utf8");
    const words = [process.execPath, join(built, "bin", "resnetc.cjs"), "train", quick, ...small];
    const train = [...words, "--epochs", "500"].map((word) => `'${word}'`).join(" ");
    const line = `cd '${cwd}'; exec ${train} 2> log`;
    const { child, end } = startProcess(pseudoTerminal, ["-qc", line, "/dev/null"]);
    child.stdout?.once("data", () => child.kill("SIGKILL"));
    await end;
    // Until it has ended.
    const said = flat(await told);
    expect(said).toContain("saved in runs/quickstart/last.safetensors; to go on:");
    expect(said).not.toMatch(/assert|error/i);
    expect(await readdir(join(cwd, "runs", "quickstart"))).not.toContain("run.lock");
  },
);

test("without a terminal a run outlives the one that it was started from", async () => {
  const cwd = await temporaryFolder();
  const { child, ended } = start(built, ["train", quick, ...small, "--epochs", "2"], { cwd });
  child.stdout?.once("data", () => child.kill("SIGHUP"));
  const { status, stdout } = await ended;
  expect(stdout).toContain("epoch 2/2");
  expect(status).toBe(0);
});

describe("Ctrl-C", () => {
  test("again stops at once, within a step, and leaves a run that goes on", async () => {
    const cwd = await temporaryFolder();
    const given = ["--data", "shapes(train: 1024, validation: 0)", "--batch", "512"];
    const { child, ended } = start(built, ["train", quick, ...given, "--epochs", "9"], { cwd });
    child.stdout?.once("data", () => child.kill("SIGINT"));
    child.stderr?.on("data", (said: Buffer) => {
      if (said.toString().includes("Ctrl-C again stops at once")) child.kill("SIGINT");
    });
    const { signal, stderr } = await ended;
    expect(signal).toBe("SIGINT");
    expect(stderr).not.toMatch(/terminate called|error/);
    const more = await run(["train", quick, ...given, "--epochs", "2", "--resume"], cwd);
    expect(more.stderr).toContain("going on after epoch 1");
    expect(more.status).toBe(0);
  });

  test("saves, ends with 130, and the run goes on to the same numbers", async () => {
    const cwd = await temporaryFolder();
    const whole = await train(cwd, "--epochs", "3", "-o", "whole");
    expect(whole.status).toBe(0);

    const { child, ended } = start(
      built,
      ["train", quick, ...small, "--epochs", "3", "-o", "broken"],
      { cwd },
    );
    child.stdout?.once("data", () => child.kill("SIGINT"));
    const stopped = await ended;
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain("saving after this step");
    expect(stopped.stderr).toContain(`resnetc train ${quick} --resume broken\n`);

    const resumed = await train(cwd, "--epochs", "3", "-o", "broken", "--resume", "broken");
    expect(resumed.stderr).toContain("going on ");
    expect(resumed.status).toBe(0);
    const read = (folder: string): Promise<Checkpoint> =>
      readCheckpoint(join(cwd, folder, "last.safetensors"));
    expect(differences(await read("whole"), await read("broken"))).toEqual([]);
  });
});
