/** Which configuration holds for a file: the nearest above it, with all that it extends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProjectConfigs } from "../../src/host/project-config.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, path), text);
}

const rule = "channel-multiple";

async function level(path: string, only?: string): Promise<string | undefined> {
  const settings = await new ProjectConfigs(only, folder).settings(path);
  return settings.rules[rule]?.level;
}

async function fault(path: string): Promise<string> {
  const error: unknown = await new ProjectConfigs(undefined, folder).settings(path).catch((e) => e);
  expect(error).toHaveProperty("name", "ConfigError");
  return (error as Error).message;
}

beforeAll(() => {
  put("node_modules/shared-rules/resnet.config.json", { rules: { [rule]: "error" } });
  put("resnet.config.json", {
    extends: "shared-rules",
    ignore: ["drafts/", "*.tmp.resnet"],
    overrides: [
      { files: "nets/**", rules: { [rule]: "off" } },
      { files: "small-?.resnet", rules: { [rule]: "info" } },
    ],
  });
  put("own/resnet.config.json", { extends: "../resnet.config.json", rules: { [rule]: "warn" } });
  put("circle/resnet.config.json", { extends: "./b.json" });
  put("circle/b.json", { extends: "./resnet.config.json" });
  put("lost/resnet.config.json", { extends: ["./nothing.json"] });
  put("none/resnet.config.json", { extends: "no-such-package" });
  put("broken/resnet.config.json", { extends: "./base.json" });
  put("broken/base.json", '{\n  "rules": { "channel-multipel": "off" }\n}');
});

describe("a file's configuration", () => {
  it("is the nearest above it", async () => {
    expect(await level("spec.resnet")).toBe("error");
    expect(await level("deep/down/spec.resnet")).toBe("error");
    expect(await level("own/below/spec.resnet")).toBe("warn");
  });

  it("has overrides for patterns from its folder, by name where a pattern has no slash", async () => {
    expect(await level("nets/a/b.resnet")).toBe("off");
    expect(await level("deep/small-1.resnet")).toBe("info");
    expect(await level("deep/small-10.resnet")).toBe("error");
  });

  it("is one for all where it is given", async () => {
    expect(await level("spec.resnet", "own/resnet.config.json")).toBe("warn");
  });

  it("says which files it leaves out", async () => {
    const configs = new ProjectConfigs(undefined, folder);
    expect(await configs.ignores("drafts/a.resnet")).toBe(true);
    expect(await configs.ignores("x/y.tmp.resnet")).toBe(true);
    expect(await configs.ignores("a.resnet")).toBe(false);
  });

  it("is in error where what it extends is not there, comes back to itself, or is in error", async () => {
    expect(await fault("lost/a.resnet")).toContain("config-extends");
    expect(await fault("circle/a.resnet")).toContain("the configuration extends itself");
    expect(await fault("none/a.resnet")).toContain("no package with a configuration");
    expect(await fault("broken/a.resnet")).toMatch(/config-rule[^]*base\.json:2:14/);
  });
});
