/** A `#` in the path of a file or of a folder above it is a sign like any other. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkReport } from "../../src/api/check.js";
import { resnetc } from "./in-process-command.js";

const text = "network Net { input 8x8x3\n head h { globalavgpool -> dense 3 } }\n";
let folder = "";
let file = "";

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "resnetc-hash-")), "c#repo");
  mkdirSync(folder);
  file = join(folder, "a#b.resnet");
  writeFileSync(file, text);
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true }));

test.each(["check", "summary", "diagram", "lint"])("%s takes it", async (command) => {
  expect(await resnetc(command, file)).toMatchObject({ status: 0, err: "" });
});

test("with a network's name, and in a folder", async () => {
  expect((await resnetc("check", `${file}#Net`)).out).toContain("Net is sound");
  expect((await resnetc("check", folder)).out).toContain("Net is sound");
  expect((await resnetc("diff", file, `${file}#Net`)).status).toBe(0);
  expect((await resnetc("docs", folder, "-o", join(folder, "pages"))).status).toBe(0);
  expect(checkReport(`${file}#Net`).ok).toBe(true);
});
