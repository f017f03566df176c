/**
 * Every spec under `fixtures/` against the diagnostics beside it, as a terminal shows them.
 * `UPDATE_FIXTURES=1 npx vitest run test/check/fixtures.test.ts` writes them anew: read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { applyEdits, codesAndLines, MemoryHost, render } from "./memory-host.js";

const folder = new URL("fixtures/", import.meta.url);
const paths = globSync("**/*.resnet", { cwd: folder.pathname }).sort();
const files = Object.fromEntries(
  paths.map((path) => [path, readFileSync(new URL(path, folder), "utf8")]),
);
const specs = paths.filter((path) => !path.includes("/"));
const update = process.env["UPDATE_FIXTURES"] === "1";

function diagnose(
  path: string,
  changed: Readonly<Record<string, string>> = {},
): readonly Diagnostic[] {
  return check(path, new MemoryHost({ ...files, ...changed })).diagnostics;
}

describe.each(specs)("%s", (path) => {
  const found = diagnose(path);

  it("gives the diagnostics beside it", () => {
    const written = new URL(path.replace(/\.resnet$/, ".txt"), folder);
    const rendered = render(found);
    if (update) writeFileSync(written, rendered);
    expect(rendered).toBe(readFileSync(written, "utf8"));
  });

  it("gives the code that it is named for", () => {
    expect(found.map(({ code }) => code)).toContain(path.slice(0, 5));
  });

  it.each(
    found.filter(({ help }) => help?.edits?.length).map((each) => [title(each), each] as const),
  )("mends %s by the help's own edits", (_title, diagnostic) => {
    const edits = diagnostic.help?.edits ?? [];
    const changed: Record<string, string> = {};
    for (const { path: at } of new Set(edits.map(({ span }) => span.file))) {
      const own = edits.filter(({ span }) => span.file.path === at);
      changed[at] = applyEdits(files[at] ?? "", own);
    }
    const left = codesAndLines(found);
    left.splice(found.indexOf(diagnostic), 1);
    const after = codesAndLines(diagnose(path, changed));
    // Other findings may go with it, but none comes.
    const came = after.filter((each) => {
      const known = left.indexOf(each);
      return known < 0 || left.splice(known, 1).length === 0;
    });
    // What is expected is tested once all that it rests on is right.
    const revealed = diagnostic.code === "R0401" ? [] : came.filter((each) => /^R0401/.test(each));
    expect(came).toEqual(revealed);
  });
});

function title({ code, message }: Diagnostic): string {
  return `${code} (${message})`;
}

describe("the catalog", () => {
  const sources = globSync("src/**/*.ts", { cwd: new URL("../../", import.meta.url).pathname })
    .filter((path) => !path.endsWith("catalog.ts"))
    .map((path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"))
    .join("\n");

  it.each(Object.keys(catalog))("%s is given by something in src", (code) => {
    expect(sources).toContain(`"${code}"`);
  });

  it("has a fixture for every code that does not need a file system", () => {
    const covered = new Set(specs.flatMap((path) => diagnose(path)).map(({ code }) => code));
    const ofFiles = ["R0002", "R0003", "R0004", "R0005"];
    const missing = Object.keys(catalog).filter(
      (code) => !covered.has(code as Diagnostic["code"]) && !ofFiles.includes(code),
    );
    expect(missing).toEqual([]);
  });
});
