import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, repository, start, type Ended } from "./built-command.js";

const built = buildPackage({ types: false });
const run = (given: readonly string[], cwd: string): Promise<Ended> =>
  start(built, given, { cwd }).ended;

/** The command with a text on its standard input. */
function pipe(given: readonly string[], input: string, cwd: string): Omit<Ended, "signal"> {
  const command = [join(built, "bin", "resnetc.cjs"), ...given];
  return spawnSync(process.execPath, command, { cwd, input, encoding: "utf8" });
}

const untidy = "block A ( w ){conv 3x3,w->relu // why\n}\n";
const tidy = "block A(w) { conv 3x3, w -> relu } // why\n";
const tidyOpen = "block A(w) {\n  conv 3x3, w -> relu // why\n}\n";
const broken = "network A {\n  stem { conv 3x3, }\n}\n";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const textOf = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

describe("resnetc fmt", () => {
  test("formats the working folder, and what is ignored or broken stays", async () => {
    const folder = await folderWith({
      "a.resnet": untidy,
      "tidy.resnet": tidy,
      "below/b.resnet": untidy,
      "broken.resnet": broken,
      "ignored/c.resnet": untidy,
      "out/d.resnet": untidy,
      "node_modules/x/e.resnet": untidy,
      "notes.txt": untidy,
      ".gitignore": "out/\n",
      ".prettierignore": "ignored\n",
    });
    const before = statSync(join(folder, "tidy.resnet")).mtimeMs;
    const ended = await run(["fmt"], folder);
    expect(ended.status).toBe(1);
    expect(ended.stdout).toBe("a.resnet\nbelow/b.resnet\n");
    expect(ended.stderr).toContain("error[R0101]: expected an argument, found `}`");
    expect(ended.stderr).toContain(
      "2 files formatted, 1 was already\n1 file could not be formatted",
    );
    expect(textOf(folder, "a.resnet")).toBe(tidyOpen);
    expect(textOf(folder, "below/b.resnet")).toBe(tidyOpen);
    expect(textOf(folder, "broken.resnet")).toBe(broken);
    for (const name of [
      "ignored/c.resnet",
      "out/d.resnet",
      "node_modules/x/e.resnet",
      "notes.txt",
    ]) {
      expect(textOf(folder, name)).toBe(untidy);
    }
    expect(statSync(join(folder, "tidy.resnet")).mtimeMs).toBe(before);
    expect((await run(["fmt", "a.resnet", "below"], folder)).status).toBe(0);
  });

  test("--check names what is not formatted, and writes nothing", async () => {
    const folder = await folderWith({ "a.resnet": untidy, "b.resnet": tidy });
    const ended = await run(["fmt", "--check"], folder);
    expect(ended).toMatchObject({
      status: 1,
      stdout: "a.resnet\n",
      stderr: "1 file of 2 not formatted: run `resnetc fmt`\n",
    });
    expect(textOf(folder, "a.resnet")).toBe(untidy);
    const fine = await run(["fmt", "--check", "b.resnet"], folder);
    expect(fine).toMatchObject({ status: 0, stdout: "", stderr: "1 file formatted already\n" });
  });

  test("--json says the same", async () => {
    const folder = await folderWith({ "a.resnet": untidy, "broken.resnet": broken });
    const ended = await run(["fmt", "--json", "a.resnet", "broken.resnet", "none.resnet"], folder);
    const answer = JSON.parse(ended.stdout) as object;
    expect(ended.status).toBe(1);
    expect(answer).toMatchObject({
      ok: false,
      written: true,
      files: [
        { file: "a.resnet", state: "formatted" },
        { file: "broken.resnet", state: "failed", diagnostics: [{ code: "R0101" }] },
        { file: "none.resnet", state: "failed", diagnostics: [{ code: "R0001" }] },
      ],
    });
  });

  test("keeps the byte order mark, the permissions and the link; line ends are those of the settings", async () => {
    const folder = await folderWith({
      "a.resnet": `\ufeff${untidy.replaceAll("\n", "\r\n")}`,
      "windows/b.resnet": untidy,
      "windows/.editorconfig": "[*]\nend_of_line = crlf\nindent_style = tab\n",
      "narrow/c.resnet": untidy,
      "narrow/.prettierrc": '{ "printWidth": 20, "tabWidth": 4 }',
    });
    chmodSync(join(folder, "a.resnet"), 0o640);
    symlinkSync("a.resnet", join(folder, "link.resnet"));
    const ended = await run(["fmt", "link.resnet", "windows", "narrow"], folder);
    expect(ended.status).toBe(0);
    expect(textOf(folder, "a.resnet")).toBe(`\ufeff${tidyOpen}`);
    expect(statSync(join(folder, "a.resnet")).mode & 0o777).toBe(0o640);
    expect(textOf(folder, "windows/b.resnet")).toBe(
      "block A(w) {\r\n\tconv 3x3, w -> relu // why\r\n}\r\n",
    );
    expect(textOf(folder, "narrow/c.resnet")).toBe(
      "block A(w) {\n    conv 3x3, w\n        -> relu // why\n}\n",
    );
  });

  test("a file that may not be written is said, and the others are formatted", async () => {
    const folder = await folderWith({ "a.resnet": untidy, "b.resnet": untidy });
    chmodSync(join(folder, "a.resnet"), 0o444);
    const ended = await run(["fmt"], folder);
    expect(ended).toMatchObject({ status: 2, stdout: "b.resnet\n" });
    expect(ended.stderr).toContain("error: a.resnet is read-only: it is left as it is\n");
    expect(textOf(folder, "a.resnet")).toBe(untidy);
    expect(textOf(folder, "b.resnet")).toBe(tidyOpen);
  });

  test("no spec is wrong use", async () => {
    const folder = await folderWith({ "notes.txt": untidy, "empty/notes.txt": untidy });
    for (const given of [[], ["--check"]]) {
      const ended = await run(["fmt", ...given], folder);
      expect(ended).toMatchObject({ status: 2, stdout: "" });
      expect(ended.stderr).toBe(
        "error: there is no spec to format below this folder\n  = help: specs end in .resnet\n",
      );
    }
    const json = await run(["fmt", "--json"], folder);
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: { help: "specs end in .resnet" },
    });
    const { status, stderr } = await run(["fmt", "empty", "."], folder);
    expect(status).toBe(2);
    expect(stderr).toContain("error: there is no spec to format in empty, .\n");
  });

  test("a configuration that cannot be read is wrong use", async () => {
    const folder = await folderWith({ "a.resnet": untidy, ".prettierrc": "{bad" });
    const ended = await run(["fmt"], folder);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain("error: the settings for a.resnet cannot be read");
    expect(textOf(folder, "a.resnet")).toBe(untidy);
  });
});

describe("resnetc fmt - ", () => {
  test("reads standard input and writes it formatted", async () => {
    const folder = await folderWith({ ".prettierrc": '{ "printWidth": 20 }', ".gitignore": "out" });
    const narrow = "block A(w) {\n  conv 3x3, w\n    -> relu // why\n}\n";
    expect(pipe(["fmt", "-"], untidy, folder)).toMatchObject({ status: 0, stdout: narrow });
    expect(pipe(["fmt", "--stdin-filepath", "x.resnet"], untidy, folder).stdout).toBe(narrow);
    expect(pipe(["fmt", "--stdin-filepath", "out/x.resnet"], untidy, folder).stdout).toBe(untidy);
    expect(pipe(["fmt", "-", "--check"], untidy, folder)).toMatchObject({ status: 1, stdout: "" });
    expect(pipe(["fmt", "-"], "", folder)).toMatchObject({ status: 0, stdout: "" });
  });

  test("errors name the file that the text will be", async () => {
    const folder = await temporaryFolder();
    const ended = pipe(["fmt", "--stdin-filepath", "x.resnet"], broken, folder);
    expect(ended.status).toBe(1);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toContain("--> x.resnet:2:20");
  });

  test("stands alone", async () => {
    const folder = await temporaryFolder();
    expect(pipe(["fmt", "-", "a.resnet"], "", folder).status).toBe(2);
    expect(pipe(["fmt", "-", "--json"], "", folder).status).toBe(2);
  });
});

describe("the plugin of the package", () => {
  const prettier = (given: readonly string[], cwd: string): Omit<Ended, "signal"> => {
    const command = join(repository, "node_modules", "prettier", "bin", "prettier.cjs");
    return spawnSync(process.execPath, [command, ...given], { cwd, encoding: "utf8" });
  };

  test("works with the prettier command in a fresh folder, and writes what fmt writes", async () => {
    const everything = join(repository, "test", "graph", "fixtures", "every-construct.resnet");
    const unlaid = readFileSync(everything, "utf8")
      .replaceAll(/^ +/gm, "")
      .replaceAll(" -> ", "->");
    const files = {
      "a.resnet": untidy,
      "b.resnet": unlaid,
      "readme.md": "```resnet\n" + untidy + "```\n",
    };
    const [one, other] = [await folderWith(files), await folderWith(files)];
    await mkdir(join(one, "node_modules"));
    symlinkSync(built, join(one, "node_modules", "resnetc"));
    const unformatted = prettier(["--plugin", "resnetc/prettier-plugin", "--check", "."], one);
    expect(unformatted.status, unformatted.stderr).toBe(1);
    writeFileSync(join(one, ".prettierrc"), '{ "plugins": ["resnetc/prettier-plugin"] }');
    expect(prettier(["--write", "."], one)).toMatchObject({ status: 0, stderr: "" });
    expect((await run(["fmt"], other)).status).toBe(0);
    expect(textOf(one, "a.resnet")).toBe(tidyOpen);
    expect(textOf(one, "b.resnet")).toBe(readFileSync(everything, "utf8"));
    expect(textOf(one, "b.resnet")).toBe(textOf(other, "b.resnet"));
    expect(textOf(one, "readme.md")).toBe("```resnet\n" + tidyOpen + "```\n");
  });

  test("shows where a text is no spec", async () => {
    const folder = await folderWith({ "broken.resnet": broken });
    await mkdir(join(folder, "node_modules"));
    symlinkSync(built, join(folder, "node_modules", "resnetc"));
    const ended = prettier(
      ["--plugin", "resnetc/prettier-plugin", "--check", "broken.resnet"],
      folder,
    );
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain("R0101: expected an argument, found `}` (2:20)");
  });
});
