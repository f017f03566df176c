import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildCommand, buildFolder } from "../../src/engines/tensorflow-build.js";

const script = "scripts/tensorflow/index.mjs";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-tensorflow-"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(given: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done) => {
    const options = { env: { ...process.env, ...env } };
    execFile(process.execPath, [script, ...given], options, (error, stdout, stderr) =>
      done({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

const setpriv = "/usr/bin/setpriv";
const canBeNobody = existsSync(setpriv) && process.getuid?.() === 0;

describe("the folder of a build", () => {
  it.skipIf(!canBeNobody)(
    `has a place for a user without an entry${canBeNobody ? "" : " (SKIPPED: needs root and setpriv)"}`,
    async () => {
      const outfile = join(folder, "where.mjs");
      const contents =
        'import { buildFolder } from "./src/engines/tensorflow-build.js"; console.log(buildFolder(false));';
      const stdin = { contents, resolveDir: process.cwd() };
      await build({ stdin, outfile, bundle: true, platform: "node", format: "esm" });
      await chmod(folder, 0o755);
      const { HOME: _home, XDG_CACHE_HOME: _cache, RESNETC_TENSORFLOW: _own, ...env } = process.env;
      const nobody = ["--reuid", "12345", "--regid", "12345", "--clear-groups"];
      const output = execFileSync(setpriv, [...nobody, process.execPath, outfile], { env });
      expect(output.toString().trim()).toBe(
        join(tmpdir(), ".cache", "resnetc", "tensorflow", "cpu"),
      );
    },
  );

  it.each([{}, { RESNETC_TENSORFLOW: "/a/b" }, { XDG_CACHE_HOME: "/c" }, { XDG_CACHE_HOME: "d" }])(
    "is the same for the script and the engines: %o",
    async (given) => {
      const env = { RESNETC_TENSORFLOW: "", XDG_CACHE_HOME: "", ...given };
      const { stdout } = await run(["--where"], env);
      expect(stdout.trim()).toBe(buildFolder(false, env));
      expect((await run(["--where", "--gpu"], env)).stdout.trim()).toBe(buildFolder(true, env));
    },
  );

  it("is in the user's cache, or where RESNETC_TENSORFLOW says", () => {
    expect(buildFolder(false, {})).toBe(join(homedir(), ".cache", "resnetc", "tensorflow", "cpu"));
    expect(buildFolder(true, { RESNETC_TENSORFLOW: "/a" })).toBe(join("/a", "gpu"));
  });
});

describe("the command", () => {
  it("is there where TensorFlow has libraries", () => {
    expect(buildCommand(false, { platform: "linux", arch: "x64" })).toBe("npx resnetc-tensorflow");
    expect(buildCommand(true, { platform: "linux", arch: "x64" })).toBe(
      "npx resnetc-tensorflow --gpu",
    );
    expect(buildCommand(false, { platform: "linux", arch: "arm64" })).toBe(
      "npx resnetc-tensorflow",
    );
    expect(buildCommand(true, { platform: "linux", arch: "arm64" })).toBeUndefined();
    expect(buildCommand(false, { platform: "darwin", arch: "arm64" })).toBeUndefined();
  });

  it("explains itself and knows its options", async () => {
    const help = await run(["--help"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    for (const line of help.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    const strange = await run(["--cuda"]);
    expect(strange.status).toBe(2);
    expect(strange.stderr).toMatch(/^error: there is no option --cuda\n/);
  });
});

const hasBuild = existsSync(join(buildFolder(false), "build.json"));

describe.skipIf(!hasBuild)(`a build${hasBuild ? "" : " (SKIPPED: there is none)"}`, () => {
  it("is left as it is where it is current", async () => {
    const { status, stdout, stderr } = await run([]);
    expect(stdout).toMatch(/^TensorFlow \d+\.\d+\.\d+ is there for the engine node: \S+\n$/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("is made anew where it does not load", async () => {
    await mkdir(join(folder, "home", "cpu"), { recursive: true });
    await copyFile(
      join(buildFolder(false), "build.json"),
      join(folder, "home", "cpu", "build.json"),
    );
    const env = { RESNETC_TENSORFLOW: join(folder, "home"), CXX: "no such compiler" };
    const { status, stdout, stderr } = await run([], env);
    expect(stdout).toMatch(/^what is there is made anew, since it does not load: cannot multiply/);
    expect(stderr).toContain("CXX is no such compiler, which does not run");
    expect(status).toBe(1);
  });
});

describe.skipIf(buildCommand(false) === undefined)("a build that cannot be made", () => {
  /** A folder of tools for PATH: Node, and programs that do what the text says. */
  async function path(tools: Readonly<Record<string, string>>): Promise<string> {
    const bin = join(folder, "bin");
    await mkdir(bin);
    await symlink(process.execPath, join(bin, "node"));
    for (const [name, text] of Object.entries(tools)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return bin;
  }

  const home = (): string => join(folder, "home");

  it("names all that is missing and how to get it, and leaves nothing", async () => {
    const env = { PATH: await path({}), RESNETC_TENSORFLOW: home(), CXX: "", npm_execpath: "" };
    const { status, stderr } = await run([], env);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: what this needs is not all there; nothing was changed\n/);
    expect(stderr).toContain("Python 3.8 or later, with pip: apt-get install python3-pip");
    expect(stderr).toContain("a C++ compiler: apt-get install g++");
    expect(stderr).toContain("npm, which comes with Node");
    expect(await readdir(home())).toEqual([]);
  });

  it("says which step failed and why, and leaves nothing", async () => {
    const tools = {
      "g++": "exit 0",
      python3: 'case "$*" in *download*) echo "No matching distribution" >&2; exit 1;; esac',
      npm: "exit 0",
    };
    const env = {
      PATH: `${await path(tools)}:${process.env["PATH"]}`,
      RESNETC_TENSORFLOW: home(),
      CXX: "",
      npm_execpath: "",
    };
    const { status, stderr } = await run([], env);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: cannot download tensorflow\S* from PyPI: python3 ended/);
    expect(stderr).toContain("No matching distribution");
    expect(await readdir(home())).toEqual([]);
  });

  it("removes what a run that was killed left behind, and nothing of one that goes on", async () => {
    const [dead, alive] = [`.making-${2 ** 22 + 1}-x`, `.making-${process.pid}-x`];
    for (const name of [dead, alive]) await mkdir(join(home(), name), { recursive: true });
    const env = { PATH: await path({}), RESNETC_TENSORFLOW: home(), CXX: "", npm_execpath: "" };
    expect((await run([], env)).status).toBe(1);
    expect(await readdir(home())).toEqual([alive]);
  });
});
