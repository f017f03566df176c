/** Linting a project: what is kept from run to run, what makes it stale, and what mending writes. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFixes } from "../../src/api/fix.js";
import { cacheFolder, LintCache } from "../../src/api/lint-cache.js";
import { fixLint, lintSpecs, type LintReport } from "../../src/api/lint.js";
import { render } from "../check/memory-host.js";
import { justRules } from "../lint/lint-text.js";

const rules = justRules("channel-multiple", "bias-before-batchnorm", "missing-normalisation");

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "resnetc-lint-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

const block = (bias: string): string => `block Plain(width, stride = 1) {
  residual {
    conv 3x3, width, /stride${bias} -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}
`;

const network = (width: number): string => `import { Plain } from "./blocks"

network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 2 x Plain(${width})
  head classify { globalavgpool -> dense classes }
}
`;

function found({ files }: LintReport): string {
  return render(files.flatMap(({ diagnostics }) => diagnostics));
}

describe("the cache", () => {
  const options = () => ({ cache: join(folder, "cache"), rules });
  const lint = (extra = {}) => lintSpecs([join(folder, "specs")], { ...options(), ...extra });

  beforeEach(() => {
    put("specs/blocks.resnet", block(""));
    put("specs/net.resnet", network(20));
  });

  it("gives the very same findings for files that have not changed", async () => {
    const first = await lint();
    const again = await lint();
    expect([first.cached, again.cached]).toEqual([0, 2]);
    expect(first.warnings).toBe(1);
    expect(found(again)).toBe(found(first));
    expect(again.files[0]?.diagnostics).toEqual(first.files[0]?.diagnostics);
  });

  it("keeps what comments suppress as well", async () => {
    const comment = "// resnetc-ignore channel-multiple: the width of the weights";
    put("specs/net.resnet", network(20).replace("  stage", `  ${comment}\n  stage`));
    const first = await lint();
    const again = await lint();
    expect([first.cached, again.cached]).toEqual([0, 2]);
    expect([first.warnings, again.warnings]).toEqual([0, 0]);
    const [suppressed] = again.files.flatMap((each) => each.suppressed);
    expect(suppressed).toMatchObject({
      finding: { code: "channel-multiple" },
      reason: "the width of the weights",
    });
    const span = suppressed?.comment;
    expect(span?.file.text.slice(span.start, span.end)).toBe(comment);
    expect(again.files).toEqual(first.files);
  });

  it("forgets a file that changes, and every file that imports it", async () => {
    await lint();
    put("specs/net.resnet", network(24));
    expect(await lint()).toMatchObject({ cached: 1, warnings: 0 });
    put("specs/blocks.resnet", block(", bias: true"));
    expect(await lint()).toMatchObject({ cached: 0, warnings: 1 });
    put("specs/blocks.resnet", block(""));
    expect(await lint()).toMatchObject({ cached: 0, warnings: 0 });
  });

  it("forgets what was found from a file that was not there", async () => {
    rmSync(join(folder, "specs/blocks.resnet"));
    expect(await lint()).toMatchObject({ errors: 1 });
    expect(await lint()).toMatchObject({ errors: 1, cached: 1 });
    put("specs/blocks.resnet", block(""));
    expect(await lint()).toMatchObject({ errors: 0, cached: 0 });
  });

  it("forgets what was found by other settings", async () => {
    await lint();
    expect(await lint({ rules: { ...rules, "channel-multiple": { level: "off" } } })).toMatchObject(
      {
        cached: 0,
        warnings: 0,
      },
    );
    put("resnet.config.json", '{ "rules": { "channel-multiple": "error" } }');
    expect(await lint()).toMatchObject({ cached: 0, errors: 1 });
    expect(await lint()).toMatchObject({ cached: 2, errors: 1 });
  });

  it.each<[string, (text: string) => string]>([
    ["is cut short", (text) => text.slice(0, 100)],
    ["is empty", () => ""],
    [
      "has another value somewhere",
      (text) => text.replace(/"diagnostics":\[/, '"diagnostics":[null,'),
    ],
    ["has lost its entries", (text) => text.replace(/"entries":.*/s, '"entries":null}')],
  ])("starts anew where its file %s", async (_, change) => {
    await lint();
    const path = join(folder, "cache", "lint-cache");
    const text = readFileSync(path, "utf8");
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
    expect(await lint()).toMatchObject({ cached: 0, warnings: 1 });
    expect(await lint()).toMatchObject({ cached: 2 });
  });

  it("says so where a folder is in the place of its file", async () => {
    mkdirSync(join(folder, "cache", "lint-cache"), { recursive: true });
    const report = await lint();
    expect(report.warnings).toBe(1);
    expect(report.cacheFault).toMatch(/EISDIR|ENOTEMPTY|EEXIST/);
  });

  it("does not wait for a named pipe in the place of its file", async () => {
    mkdirSync(join(folder, "cache"));
    execFileSync("mkfifo", [join(folder, "cache", "lint-cache")]);
    expect(await lint()).toMatchObject({ cached: 0, warnings: 1 });
    expect(await lint()).toMatchObject({ cached: 2 });
  });

  it("says so where it cannot be written, and lints all the same", async () => {
    put("file", "");
    const report = await lint({ cache: join(folder, "file", "cache") });
    expect(report.warnings).toBe(1);
    expect(report.cacheFault).toMatch(/ENOTDIR|is a file/);
  });

  it("lies in the node_modules of the nearest package", () => {
    put("package.json", "{}");
    mkdirSync(join(folder, "a/b"), { recursive: true });
    const nearest = join(folder, "node_modules", ".cache", "resnetc");
    expect(cacheFolder(join(folder, "a/b"))).toBe(nearest);
    expect(() => new LintCache(nearest)).not.toThrow();
  });
});

describe("a project", () => {
  it("leaves out what is named as well where it is told to, and may have nothing to do", async () => {
    put("resnet.config.json", '{ "ignore": ["drafts/**"] }');
    const draft = put("drafts/blocks.resnet", block(", bias: true"));
    const forced = { rules, forceIgnore: true };
    expect(await lintSpecs([draft], forced)).toMatchObject({ files: [], warnings: 0 });
    const other = put("specs/blocks.resnet", block(", bias: true"));
    expect(await lintSpecs([draft, other], forced)).toMatchObject({ warnings: 1 });
    const none = lintSpecs([`${folder}/none/*.resnet`], forced);
    await expect(none).rejects.toThrow("no spec fits the pattern");
  });

  it("leaves out what its configuration ignores, unless it is named", async () => {
    put("resnet.config.json", '{ "ignore": ["drafts/**"] }');
    put("specs/blocks.resnet", block(""));
    const draft = put("drafts/blocks.resnet", block(", bias: true"));
    expect((await lintSpecs([folder])).files).toHaveLength(1);
    expect((await lintSpecs([`${folder}/**/*.resnet`])).files).toHaveLength(1);
    expect(await lintSpecs([draft], { rules })).toMatchObject({ warnings: 1 });
  });

  it("has each error of a file that several import told once", async () => {
    put("specs/blocks.resnet", block(", /3"));
    put("specs/a.resnet", network(16));
    put("specs/b.resnet", network(16));
    expect(await lintSpecs([folder], { rules })).toMatchObject({ errors: 1 });
  });

  it("must have a spec", async () => {
    await expect(lintSpecs([folder])).rejects.toThrow("there is no spec to lint");
  });
});

describe("mending", () => {
  it("writes what is safe, and says what is left", async () => {
    const path = put("specs/blocks.resnet", block(", bias: true"));
    put("specs/net.resnet", network(20));
    const fixed = await fixLint([folder], { rules });
    expect(fixed.mends).toHaveLength(1);
    expect(fixed.report).toMatchObject({ errors: 0, warnings: 1 });
    expect(readFileSync(path, "utf8")).toBe(block(", bias: true"));
    await writeFixes(fixed);
    expect(readFileSync(path, "utf8")).toBe(block(""));
  });

  it("makes what is safe before an expectation that would hold it as it was", async () => {
    const text = network(16).replace("16 -> b", "16, bias: true -> b");
    put("specs/blocks.resnet", block(""));
    put("specs/net.resnet", text);
    const all = { ...rules, "missing-expect": { level: "info" as const } };
    const fixed = await fixLint([folder], { rules: all, unsafe: true });
    expect(fixed.mends.map(({ code }) => code).sort()).toEqual([
      "bias-before-batchnorm",
      "missing-expect",
    ]);
    expect(fixed).toMatchObject({ refused: 0, report: { errors: 0, warnings: 0 } });
  });

  it("makes another network only where that is asked for", async () => {
    const bare = block("").replace("stride -> batchnorm", "stride");
    const path = put("specs/blocks.resnet", bare);
    put("specs/net.resnet", `${bare}\n${network(16).replace(/^import.*\n/, "")}`);
    const safe = await fixLint([folder], { rules });
    expect(safe).toMatchObject({ mends: [], unsafe: 1 });
    const unsafe = await fixLint([folder], { rules, unsafe: true });
    expect(unsafe.files.map(({ after }) => after)).toEqual([
      expect.stringContaining("conv 3x3, width, /stride -> batchnorm -> relu"),
    ]);
    expect(readFileSync(path, "utf8")).toBe(bare);
  });
});
