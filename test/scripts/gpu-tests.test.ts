/** `gpu --only tests` counts what the tests of an archive say, and misses none that breaks off. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { bundleTests } from "../../scripts/pack/tests.js";
import { closingLine, readClosingLine } from "../../scripts/gpu/tests/closing-line.js";
import { hasTests, reportTests } from "../../scripts/gpu/tests/index.js";
import { packageRoot } from "../../src/host/node-host.js";
import { testDevice, withoutDevice } from "../engines/webgpu/device.js";

// Where the packages of the repository are within reach, as they are in an archive.
const place = mkdtempSync(join(packageRoot(), "dist", "gpu-tests-test-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

it("reads the line that a runner writes, among others", () => {
  const counts = { passed: 12, failed: 0, skipped: 3 };
  expect(readClosingLine(`warning\n${closingLine(counts)}\n`)).toEqual(counts);
  expect(readClosingLine("tests: 12 passed")).toBeUndefined();
});

describe("a folder of tests", () => {
  const said: string[] = [];
  beforeEach(() => said.splice(0));

  it("that breaks off, or fails, is told with what it printed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "resnetc-gpu-tests-"));
    try {
      expect(hasTests(folder)).toBe(false);
      mkdirSync(join(folder, "test", "engines"), { recursive: true });
      for (const name of ["breaks", "fails", "passes"]) {
        writeFileSync(join(folder, "test", "engines", `${name}.test.js`), "");
      }
      writeFileSync(
        join(folder, "run.js"),
        `const file = process.argv[2];
        if (file.includes("breaks")) throw new Error("the driver is gone");
        console.log("on " + process.env.RESNETC_TEST_GPU);
        console.log("tests: 2 passed, " + (file.includes("fails") ? 1 : 0) + " failed, 0 skipped");`,
      );
      expect(hasTests(folder)).toBe(true);
      const all = await reportTests({ folder, device: "Card 9" }, (line) => said.push(line));
      expect(all).toBe(false);
      const rows = said.filter((line) => line.startsWith("| engines/")).sort();
      expect(rows.map((row) => row.replace(/[\d.]+ \|$/, "s |"))).toEqual([
        "| engines/breaks | - | did not end | - | s |",
        "| engines/fails | 2 | 1 | 0 | s |",
        "| engines/passes | 2 | 0 | 0 | s |",
      ]);
      const failures = said.filter((line) => line.startsWith("\n")).join("\n");
      expect(failures).toContain("engines/breaks\n");
      expect(failures).toContain("the driver is gone");
      expect(failures).toContain("engines/fails\non Card 9");
      expect(failures).not.toContain("engines/passes");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.skipIf(testDevice === undefined)(
    `of the repository runs without vitest${withoutDevice}`,
    async () => {
      await bundleTests(place);
      for (const other of ["api", "train", "passes", "engines/webgpu"]) {
        rmSync(join(place, "test", other), { recursive: true });
      }
      const engines = join(place, "test", "engines");
      for (const other of ["agreement", "not-a-number", "opening", "tfjs/operations"]) {
        rmSync(join(engines, `${other}.test.js`));
      }
      rmSync(join(engines, "tfjs", "webgpu", "kernels.test.js"));
      const device = testDevice ?? "";
      const all = await reportTests({ folder: place, device }, (line) => said.push(line));
      expect(all, said.join("\n")).toBe(true);
      expect(said.at(-1)).toMatch(/^\| engines\/tfjs\/webgpu\/ordered-buffers \| 1 \| 0 \| 0 \| /);
    },
  );
});
