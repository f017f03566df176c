import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "../../scripts/grammar/files.js";

const folder = fileURLToPath(new URL("../../grammar", import.meta.url));
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const files = await generatedFiles(read);

test.each([...files])("grammar/%s is what `npm run grammar` writes", (path, text) => {
  expect(read(path)).toBe(text);
});

test("no diagram is left of a rule that is no more", () => {
  const diagrams = readdirSync(join(folder, "railroad")).map((name) => `railroad/${name}`);
  expect(diagrams.filter((path) => !files.has(path))).toEqual([]);
});

test("the diagrams need nothing from outside", () => {
  for (const [path, text] of files) {
    if (!path.endsWith(".svg")) continue;
    const addresses = text.replace('xmlns="http://www.w3.org/2000/svg"', "");
    expect(addresses).not.toMatch(/https?:|href|@import|url\(/);
  }
});
