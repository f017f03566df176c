/**
 * Every error has a page that tells the truth: its broken example, on a real file system, gives that error and no
 * other, and its mended one gives nothing. Every page names what there is, and fits into a terminal.
 */
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorIndex } from "../../scripts/errors/error-index.js";
import { explain, explainedNames, type Explanation } from "../../src/api/explain.js";
import { UsageError } from "../../src/api/errors.js";
import { check } from "../../src/check/check.js";
import { catalog } from "../../src/diagnostics/catalog.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { columns } from "../../src/diagnostics/display-width.js";
import { NodeHost } from "../../src/host/node-host.js";
import { ConfigError, ProjectConfigs } from "../../src/host/project-config.js";
import { configCodes, isConfigCode } from "../../src/lint/config/codes.js";
import { configName } from "../../src/lint/config/config.js";
import { render } from "../check/memory-host.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const pages = new URL("../../docs/errors/", import.meta.url);
const codes = [...Object.keys(catalog), ...configCodes];

/** Checks an example as a user would find it on a disk: a spec, or the configuration that holds for one. */
async function diagnosticsOf(
  explanation: Explanation,
  role: "broken" | "mended",
): Promise<readonly Diagnostic[]> {
  const folder = await exampleFolder(explanation, role);
  if (!isConfigCode(explanation.name)) {
    return check("spec.resnet", new NodeHost(folder)).diagnostics;
  }
  try {
    await new ProjectConfigs(undefined, folder).settings("spec.resnet");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics;
    throw error;
  }
}

async function exampleFolder({ page }: Explanation, role: "broken" | "mended"): Promise<string> {
  const folder = await temporaryFolder();
  for (const block of page.blocks) {
    if (block.kind !== "code" || block.role !== role) continue;
    if (block.language === "files") {
      for (const line of block.text.trimEnd().split("\n")) makeSpecial(folder, line);
      continue;
    }
    const own = block.language === "jsonc" ? configName : "spec.resnet";
    const path = join(folder, block.path ?? own);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.text);
  }
  return folder;
}

/** Makes what a line of a `files` block says, such as `wide.resnet: a link to itself`. */
function makeSpecial(folder: string, line: string): void {
  const [name = "", what = ""] = line.split(": ");
  const path = join(folder, name);
  const bytes = /^the bytes ([0-9a-f ]+)$/.exec(what)?.[1];
  const size = /^(\d+) kB$/.exec(what)?.[1];
  if (what === "a folder") mkdirSync(path);
  else if (what === "a link to itself") symlinkSync(name, path);
  else if (bytes !== undefined) writeFileSync(path, Buffer.from(bytes.replaceAll(" ", ""), "hex"));
  else if (size !== undefined) writeFileSync(path, "// text\n".repeat(Number(size) * 128));
  else throw new RangeError(`a page asks for a file that this test cannot make: ${line}`);
}

describe.each(codes)("the page of %s", (code) => {
  it("is titled by its code, and names only what has a page in its last line", () => {
    const { title, markdown, page } = explain(code);
    expect(markdown.split("\n")[0]).toBe(`# ${code}: ${title}`);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(page.seeAlso).not.toEqual([]);
    for (const other of page.seeAlso) expect(explain(other).name).toBe(other);
  });

  it("says what it means before its examples, in lines that fit", () => {
    const { page } = explain(code);
    const first = page.blocks.findIndex(({ kind }) => kind === "code");
    expect(page.blocks.slice(0, first).every(({ kind }) => kind === "prose")).toBe(true);
    expect(first).toBeGreaterThan(0);
    for (const block of page.blocks) {
      if (block.kind !== "code") continue;
      expect(isConfigCode(code) ? ["jsonc", "files"] : ["resnet", "files"]).toContain(
        block.language,
      );
      for (const line of block.text.split("\n")) expect(columns(line)).toBeLessThanOrEqual(76);
    }
  });

  it("has a broken example that gives this error and no other", async () => {
    const found = await diagnosticsOf(explain(code), "broken");
    expect(
      found.map((each) => each.code),
      render(found),
    ).toEqual([code]);
  });

  it("has a mended example that is sound", async () => {
    const explanation = explain(code);
    const own = isConfigCode(code) ? configName : "spec.resnet";
    expect(explanation.mended.has(own)).toBe(true);
    expect(render(await diagnosticsOf(explanation, "mended"))).toBe("");
  });
});

it("has no page of an error that is not there", () => {
  const known = [...codes.map((code) => `${code}.md`), "README.md"];
  expect(readdirSync(pages).filter((page) => !known.includes(page))).toEqual([]);
});

it("has an index of its pages, written by `npm run errors`", () => {
  expect(readFileSync(new URL("README.md", pages), "utf8")).toBe(errorIndex());
});

describe("explain", () => {
  it.each(["R0301", "r0301", "r301", "301", "0301", "error[R0301]", " R0301 "])(
    "takes %j",
    (wanted) => {
      expect(explain(wanted)).toMatchObject({ name: "R0301", kind: "error", group: "shapes" });
    },
  );

  it("knows what can be wrong with a configuration", () => {
    const explanation = explain("error[config-rule]");
    expect(explanation).toMatchObject({ name: "config-rule", group: "configuration" });
    expect([...explanation.broken.keys()]).toEqual(["resnet.config.json"]);
    expect([...explain("config-extends").mended.keys()]).toEqual([
      "resnet.config.json",
      "base.json",
    ]);
  });

  it("knows the rules of the linter", () => {
    const explanation = explain("Bias-Before-Batchnorm");
    expect(explanation).toMatchObject({ name: "bias-before-batchnorm", kind: "rule" });
    expect([...explanation.broken.keys()]).toEqual(["spec.resnet"]);
  });

  it("lists every error and every rule", () => {
    const names = explainedNames();
    expect(names.filter(({ kind }) => kind === "error").map(({ name }) => name)).toEqual(codes);
    for (const { name, title } of names) expect(explain(name).title).toBe(title);
  });

  it.each([
    ["R0391", "there is no page for R0391", "did you mean R0301?"],
    ["bias-befor-batchnorm", "there is no page for", "did you mean bias-before-batchnorm?"],
    ["R9999", "there is no page for R9999", "`resnetc explain` lists all"],
    ["config-rules", "there is no page for config-rules", "did you mean config-rule?"],
    ["shortcuts", "there is no page for shortcuts", "`resnetc explain` lists all"],
  ])("refuses %s and says what there is", (wanted, message, help) => {
    let thrown: unknown;
    try {
      explain(wanted);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).message).toContain(message);
    expect((thrown as UsageError).help).toContain(help);
  });
});
