/** What README.md shows of the command is what it prints. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resnetc } from "./in-process-command.js";

const home = process.cwd();
const readme = readFileSync("README.md", "utf8");
const folder = mkdtempSync(join(tmpdir(), "resnetc-readme-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** The blocks without a language, in order. */
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
  .filter(([, language]) => language === "")
  .map(([, , text = ""]) => text);

test("the first spec is in error as it is shown to be", async () => {
  const [spec = "", shown = ""] = blocks;
  writeFileSync("shallow.resnet", spec);
  const { err, status } = await resnetc("check", "shallow.resnet");
  expect(shown).toBe(`$ npx resnetc check shallow.resnet\n${err}`);
  expect(status).toBe(1);
});

test("the recipe below it does not fit, as is shown", async () => {
  const [spec = "", , recipe = "", shown = ""] = blocks;
  writeFileSync(
    "shallow.resnet",
    `${spec.replace("shortcut identity", "shortcut project")}\n${recipe}`,
  );
  const { err, status } = await resnetc("check", "shallow.resnet");
  expect(shown).toBe(`$ npx resnetc check shallow.resnet\n${err}`);
  expect(status).toBe(1);
});

test("every command is in the table of commands, and nothing else is", async () => {
  const { out } = await resnetc();
  const [, list = ""] = /^Commands:\n(.*?)\n\n/ms.exec(out) ?? [];
  const commands = [...list.matchAll(/^  (\w+)/gm)].map(([, name]) => name);
  const told = [...readme.matchAll(/^\| `resnetc (\w+)/gm)].map(([, name]) => name);
  expect(told.sort()).toEqual(commands.sort());
});
