/** `gpu --only tests` counts what the tests of an archive say, and misses none that breaks off. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { bundleTests } from "../../scripts/pack/tests.js";
import { closingLine, readClosingLine } from "../../scripts/gpu/tests/closing-line.js";
import { hasTests, reportTests } from "../../scripts/gpu/tests/report.js";
import { packageRoot } from "../../src/host/node-host.js";
import { testDevice, withoutDevice } from "../engines/webgpu/device.js";

// Where the packages of the repository are within reach, as they are in an archive.
mkdirSync(join(packageRoot(), "dist", "tests"), { recursive: true });
const place = mkdtempSync(join(packageRoot(), "dist", "tests", "gpu-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

it("reads the line that a runner writes, among others", () => {
  const counts = { passed: 12, failed: 0, skipped: 3 };
  expect(readClosingLine(`warning\n${closingLine(counts)}\n`)).toEqual(counts);
  expect(readClosingLine("tests: 12 passed")).toBeUndefined();
});

const card = { device: "Card 9", inSoftware: false };

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
        const failed = file.includes("fails") ? 1 : 0;
        console.log("tests: 2 passed, " + failed + " failed, 0 skipped");
        process.exit(failed);`,
      );
      expect(hasTests(folder)).toBe(true);
      const all = await reportTests({ ...card, folder }, (line) => said.push(line));
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

  it("fails by a test, by a hook, and where none passes; what is skipped is counted", async () => {
    const sources = join(place, "sources");
    const tests = {
      hooks: `describe("a suite", () => {
        beforeAll(() => { throw new Error("no card in this slot"); });
        it("never runs", () => {});
      });
      describe("another", () => {
        afterAll(() => { expect(5).toBe(0); });
        it("passes", () => { expect([1]).toEqual([expect.any(Number)]); });
      });`,
      skipped: `describe("a suite", () => { it.skip("that is not for here", () => {}); });`,
      sound: `it("passes", async () => { await expect(Promise.reject(new Error("x"))).rejects.toThrow("x"); });
      it.skipIf(true)("is skipped", () => {});`,
      wrong: `it.each([1, 2])("is %i", (value) => { expect(value).toBe(1); });`,
    };
    mkdirSync(sources, { recursive: true });
    const entries: Record<string, string> = {};
    for (const [name, text] of Object.entries(tests)) {
      const file = join(sources, `${name}.test.ts`);
      writeFileSync(
        file,
        `import { afterAll, beforeAll, describe, expect, it } from "vitest";\n${text}`,
      );
      entries[`test/${name}.test`] = file;
    }
    const folder = join(place, "bundles");
    await bundleTests(folder, entries);
    expect(await reportTests({ ...card, folder }, (line) => said.push(line))).toBe(false);
    const rows = said.filter((line) => /^\| [a-z]+ \| \d/.test(line)).sort();
    expect(rows.map((row) => row.replace(/[\d.]+ \|$/, "s |"))).toEqual([
      "| hooks | 1 | 2 | 1 | s |",
      "| skipped | 0 | 0 | 1 | s |",
      "| sound | 1 | 0 | 1 | s |",
      "| wrong | 1 | 1 | 0 | s |",
    ]);
    const failures = said.filter((line) => line.startsWith("\n")).join("\n");
    expect(failures).toContain("FAILED a suite: no card in this slot");
    expect(failures).toContain("FAILED another: expected 5 to be +0");
    expect(failures).toContain("\nskipped\n");
    expect(failures).not.toContain("\nsound\n");
    expect(failures).toContain("FAILED is 2: ");
  });

  it.skipIf(testDevice === undefined)(
    `of the repository runs without vitest${withoutDevice}`,
    async () => {
      const folder = join(place, "repository");
      await bundleTests(folder);
      const file = join("test", "engines", "tfjs", "webgpu", "ordered-buffers.test.js");
      const alone = readFileSync(join(folder, file));
      rmSync(join(folder, "test"), { recursive: true });
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), alone);
      const of = { folder, device: testDevice ?? "", inSoftware: true };
      const all = await reportTests(of, (line) => said.push(line));
      expect(all, said.join("\n")).toBe(true);
      expect(said.at(-1)).toMatch(/^\| engines\/tfjs\/webgpu\/ordered-buffers \| 1 \| 0 \| 0 \| /);
    },
  );
});
