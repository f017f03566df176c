/** `npm run gpu` trains on a GPU, in software where that is all there is, and says what is wrong where there is none. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { swiftShader, testDevice, withoutDevice } from "../engines/webgpu/device.js";
import { runScript } from "./run-script.js";

const script = "scripts/gpu/index.ts";
const data = mkdtempSync(join(tmpdir(), "resnetc-gpu-test-"));
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Eight images of four classes to train on, and as many to validate. */
beforeAll(async () => {
  for (const split of ["train", "validation"]) {
    for (let index = 0; index < 8; index++) {
      const folder = join(data, split, `class${index % 4}`);
      mkdirSync(folder, { recursive: true });
      const background = { r: 60 * (index % 4), g: 30 * index, b: 255 - 30 * index };
      const image = sharp({ create: { width: 32, height: 32, channels: 3, background } });
      await image.png().toFile(join(folder, `${index}.png`));
    }
  }
});

const usable = testDevice !== undefined && resolveIcd() !== undefined;

/** What leads Vulkan to the GPU for tests; nothing where RESNETC_TEST_GPU names one. */
function resolveIcd(): NodeJS.ProcessEnv | undefined {
  if (process.env["RESNETC_TEST_GPU"] !== undefined) return {};
  return existsSync(swiftShader) ? { VK_ICD_FILENAMES: swiftShader } : undefined;
}

describe.skipIf(!usable)(`npm run gpu${withoutDevice}`, { timeout: 600_000 }, () => {
  it("trains on a handful of images, and tells of the machine and the epoch", async () => {
    const given = ["--only", "learn", "--tiny", "--device", testDevice ?? "", "--data", data];
    const { status, stdout, stderr } = await runScript(script, given, resolveIcd());
    expect(stdout, stderr).toMatch(/^\| GPU \| .+ \((software|discrete|integrated)\) \|$/m);
    expect(stdout).toContain("## The quickstart's network on a few images");
    expect(stdout).toMatch(
      /^\| 1 \| 0\.1 \| \d\.\d{3} \| \d+\.\d\d% \| \d+\.\d\d% \| \d+\.\d \| \d+\.\d\d% \| \d+\.\d \|$/m,
    );
    expect(stdout).toMatch(/^Ended after 1 epoch \(\w+\): .+\.$/m);
    expect(status).toBe(0);
  });

  it("lists the GPUs where none has the name", async () => {
    const given = ["--only", "agree", "--device", "no such GPU"];
    const { status, stdout, stderr } = await runScript(script, given, resolveIcd());
    expect(stderr).toContain('error: no GPU here has "no such GPU" in its name\n  = help: ');
    expect(stderr).toMatch(/takes a part of one of these names: \S/);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

it("says what is missing where there is no GPU", { timeout: 120_000 }, async () => {
  const env = { VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
  const { status, stdout, stderr } = await runScript(script, ["--only", "agree"], env);
  expect(stderr).toMatch(/error: (there is no GPU|.*not installed)/);
  expect(stderr).toContain("  = help: ");
  expect(stderr).not.toContain("    at ");
  expect(stdout).toBe("");
  expect(status).toBe(2);
});
