import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const repository = resolve(import.meta.dirname, "..", "..");
const spec = join(repository, "specs", "quickstart.resnet");

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The command in this process, in a terminal 80 columns wide. */
async function run(...given: readonly string[]): Promise<Ran> {
  let [out, err] = ["", ""];
  const load = {
    tensor: () => import("../../src/cli/tensor-commands.js"),
    tool: () => import("../../src/cli/tool-commands.js"),
  };
  const status = await main(given, load, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    outColor: false,
    errColor: false,
    width: 80,
    interactive: false,
    onClosed: () => undefined,
  });
  return { status, out, err };
}

describe("resnetc diagram", () => {
  test("draws SVG on standard output", async () => {
    const { status, out, err } = await run("diagram", spec);
    expect(out).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect([status, err]).toEqual([0, ""]);
  });

  test.each([
    ["x.svg", /^<svg /],
    ["x.mmd", /^---\ntitle: "Quick/],
    ["x.dot", /^digraph "Quick"/],
  ])("%s says its format by its ending", async (name, beginning) => {
    const path = join(await temporaryFolder(), "new", name);
    const { status, out } = await run("diagram", spec, "-o", path, "--view", "full");
    expect([status, out]).toEqual([0, `${path}\n`]);
    expect(await readFile(path, "utf8")).toMatch(beginning);
  });

  test("a PNG is one", async () => {
    const path = join(await temporaryFolder(), "x.png");
    const { status } = await run("diagram", spec, "-o", path, "--direction", "right");
    expect(status).toBe(0);
    expect((await sharp(path).metadata()).format).toBe("png");
  });

  test.each([
    [["-o", "x.gif"], "does not say what it is to be"],
    [["--format", "png"], "does not go to a terminal"],
    [["--at", "64x64"], "input is 32, not 64"],
    [["--view", "half"], "`half` is no value for `--view <name>`"],
    [["--set", "nope=3"], "nope"],
  ])("wrong use is said: %j", async (given, words) => {
    const { status, out, err } = await run("diagram", spec, ...given);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(words);
  });

  test("a chart that Mermaid would not draw is kept to what it draws, and that is said", async () => {
    const large = join(repository, "specs", "resnet152.resnet");
    const { status, out, err } = await run("diagram", large, "--format", "mermaid", "--view=full");
    expect([status, err]).toEqual([
      0,
      "note: equal blocks are drawn once, as 564 arrows are more than the 500 that\n" +
        "Mermaid draws unless its page allows more; `--expand` draws each\n",
    ]);
    expect(out.match(/-->/g)?.length).toBeLessThan(500);
  });

  test("a symbolic input is drawn at a size", async () => {
    const path = join(repository, "test", "diagram", "fixtures", "pyramid.resnet");
    expect((await run("diagram", path)).out).toContain("(H / 4) x (W / 4)");
    const { out } = await run("diagram", path, "--at", "64x96");
    expect(out).toContain("output size: 16x24");
    expect(out).not.toContain("ceil");
  });
});

describe("resnetc docs", () => {
  test("writes pages, and says which", async () => {
    const folder = join(await temporaryFolder(), "pages");
    const { status, out } = await run("docs", spec, "-o", folder, "--json");
    const pages = ["index.html", "quickstart.html", "std-blocks.html"];
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({ folder, pages, notes: [] });
    for (const page of pages) {
      expect(await readFile(join(folder, page), "utf8")).toMatch(/^<!doctype html>/);
    }
  });

  test("a spec in error is said, and nothing is written", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "broken.resnet"), "network N { input 8x8x3 }\n");
    const { status, err } = await run("docs", folder, "-o", join(folder, "pages"));
    expect(status).toBe(1);
    expect(err).toContain("R0219");
    await expect(readFile(join(folder, "pages", "index.html"))).rejects.toThrow("ENOENT");
  });

  const pyramid = join(repository, "test", "diagram", "fixtures", "pyramid.resnet");

  test("symbolic inputs have a size where one is given, and fixed ones keep theirs", async () => {
    const folder = await temporaryFolder();
    const { status, err } = await run("docs", pyramid, spec, "--at", "64x96", "-o", folder);
    expect([status, err]).toEqual([0, ""]);
    const index = await readFile(join(folder, "index.html"), "utf8");
    expect(index).toContain("64 x 96 x 3");
    expect(index).toContain("32 x 32 x 3");
  });

  test("a network that is not for the size keeps its symbols, and is named", async () => {
    const folder = await temporaryFolder();
    const every = join(repository, "test", "graph", "fixtures", "every-construct.resnet");
    const given = ["docs", pyramid, every, "--at", "40x64", "-o", folder];
    const { status, err } = await run(...given);
    expect([status, err]).toEqual([
      0,
      "note: Pyramid keeps its symbols: H = 40 is refused: the nearest sizes are 32 and\n64\n",
    ]);
    expect(await readFile(join(folder, "index.html"), "utf8")).toContain("H x W x 3");
    const { out } = await run(...given, "--json");
    expect(JSON.parse(out)).toMatchObject({ notes: [expect.stringContaining("Pyramid keeps")] });
  });

  test.each([
    [[pyramid, spec], "40x64", "Pyramid does not take a height of 40"],
    [[spec], "64x64", "no network here has a symbolic input, to which 64x64 could be given"],
    [[pyramid], "64by64", "--at takes a size in pixels, not `64by64`"],
  ])("a size that is for none of %j is wrong use", async (specs, at, words) => {
    const folder = join(await temporaryFolder(), "pages");
    const { status, out, err } = await run("docs", ...specs, "--at", at, "-o", folder);
    expect([status, out]).toEqual([2, ""]);
    expect(err.replace(/\s+/g, " ")).toContain(words);
    await expect(readFile(join(folder, "index.html"))).rejects.toThrow("ENOENT");
  });

  test("no spec is wrong use", async () => {
    const { status, err } = await run("docs", await temporaryFolder());
    expect(status).toBe(2);
    expect(err).toContain("there is no spec");
  });
});
