import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { formatted } from "./formatting.js";

const files = globSync(["specs/*.resnet", "std/*.resnet", "test/graph/fixtures/*.resnet"])
  .sort()
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

test("there are specs and standard blocks", () => {
  expect(files.filter(({ file }) => !file.startsWith("test/")).length).toBeGreaterThan(10);
});

test.each(files)("$file is formatted", async ({ text }) => {
  expect(await formatted(text)).toBe(text);
});
