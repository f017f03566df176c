import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { resnetc } from "./in-process-command.js";

const before = process.cwd();
afterEach(() => process.chdir(before));

it.each(["check", "lint", "fmt"])("%s in a folder that has been removed says so", async (name) => {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-removed-"));
  process.chdir(folder);
  rmSync(folder, { recursive: true });
  const { status, err } = await resnetc(name, "net.resnet");
  expect(status).toBe(2);
  expect(err).toContain("the working folder is not there any more");
  expect(err).not.toContain("internal error");
});
