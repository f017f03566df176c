/** Every command that writes where it is told ends alike where it cannot: with 2, in words, and nothing written. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { resnetc } from "./in-process-command.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-unwritable-"));
const before = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  writeFileSync("net.resnet", readFileSync(join(before, "specs/quickstart.resnet")));
  writeFileSync("taken", "as it was");
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const commands: readonly (readonly string[])[] = [
  ["lint", "net.resnet", "--no-cache", "-o", "taken/findings"],
  ["docs", "net.resnet", "-o", "taken/pages"],
  ["diagram", "net.resnet", "-o", "taken/net.svg"],
  ["compile", "net.resnet", "--graph-only", "-o", "taken/model"],
  ["export", "net.resnet", "--to", "onnx", "-o", "taken/net.onnx"],
  ["export", "net.resnet", "--to", "safetensors", "-o", "taken/net.safetensors"],
  ["train", "net.resnet", "--engine", "cpu", "-o", "taken/run"],
  ["init", "taken/net"],
];

describe("a place that cannot be written to", () => {
  test.each(commands.map((given) => [given.join(" "), given]))(
    "%s",
    async (_name, given) => {
      const { status, err } = await resnetc(...given);
      expect(err).toMatch(/^error: (?:cannot write taken\/|taken\/\S+ cannot be written)/m);
      expect(err).toContain("help: ");
      expect(status).toBe(2);
      expect(readdirSync(".").sort()).toEqual(["net.resnet", "taken"]);
      expect(readFileSync("taken", "utf8")).toBe("as it was");
    },
    60_000,
  );
});

describe("a spec that cannot be written", () => {
  const misspelt =
    "network Net {\n  input 32x32x3\n  stem { covn 3x3, 16 }\n  head h { globalavgpool -> dense 2 }\n}\n";
  beforeAll(() => {
    writeFileSync("read-only.resnet", misspelt);
    writeFileSync(
      "unformatted.resnet",
      misspelt.replace("covn", "conv").replace("  input", " input"),
    );
    chmodSync("read-only.resnet", 0o444);
    chmodSync("unformatted.resnet", 0o444);
  });

  it.each([
    ["check", "read-only.resnet", "--fix"],
    ["fmt", "unformatted.resnet"],
  ])("%s", async (...given) => {
    const { status, err } = await resnetc(...given);
    expect(err).toContain(`error: ${given[1] ?? ""} is read-only: it is left as it is\n`);
    expect(status).toBe(2);
  });
});
