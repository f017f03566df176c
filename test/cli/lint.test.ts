/** `resnetc lint` as it is typed: what it prints where, in which format, and how it ends. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { resnetc } from "./in-process-command.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-lint-"));
const before = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  writeFileSync(
    "net.resnet",
    `network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 20, bias: true -> batchnorm -> relu }
  head classify { globalavgpool -> dense classes }
}
`,
  );
  writeFileSync("clean.resnet", readFileSync(join(before, "specs/resnet50.resnet")));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const only = ["--rule", "channel-multiple=warn", "--no-cache"];

describe("resnetc lint", () => {
  it("lints every spec below the working folder, and ends well with warnings", async () => {
    const { status, out, err } = await resnetc("lint", ...only);
    expect(out).toContain("warning[channel-multiple]: 20 channels are not a multiple of 8\n");
    expect(out).toMatch(/0 errors and \d+ warnings? in 2 files\n/);
    expect(err).toBe("");
    expect(status).toBe(0);
  });

  it("ends with 1 for an error, and for more warnings than may be", async () => {
    const strict = await resnetc("lint", "net.resnet", "--rule", "channel-multiple=error");
    expect(strict.status).toBe(1);
    const most = await resnetc("lint", "net.resnet", ...only, "--max-warnings", "0");
    expect(most.status).toBe(1);
    expect(most.out).toContain("where 0 may be");
    const json = await resnetc("lint", "net.resnet", ...only, "--max-warnings", "0", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, errors: 0 });
    expect(
      (await resnetc("lint", "clean.resnet", "--max-warnings", "0", "--no-cache")).status,
    ).toBe(0);
  });

  it("ends with 2 for what it does not understand", async () => {
    const wrong = [
      ["--rule", "chanel-multiple=off"],
      ["--rule", "channel-multiple=loud"],
      ["--rule", "channel-multiple"],
      ["--format", "xml"],
      ["--unsafe"],
      ["--dry-run"],
      ["--config", "nowhere.json"],
      ["--max-warnings", "few"],
      ["net.resnet#Net"],
      ["-"],
    ];
    for (const given of wrong) {
      const { status, err } = await resnetc("lint", "net.resnet", "--no-cache", ...given);
      expect([given, status]).toEqual([given, 2]);
      expect(err).not.toBe("");
    }
    expect((await resnetc("lint", "--rule", "chanel-multiple=off")).err).toContain(
      "did you mean channel-multiple?",
    );
  });

  it("takes a pattern that fits nothing for a mistake, and a negative limit", async () => {
    const pattern = await resnetc("lint", "net.resnet", "nets/*.resnet", "--no-cache");
    expect(pattern.err).toContain("no spec fits the pattern nets/*.resnet");
    expect([pattern.out, pattern.status]).toEqual(["", 2]);
    const limit = await resnetc("lint", "--max-warnings", "-1");
    expect(limit.err.replace(/\s+/g, " ")).toContain("help: it must be a whole number, 0 or more");
    expect(limit.status).toBe(2);
  });

  it("says how many findings have a mend", async () => {
    const { out } = await resnetc("lint", "net.resnet", ...only);
    expect(out).toContain("1 may be mended by --fix, 1 more by --fix --unsafe\n");
    const quiet = await resnetc("lint", "net.resnet", ...only, "--quiet");
    expect(quiet.out).not.toContain("may be mended");
    const none = await resnetc("lint", "clean.resnet", "--no-cache");
    expect(none.out).toBe("nothing found in 1 file\n");
  });

  it("makes the folder of what it writes, and says in words why it cannot", async () => {
    const given = ["lint", "net.resnet", ...only, "--format", "sarif", "-o"];
    expect((await resnetc(...given, "made/for/lint.sarif")).status).toBe(0);
    expect(readFileSync("made/for/lint.sarif", "utf8")).toContain("channel-multiple");
    const file = await resnetc(...given, "net.resnet/lint.sarif");
    expect(file.err).toContain("cannot write net.resnet/lint.sarif: a part of its path is a file");
    expect(file.status).toBe(2);
    const device = await resnetc(...given, "/dev/full");
    expect(device.err).toContain("cannot write /dev/full: it is a device or a pipe");
    expect(device.status).toBe(2);
  });

  it("says what keeps findings from being kept in lines that fit", async () => {
    const place = `net.resnet/${"deep/".repeat(20)}cache`;
    const { err, status } = await resnetc("lint", "net.resnet", "--cache-location", place);
    expect(err).toContain("the findings cannot be kept for the next run");
    expect(err.trimEnd().split("\n").length).toBeGreaterThan(1);
    expect(status).toBe(0);
  });

  it("does not follow links to folders, which could come back to where they are", async () => {
    mkdirSync("linked");
    writeFileSync("linked/net.resnet", readFileSync("net.resnet"));
    symlinkSync("..", "linked/up");
    const json = async (pattern: string): Promise<number> => {
      const { out } = await resnetc("lint", pattern, "--json", "--no-cache");
      return (JSON.parse(out) as { files: object[] }).files.length;
    };
    expect(await json("linked")).toBe(1);
    expect(await json("linked/**/*.resnet")).toBe(1);
    rmSync("linked", { recursive: true });
  });

  it("tells what is wrong with a configuration where it stands, and ends with 2", async () => {
    writeFileSync("wrong.json", '{\n  "rules": { "chanel-multiple": "off" }\n}\n');
    const { status, err } = await resnetc("lint", "--config", "wrong.json");
    expect(status).toBe(2);
    expect(err).toContain("error[config-rule]: there is no rule named `chanel-multiple`");
    expect(err).toContain("wrong.json:2:14");
    expect(err).toContain("`resnetc explain config-rule`");
    expect((await resnetc("explain", "config-rule")).out).toMatch(/^error\[config-rule\]: /);
    expect((await resnetc("explain")).out).toContain("Errors: configuration\n  config-file ");
    const json = await resnetc("lint", "--json", "--config", "wrong.json");
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
    mkdirSync("folder.json");
    const folder = await resnetc("lint", "--config", "folder.json");
    expect(folder.err).toContain(
      "error[config-file]: folder.json is a folder, and no configuration",
    );
    const missing = await resnetc("lint", "--config", "nowhere.json");
    expect(missing.err).toContain("error[config-file]: there is no file nowhere.json");
    const github = await resnetc("lint", "--format", "github", "--config", "wrong.json");
    expect(github.out).toMatch(/^::error file=wrong\.json,line=2,.*title=config-rule::there is no/);
    expect(github.err).toBe(err);
    expect(github.status).toBe(2);
    for (const [format, what] of [
      ["sarif", /"ruleId": "config-rule"/],
      ["junit", /<testcase [^>]*name="config-rule/],
    ] as const) {
      const written = ["--format", format, "-o", "report"];
      const ended = await resnetc("lint", "--config", "wrong.json", ...written);
      expect([ended.status, ended.err]).toEqual([2, err]);
      expect(readFileSync("report", "utf8")).toMatch(what);
    }
    rmSync("report");
  });

  it("shows errors alone where it is asked to be quiet, and counts the rest", async () => {
    const { out } = await resnetc("lint", "net.resnet", ...only, "--quiet");
    expect(out).not.toContain("channel-multiple");
    expect(out).toMatch(/0 errors and \d+ warning/);
  });

  it("names files from the workspace of GitHub, and in SARIF from the root of the repository", async () => {
    mkdirSync("repo/.git", { recursive: true });
    mkdirSync("repo/specs");
    writeFileSync("repo/specs/bad.resnet", "network Net {\n");
    process.chdir("repo/specs");
    const uris = async (...given: string[]): Promise<readonly string[]> => {
      const { out } = await resnetc("lint", "--no-cache", "--format", "sarif", ...given);
      expect(out).toMatch(/"%SRCROOT%": \{\s+"uri": "file:\/\/.*\/"/);
      return [...out.matchAll(/"uri": "(.*bad.resnet)"/g)].map(([, uri = ""]) => uri);
    };
    const annotated = async (): Promise<string> =>
      (await resnetc("lint", "--no-cache", "--format", "github")).out;
    try {
      expect(new Set(await uris())).toEqual(new Set(["specs/bad.resnet"]));
      const absolute = join(process.cwd(), "bad.resnet");
      expect(new Set(await uris(absolute))).toEqual(new Set(["specs/bad.resnet"]));
      expect(await annotated()).toMatch(/^::error file=bad\.resnet,/);
      vi.stubEnv("GITHUB_WORKSPACE", folder);
      expect(await annotated()).toMatch(/^::error file=repo\/specs\/bad\.resnet,/);
      expect(new Set(await uris())).toEqual(new Set(["repo/specs/bad.resnet"]));
      vi.stubEnv("GITHUB_WORKSPACE", join(folder, "elsewhere"));
      expect(await annotated()).toMatch(/^::error file=bad\.resnet,/);
    } finally {
      vi.unstubAllEnvs();
      process.chdir(folder);
      rmSync("repo", { recursive: true });
    }
  });

  it.each(["compact", "json", "sarif", "github", "junit"])(
    "prints nothing but the findings as %s, or writes them to a file",
    async (format) => {
      const printed = await resnetc("lint", "net.resnet", ...only, "--format", format);
      expect(printed.out).toContain("channel-multiple");
      expect(printed.err).toBe("");
      const written = await resnetc(
        ...["lint", "net.resnet", ...only, "--format", format, "-o", `found.${format}`],
      );
      expect(written.out).toBe("");
      expect(written.err).toContain("1 file");
      expect(readFileSync(`found.${format}`, "utf8")).toBe(printed.out);
    },
  );

  it("tells programs what comments suppress and why, and counts none of it", async () => {
    const text = readFileSync("net.resnet", "utf8").replace(
      "  stem",
      "  // resnetc-ignore channel-multiple, bias-before-batchnorm: it is a sketch\n  stem",
    );
    writeFileSync("sketch.resnet", text);
    const most = ["--max-warnings", "0", "--rule", "missing-expect=off"];
    const given = ["lint", "sketch.resnet", ...only, ...most];
    const json = await resnetc(...given, "--json");
    expect(json.status).toBe(0);
    const { files, warnings } = JSON.parse(json.out) as {
      warnings: number;
      files: { suppressed: { code: string; suppression: { reason: string } }[] }[];
    };
    expect(warnings).toBe(0);
    expect(files[0]?.suppressed.map(({ code }) => code).sort()).toEqual([
      "bias-before-batchnorm",
      "channel-multiple",
    ]);
    expect(files[0]?.suppressed[0]?.suppression).toMatchObject({
      reason: "it is a sketch",
      place: { file: "sketch.resnet", start: { line: 3, column: 3 } },
    });
    const sarif = await resnetc(...given, "--format", "sarif");
    expect(sarif.out.match(/"justification": "it is a sketch"/g)).toHaveLength(2);
    for (const format of ["json", "sarif"]) {
      const bare = await resnetc(...given, "--format", format, "--no-suppressed");
      expect(bare.out).not.toContain("it is a sketch");
    }
    for (const format of ["pretty", "compact", "github", "junit"]) {
      expect((await resnetc(...given, "--format", format)).out).not.toContain("channel-multiple");
    }
    rmSync("sketch.resnet");
  });

  it("lists the rules, with their levels in this folder", async () => {
    const { out, status } = await resnetc("lint", "--list-rules", "--rule", "channel-multiple=off");
    expect(status).toBe(0);
    expect(out).toMatch(/channel-multiple +off +The channels/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    const json = await resnetc("lint", "--list-rules", "--json");
    const listed = JSON.parse(json.out) as { name: string; level: string }[];
    expect(listed.find(({ name }) => name === "channel-multiple")?.level).toBe("warn");
  });

  it("lists the rules where it is told, as they are for a file or folder", async () => {
    mkdirSync("strict");
    writeFileSync("strict/resnet.config.json", '{ "rules": { "channel-multiple": "error" } }');
    writeFileSync("strict/a.resnet", "");
    for (const place of ["strict", "strict/a.resnet"]) {
      expect((await resnetc("lint", "--list-rules", place)).out).toMatch(
        /channel-multiple +error /,
      );
    }
    const input = ["--stdin-filepath", "strict/b.resnet", "-"];
    expect((await resnetc("lint", "--list-rules", ...input)).out).toMatch(
      /channel-multiple +error /,
    );
    const written = await resnetc("lint", "--list-rules", "--json", "-o", "rules.json");
    expect(written.out).toBe("");
    expect(JSON.parse(readFileSync("rules.json", "utf8"))).toBeInstanceOf(Array);
    rmSync("rules.json");
    rmSync("strict", { recursive: true });
  });

  it.each([
    [["--format", "sarif"], "rules cannot be listed as sarif, which is for findings"],
    [["--fix"], "--list-rules looks at no spec, so that --fix mends nothing"],
    [["net.resnet", "clean.resnet"], "--list-rules is for one file or folder"],
    [["nowhere.resnet"], "there is no file or folder nowhere.resnet"],
    [["net.resnet/x"], "there is no file or folder net.resnet/x"],
  ])("says why it cannot list rules: %j", async (given, words) => {
    const { out, err, status } = await resnetc("lint", "--list-rules", ...given);
    expect(err).toContain(`error: ${words}`);
    expect(out).toBe("");
    expect(status).toBe(2);
  });

  it("shows what --fix would change, then makes it, and lints what came out", async () => {
    const dry = await resnetc("lint", "net.resnet", "--fix", "--dry-run");
    const named = await resnetc("lint", join(process.cwd(), "net.resnet"), "--fix", "--dry-run");
    expect(named.out).toBe(dry.out);
    expect(dry.out).toContain("-  stem { conv 3x3, 20, bias: true -> batchnorm -> relu }\n");
    expect(dry.status).toBe(1);
    const fixed = await resnetc("lint", "net.resnet", "--fix");
    expect(fixed.err).toContain(
      "net.resnet:3: `, bias: true` is taken out (bias-before-batchnorm)",
    );
    expect(fixed.status).toBe(0);
    expect(readFileSync("net.resnet", "utf8")).toContain("conv 3x3, 20 -> batchnorm");
  });
});
