import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { hasCommand, invocation, runToEnd } from "../../editors/vscode/src/run.js";
import { candidates, type Resnetc } from "../../editors/vscode/src/server-choice.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const bundled = "/extension/server/dist/resnetc.cjs";
const own: Resnetc = { from: "extension", kind: "script", path: bundled };

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
});

function file(path: string, text = ""): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

const around = (given: Partial<Parameters<typeof candidates>[0]>): readonly Resnetc[] =>
  candidates({ setting: "", folders: [folder], trusted: true, bundled, ...given });

describe("which resnetc runs", () => {
  test("the extension's, where there is no other", () => {
    expect(around({})).toEqual([own]);
    expect(around({ folders: [] })).toEqual([own]);
  });

  test("the workspace's own, and the extension's where that is too old", () => {
    const path = file("node_modules/resnetc/bin/resnetc.cjs");
    expect(around({})).toEqual([{ from: "workspace", kind: "script", path }, own]);
  });

  test("that of a folder around the workspace, as Node looks for it", () => {
    const path = file("node_modules/resnetc/bin/resnetc.cjs");
    expect(around({ folders: [join(folder, "packages", "nets")] })[0]?.path).toBe(path);
  });

  test("that of any of the workspace's folders", () => {
    const path = file("b/node_modules/resnetc/bin/resnetc.cjs");
    expect(around({ folders: [join(folder, "a"), join(folder, "b")] })[0]?.path).toBe(path);
  });

  test("resnetc's own repository, once it is built", () => {
    file("package.json", '{ "name": "resnetc" }');
    const path = file("bin/resnetc.cjs");
    expect(around({})).toEqual([own]);
    file("dist/command.cjs");
    expect(around({})[0]).toEqual({ from: "workspace", kind: "script", path });
  });

  test("a manifest that cannot be read names nothing", () => {
    file("package.json", '{ "name": ');
    expect(around({})).toEqual([own]);
  });

  test("only the extension's in a folder that is not trusted", () => {
    file("node_modules/resnetc/bin/resnetc.cjs");
    expect(around({ trusted: false, setting: "/bin/sh" })).toEqual([own]);
  });

  test("the one of the setting, and no other", () => {
    file("node_modules/resnetc/bin/resnetc.cjs");
    const path = file("tools/resnetc.cjs");
    const wanted = { from: "setting", kind: "script", path };
    expect(around({ setting: path })).toEqual([wanted]);
    expect(around({ setting: " tools/resnetc.cjs " })).toEqual([wanted]);
    expect(around({ setting: "resnetc" })).toEqual([
      { from: "setting", kind: "program", path: "resnetc" },
    ]);
  });

  test("a setting that names nothing is said", () => {
    expect(() => around({ setting: "./nowhere/resnetc" })).toThrow(
      `resnetc.path names ${join(folder, "nowhere", "resnetc")}, which is no file`,
    );
  });
});

describe("running one", () => {
  test("a script runs in this very Node", async () => {
    const path = file("resnetc.cjs", "console.log(process.argv.slice(2).join()); process.exit(3)");
    const resnetc: Resnetc = { from: "setting", kind: "script", path };
    expect(invocation(resnetc, ["lsp"]).command).toBe(process.execPath);
    expect(await runToEnd(resnetc, ["a", "b c"], folder)).toEqual({
      status: 3,
      stdout: "a,b c\n",
      stderr: "",
    });
  });

  test("a program runs by itself", async () => {
    const path = file("resnetc", '#!/bin/sh\necho "$@" >&2\n');
    chmodSync(path, 0o755);
    const { stderr } = await runToEnd({ from: "setting", kind: "program", path }, ["x"], folder);
    expect(stderr).toBe("x\n");
  });

  test("one that is not there is an error", async () => {
    const path = join(folder, "nowhere");
    await expect(runToEnd({ from: "setting", kind: "program", path }, [], folder)).rejects.toThrow(
      "ENOENT",
    );
  });

  test("the help of the whole program is not that of a command", async () => {
    const text =
      'console.log("Usage: resnetc <command>"); if (process.argv[2] === "lsp") console.log("Usage: resnetc lsp")';
    const resnetc: Resnetc = { from: "setting", kind: "script", path: file("r.cjs", text) };
    expect(await hasCommand(resnetc, "lsp")).toBe(true);
    expect(await hasCommand(resnetc, "diagram")).toBe(false);
  });
});
