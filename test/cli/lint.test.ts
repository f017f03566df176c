/** `resnetc lint` as it is typed: what it prints where, in which format, and how it ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

  it("tells what is wrong with a configuration where it stands, and ends with 2", async () => {
    writeFileSync("wrong.json", '{\n  "rules": { "chanel-multiple": "off" }\n}\n');
    const { status, err } = await resnetc("lint", "--config", "wrong.json");
    expect(status).toBe(2);
    expect(err).toContain("error[config-rule]: there is no rule named `chanel-multiple`");
    expect(err).toContain("wrong.json:2:14");
    expect(err).toContain("`resnetc explain config-rule`");
    expect((await resnetc("explain", "config-rule")).out).toMatch(/^error\[config-rule\]: /);
    expect((await resnetc("explain")).out).toContain("Errors: configuration\n  config-syntax ");
    const json = await resnetc("lint", "--json", "--config", "wrong.json");
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
  });

  it("shows errors alone where it is asked to be quiet, and counts the rest", async () => {
    const { out } = await resnetc("lint", "net.resnet", ...only, "--quiet");
    expect(out).not.toContain("channel-multiple");
    expect(out).toMatch(/0 errors and \d+ warning/);
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

  it("shows what --fix would change, then makes it, and lints what came out", async () => {
    const dry = await resnetc("lint", "net.resnet", "--fix", "--dry-run");
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
