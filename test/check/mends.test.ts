/**
 * Every spec under `mends/` is mended by the edits of its own diagnostics, to the text beside it, which checks
 * clean. `NAME.unsafe.resnet` takes unsafe mends as well. `UPDATE_FIXTURES=1 npx vitest run
 * test/check/mends.test.ts` writes the texts anew: read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.js";
import { OverlayHost } from "../../src/check/overlay-host.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { editedTexts, type Texts } from "../../src/diagnostics/edits.js";
import { mend } from "../../src/diagnostics/mending.js";
import { MemoryHost, render } from "./memory-host.js";

const update = process.env["UPDATE_FIXTURES"] === "1";
const read = (folder: URL): Readonly<Record<string, string>> =>
  Object.fromEntries(
    globSync("**/*.resnet", { cwd: folder.pathname })
      .sort()
      .map((path) => [path, readFileSync(new URL(path, folder), "utf8")]),
  );
const folder = new URL("mends/", import.meta.url);
const broken = read(folder);

const finder =
  (path: string, files: Readonly<Record<string, string>>) =>
  (texts: Texts): readonly Diagnostic[] =>
    check(path, new OverlayHost(new MemoryHost(files), texts)).diagnostics;

describe.each(Object.keys(broken))("%s", (path) => {
  const find = finder(path, broken);
  const unsafe = path.endsWith(".unsafe.resnet");

  it("is in error, by the code that it is named for", () => {
    expect(find(new Map()).map(({ code }) => code)).toContain(path.slice(0, 5));
  });

  it("is mended to the text beside it, which is clean", () => {
    const { texts, left, refused } = mend(find, { unsafe });
    expect(render(left)).toBe("");
    expect(refused).toBe(0);
    const text = texts.get(path) ?? "";
    const beside = new URL(path.replace(/\.resnet$/, ".mended.txt"), folder);
    if (update) writeFileSync(beside, text);
    expect(text).toBe(readFileSync(beside, "utf8"));
  });

  if (!unsafe) return;
  it("is not mended without being asked for what is unsafe", () => {
    expect(mend(find).left.length).toBeGreaterThan(0);
  });
});

describe("alternatives", () => {
  const found = Object.entries(broken).flatMap(([path]) =>
    finder(
      path,
      broken,
    )(new Map()).flatMap((diagnostic) =>
      (diagnostic.alternatives ?? []).map((help) => [diagnostic.code, help, path] as const),
    ),
  );

  it("are there", () => {
    expect(new Set(found.map(([code]) => code))).toEqual(
      new Set(["R0201", "R0207", "R0301", "R0302"]),
    );
  });

  it.each(found)("mend %s as well: $text", (code, { edits = [] }, path) => {
    const find = finder(path, broken);
    const count = (each: readonly Diagnostic[]): number =>
      each.filter((diagnostic) => diagnostic.code === code).length;
    const before = find(new Map());
    expect(count(find(editedTexts(edits)))).toBeLessThan(count(before));
  });
});

it("every code whose findings carry edits has a spec here", () => {
  const fixtures = read(new URL("fixtures/", import.meta.url));
  const carried = new Set<string>();
  for (const path of Object.keys(fixtures).filter((each) => !each.includes("/"))) {
    for (const { code, help } of finder(path, fixtures)(new Map())) {
      if (help?.edits?.length) carried.add(code);
    }
  }
  const covered = new Set(Object.keys(broken).map((path) => path.slice(0, 5)));
  expect([...carried].filter((code) => !covered.has(code))).toEqual([]);
});
