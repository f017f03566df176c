import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { buildPackage } from "../built-command.js";
import { Watching } from "./watching.js";

const built = buildPackage({ types: false });

const block = `block Basic(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}
`;
const network = (name: string): string => `import { Basic } from "./parts/basic"

network ${name} {
  input 32x32x3
  stage one: 1 x Basic(16), /2
  head classify { globalavgpool -> dense 10 }
}
`;

let folder = "";
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const watching = (...given: string[]): Watching => new Watching(built, given, folder);

beforeEach(async () => {
  folder = await temporaryFolder();
  write("specs/parts/basic.resnet", block);
  write("specs/net.resnet", network("Net"));
});

const broken = network("Net").replace("dense 10", "dens 10");

describe("checks again", () => {
  test("at every save, through errors", async () => {
    const watch = watching("specs/net.resnet", "--json");
    expect(await watch.round()).toMatchObject({ round: 1, ok: true, changed: [] });
    write("specs/net.resnet", broken);
    const second = await watch.roundWhere(({ errors }) => errors === 1);
    expect(second.changed).toEqual(["specs/net.resnet"]);
    expect(second.files[0]?.diagnostics.map(({ code }) => code)).toEqual(["R0201"]);
    write("specs/net.resnet", network("Net"));
    expect((await watch.roundWhere(({ ok }) => ok)).files).toHaveLength(1);
  });

  test("when a file changes that it imports", async () => {
    const watch = watching("specs/net.resnet", "--json");
    await watch.round();
    write("specs/parts/basic.resnet", block.replace("shortcut project", "shortcut identity"));
    const round = await watch.roundWhere(({ ok }) => !ok);
    expect(round.changed).toEqual(["specs/parts/basic.resnet"]);
    expect(round.files[0]?.diagnostics[0]?.code).toBe("R0301");
  });

  test("when a file comes that it imports, and its folder with it", async () => {
    rmSync(join(folder, "specs", "parts"), { recursive: true });
    const watch = watching("specs/net.resnet", "--json");
    expect((await watch.round()).ok).toBe(false);
    write("specs/parts/basic.resnet", block);
    expect((await watch.roundWhere(({ ok }) => ok)).changed).toContain("specs/parts/basic.resnet");
  });

  test("when a file is deleted and made again", async () => {
    const watch = watching("specs/net.resnet", "--json");
    await watch.round();
    rmSync(join(folder, "specs/net.resnet"));
    const gone = await watch.roundWhere(({ ok }) => !ok);
    expect(gone.files[0]?.diagnostics[0]?.code).toBe("R0001");
    write("specs/net.resnet", network("Again"));
    await watch.roundWhere(({ ok }) => ok);
    write("specs/net.resnet", broken);
    await watch.roundWhere(({ ok }) => !ok);
  });

  test("when the folder that was named is deleted and made again", async () => {
    const watch = watching("specs", "--json");
    await watch.round();
    rmSync(join(folder, "specs"), { recursive: true });
    await watch.roundWhere(({ ok }) => !ok);
    await new Promise((done) => setTimeout(done, 300));
    write("specs/parts/basic.resnet", block);
    write("specs/net.resnet", network("Again"));
    await watch.roundWhere(({ ok, files }) => ok && files.length === 2);
    write("specs/net.resnet", broken);
    await watch.roundWhere(({ ok }) => !ok);
    rmSync(join(folder, "specs"), { recursive: true });
    await watch.roundWhere(({ files }) => files[0]?.file === "specs");
    watch.child.kill("SIGTERM");
    expect(await watch.ended).toBe(130);
  });

  test("when an editor saves by renaming", async () => {
    const watch = watching("specs/net.resnet", "--json");
    await watch.round();
    for (const [text, sound] of [
      [broken, false],
      [network("Net"), true],
      [broken, false],
    ] as const) {
      write("specs/.net.resnet.swp", text);
      renameSync(join(folder, "specs/.net.resnet.swp"), join(folder, "specs/net.resnet"));
      await watch.roundWhere(({ ok }) => ok === sound);
    }
  });

  test("when a new file fits a pattern, or one that fitted is gone", async () => {
    const watch = watching("specs/*.resnet", "--json");
    expect((await watch.round()).files.map(({ file }) => file)).toEqual(["specs/net.resnet"]);
    write("specs/other.resnet", network("Other"));
    const more = await watch.roundWhere(({ files }) => files.length === 2);
    expect(more.files.map(({ file }) => file)).toEqual(["specs/net.resnet", "specs/other.resnet"]);
    appendFileSync(join(folder, "specs/other.resnet"), "\nnope\n");
    await watch.roundWhere(({ ok }) => !ok);
    rmSync(join(folder, "specs/other.resnet"));
    await watch.roundWhere(({ files, ok }) => files.length === 1 && ok);
  });

  test("below folders that are new", async () => {
    const watch = watching("nets/**/*.resnet", "--json");
    expect((await watch.round()).ok).toBe(false);
    write("nets/deep/parts/basic.resnet", block);
    write("nets/deep/net.resnet", network("Deep"));
    const round = await watch.roundWhere(({ files, ok }) => files.length === 2 && ok);
    expect(round.files.map(({ file }) => file)).toEqual([
      "nets/deep/net.resnet",
      "nets/deep/parts/basic.resnet",
    ]);
  });

  test("and not for what has nothing to do with it", async () => {
    const watch = watching("--json");
    expect((await watch.round()).files).toHaveLength(2);
    write("runs/one/history.jsonl", "{}\n");
    write("node_modules/x/y.resnet", "nope");
    write("specs/notes.txt", "nope");
    write("package.json", "{}");
    mkdirSync(join(folder, "specs", "empty"));
    expect(await watch.isQuiet()).toBe(true);
    write("specs/net.resnet", broken);
    await watch.roundWhere(({ ok }) => !ok);
  });

  test("by looking at the files, with --poll", async () => {
    const watch = watching("specs/net.resnet", "--json", "--poll", "50");
    await watch.round();
    write("specs/net.resnet", `${broken}\n`);
    await watch.roundWhere(({ ok }) => !ok);
    write("specs/parts/basic.resnet", `${block}// more\n`);
    await watch.roundWhere(({ changed }) => changed.includes("specs/parts/basic.resnet"));
  });

  test("a network of a file, and says when it is no more", async () => {
    const watch = watching("specs/net.resnet#Net", "--json");
    expect((await watch.round()).ok).toBe(true);
    write("specs/net.resnet", network("Renamed"));
    const round = await watch.roundWhere(({ ok }) => !ok);
    expect(round.files[0]?.error?.message).toContain("there is no network Net");
    write("specs/net.resnet", network("Net"));
    await watch.roundWhere(({ ok }) => ok);
  });
});

describe("other commands", () => {
  test("lint, and again when its configuration changes", async () => {
    write("specs/net.resnet", network("Net").replace("Basic(16)", "Basic(20)"));
    const watch = watching("specs/net.resnet", "--command", "lint", "--json");
    const codes = (round: { files: readonly { diagnostics: readonly { code: string }[] }[] }) =>
      round.files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
    expect(codes(await watch.round())).toContain("channel-multiple");
    write("resnet.config.json", '{ "rules": { "channel-multiple": "off" } }');
    const round = await watch.roundWhere((each) => !codes(each).includes("channel-multiple"));
    expect(round.changed).toEqual(["resnet.config.json"]);
    write("resnet.config.json", '{ "rules": { "channel-multiple": "of" } }');
    expect((await watch.roundWhere(({ ok }) => !ok)).error?.message).toContain("channel-multiple");
    rmSync(join(folder, "resnet.config.json"));
    await watch.roundWhere((each) => codes(each).includes("channel-multiple"));
  });

  test("summary", async () => {
    const watch = watching("specs/net.resnet", "--command", "summary");
    let line = "";
    while (!line.includes("summarised")) line = await watch.line();
    expect(watch.text).toMatch(/^Net, input 32x32x3$/m);
    expect(watch.text).toMatch(/^total /m);
    expect(line).toMatch(/^\d\d:\d\d:\d\d 1 spec summarised in \d+ ms: sound$/);
  });
});

describe("what is shown", () => {
  test("findings, and a line with the time and how long it took", async () => {
    const watch = watching("specs/net.resnet");
    expect(await watch.line()).toMatch(/^\d\d:\d\d:\d\d 1 spec checked in \d+ ms: sound$/);
    write("specs/net.resnet", broken);
    let line = "";
    while (!line.includes("checked")) line = await watch.line();
    expect(line).toMatch(/^\d\d:\d\d:\d\d 1 spec checked in \d+ ms: 1 error$/);
    expect(watch.text).toContain("error[R0201]: there is no operation named `dens`");
    expect(watch.text).not.toContain("\u001b");
    expect(watch.errors).toBe("");
  });

  // util-linux's `script` gives a command a terminal; that of other systems is called otherwise.
  const hasScript = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
  const without = hasScript ? "" : " (SKIPPED: there is no `script` that takes -qec)";
  test.skipIf(!hasScript).each([
    [[], true],
    [["--no-clear"], false],
  ])(`a terminal is cleared before a round, with %j: %s${without}`, (given, cleared) => {
    const words = [process.execPath, join(built, "bin", "resnetc.cjs"), "watch", ...given];
    const command = `timeout -s INT 3 ${words.join(" ")} specs/net.resnet`;
    const env = { ...process.env, TERM: "xterm" };
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect(stdout).toContain("1 spec");
    expect(stdout.includes("\u001b[2J\u001b[3J\u001b[H")).toBe(cleared);
  });
});

describe("the end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it with status 130", async (signal) => {
    const watch = watching("specs/net.resnet");
    await watch.line();
    watch.child.kill(signal);
    expect(await watch.ended).toBe(130);
    expect(watch.errors).toBe("");
  });

  test("it ends when nobody reads any more", async () => {
    const watch = watching("specs/net.resnet", "--json");
    await watch.round();
    watch.child.stdout?.destroy();
    write("specs/net.resnet", broken);
    const status = await watch.ended;
    expect([0, 130]).toContain(status);
  });
});
