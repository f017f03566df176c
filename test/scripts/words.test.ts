/** Every script says what it takes, and what it does not; none begins its work with words that it does not know. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { ended } from "../../scripts/ended.js";
import { runScript } from "./run-script.js";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** What `npm run NAME` bundles and runs, by its name. */
const entries = Object.entries(scripts).flatMap(([name, line]) => {
  const entry = /^node scripts\/run\.mjs (\S+\.ts)$/.exec(line)?.[1];
  return entry === undefined ? [] : [{ name, entry }];
});

test("every script with an index is one of npm's", () => {
  const folders = readdirSync("scripts", { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)index\.ts$/.test(path))
    .map((path) => join("scripts", path))
    .filter((path) => path !== "scripts/bench/engines/index.ts");
  expect(entries.map(({ entry }) => entry).sort()).toEqual(folders.sort());
});

/** What the words of a script may not be, and what is said of it. */
const wrong: Readonly<Record<string, readonly (readonly [readonly string[], string])[]>> = {
  bench: [
    [["check", "lint"], "it takes one part, and was given lint too"],
    [
      ["nope"],
      "PART takes check, format, lowering, training, gradients, engines, hand-over, parts, data, lint, lsp, not nope",
    ],
  ],
  "bench:train": [
    [["--only", "nope"], "there is no part nope"],
    [["profile", "nope", "--steps", "0"], "--steps takes a whole number above 0, not 0"],
  ],
  gpu: [
    [["--only", "nope"], "--only takes agree, memory, tests, steps, learn, not nope"],
    [["--seconds", "soon"], "--seconds takes a number above 0, not soon"],
    [["--only", "learn"], "--only learn needs images: --data FOLDER says where they are"],
    [["--data", "nowhere"], "--data nowhere: there is no such folder"],
  ],
  pack: [
    [[], "-o FILE.tar.xz is missing"],
    [["-o", "x.zip"], "x.zip ends neither in .tar.xz nor in .tar.zst"],
    [["-o", "nowhere/x.tar.xz"], "there is no folder nowhere for the archive"],
    [["-o", "x.tar.xz", "--data", "nowhere"], "--data nowhere: there is no such folder"],
    [["-o", "x.tar.xz", "--limit", "0"], "--limit takes a number above 0, not 0"],
  ],
  mutation: [[["word"], "unexpected argument 'word'"]],
  schema: [[["word"], "it takes no words, and was given word"]],
  vsix: [[["x.zip"], "x.zip does not end in .vsix"]],
};

describe("words", { timeout: 120_000 }, () => {
  it.each(entries)("$name --help says what it takes, in 80 columns", async ({ name, entry }) => {
    const { status, stdout, stderr } = await runScript(entry, ["--help"]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(new RegExp(`^usage: npm run ${name}\\b`));
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(status).toBe(0);
    // The bundle is there now: what follows needs none of its own.
    const bundle = `dist/scripts/${entry.replace(/\.ts$/, "").replaceAll(/[^\w-]+/g, "-")}.js`;
    const strange = await ended([bundle, "--no-such-option"]);
    expect(strange.stdout).toBe("");
    expect(strange.stderr).toMatch(/^error: .*--no-such-option/);
    expect(strange.stderr).toContain(stdout.trimEnd());
    expect(strange.status).toBe(2);
    for (const [given, words] of wrong[name] ?? []) {
      const refused = await ended([bundle, ...given]);
      expect(refused.stdout).toBe("");
      expect(refused.stderr).toBe(`error: ${words}\n${stdout}`);
      expect(refused.status).toBe(2);
    }
    expect(existsSync("x.tar.xz")).toBe(false);
  });

  it.each([
    ["scripts/build.mjs", "usage: node scripts/build.mjs [FOLDER] [--no-types]"],
    ["scripts/tensorflow/index.mjs", "usage: npx resnetc-tensorflow [--gpu]"],
  ])("%s", async (script, usage) => {
    const help = await ended([script, "--help"]);
    expect(help.stdout).toContain(usage);
    expect(help.status).toBe(0);
    const strange = await ended([script, "--no-such-option"]);
    expect(strange.stdout).toBe("");
    expect(strange.stderr).toMatch(/^error: .*--no-such-option\n/);
    expect(strange.stderr).toContain(usage);
    expect(strange.status).toBe(2);
  });

  it("scripts/run.mjs", async () => {
    const none = await ended(["scripts/run.mjs"]);
    expect(none.stderr).toBe("usage: node scripts/run.mjs FILE.ts [ARGUMENT…]\n");
    expect(none.status).toBe(2);
    const absent = await ended(["scripts/run.mjs", "scripts/nope.ts"]);
    expect(absent.stderr).toBe("error: there is no file scripts/nope.ts\n");
    expect(absent.status).toBe(2);
  });
});
