import { expect, test } from "vitest";
import type { ProfileReport } from "../../src/api/profile.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start } from "./built-command.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");

test("profile fits 80 columns, and says as data what it says in tables", async () => {
  const cwd = await temporaryFolder();
  const given = ["profile", quick, "--engine", "wasm", "--batch", "4", "--steps", "1"];
  const { stdout, stderr, status } = await start(built, given, { cwd }).ended;
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Quick on wasm, batch 4 of 32x32: a training step takes /);
  for (const word of ["conv2", "convolution, kernel gradient", "dearest nodes", "roofline"]) {
    expect(stdout).toContain(word);
  }
  expect(stdout.replace(/\s+/g, " ")).toMatch(
    /bound by its convolutions: [\d.]+% of it, at (?:over )?[\d.]+% of the roofline|Convolutions are/,
  );
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);

  const asData = await start(built, [...given, "--json"], { cwd }).ended;
  const report = JSON.parse(asData.stdout) as ProfileReport;
  expect(report).toMatchObject({ network: "Quick", recipe: "quickstart", shape: [4, 32, 32, 3] });
  expect(report.stages.map(({ name }) => name)).toContain("conv4");
});

test.each([
  [["profile", quick, "--at", "big"], 2],
  [["profile", quick, "--steps", "0"], 2],
  [["profile", "nowhere.resnet"], 1],
])("%j is an error", async (given, expected) => {
  const { stdout, stderr, status } = await start(built, given).ended;
  expect(status).toBe(expected);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error/);
});
