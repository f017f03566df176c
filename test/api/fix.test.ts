/** Mending writes over what it has read and nothing else: what comes to the disk meanwhile stays. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { fixSpecs, writeFixes } from "../../src/api/fix.js";
import { fixLint } from "../../src/api/lint.js";
import type { ReadResult } from "../../src/check/host.js";
import { NodeHost } from "../../src/host/node-host.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const spec = `network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16, bias: true -> batchnrom -> relu }
  head classify { globalavgpool -> dense classes }
}
`;
const later = "// someone's own line\n";

/** Somebody saves the file as soon as it has been read; what ships with the compiler is left alone. */
class BusyHost extends NodeHost {
  override read(path: string): ReadResult {
    const result = super.read(path);
    const text = readFileSync(path, "utf8");
    const isOurs = basename(path) === "net.resnet";
    if (isOurs && !text.endsWith(later)) writeFileSync(path, `${text}${later}`);
    return result;
  }
}

test.each([
  ["check", spec, (path: string) => Promise.resolve(fixSpecs([path], { host: new BusyHost() }))],
  [
    "lint",
    spec.replace("batchnrom", "batchnorm"),
    (path: string) => fixLint([path], { host: new BusyHost(), config: false }),
  ],
] as const)("%s --fix refuses a file that was saved meanwhile", async (_, text, fix) => {
  const path = join(await temporaryFolder(), "net.resnet");
  writeFileSync(path, text);
  const fixed = await fix(path);
  expect(fixed.files).toHaveLength(1);
  await expect(writeFixes(fixed)).rejects.toThrow("has changed since it was read");
  expect(readFileSync(path, "utf8")).toBe(`${text}${later}`);
});
