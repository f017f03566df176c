/** No engine goes without a test of its memory. */
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { engines } from "../../../src/engines/registry.js";

test("every engine has a file of its own here", async () => {
  const files = await readdir(import.meta.dirname);
  for (const { name } of engines) expect(files).toContain(`${name}.test.ts`);
});
