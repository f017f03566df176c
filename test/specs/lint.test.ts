/** The repository's own specs and standard blocks lint clean, by its own configuration and by the defaults. */
import { expect, it } from "vitest";
import { lintSpecs } from "../../src/api/lint.js";
import { render } from "../check/memory-host.js";

async function found(config?: false): Promise<string> {
  const options = config === undefined ? {} : { config };
  const { files } = await lintSpecs(["specs", "std"], options);
  expect(files.length).toBeGreaterThan(10);
  return render(files.flatMap(({ diagnostics }) => diagnostics));
}

it("finds nothing in specs/ and std/", async () => {
  expect(await found()).toBe("");
});

it("finds nothing in them by the rules as they are by default", async () => {
  expect(await found(false)).toBe("");
});
