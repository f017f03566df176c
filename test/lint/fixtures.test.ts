/**
 * Every spec under `fixtures/` against the findings beside it, as a terminal shows them.
 * `UPDATE_FIXTURES=1 npx vitest run test/lint/fixtures.test.ts` writes them anew: read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { render } from "../check/memory-host.js";
import { lintText } from "./lint-text.js";

const folder = new URL("fixtures/", import.meta.url);

it.each(globSync("*.resnet", { cwd: folder.pathname }).sort())("%s", (path) => {
  const written = new URL(path.replace(/\.resnet$/, ".txt"), folder);
  const rendered = render(lintText(readFileSync(new URL(path, folder), "utf8")));
  if (process.env["UPDATE_FIXTURES"] === "1") writeFileSync(written, rendered);
  expect(rendered).toBe(readFileSync(written, "utf8"));
});
