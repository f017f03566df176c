/** What a profile says fits the terminal, and explains what a reader may doubt. */
import { expect, test } from "vitest";
import type { ProfileReport } from "../../src/api/profile.js";
import type { KindTime } from "../../src/api/step-report.js";
import { printProfile } from "../../src/cli/profile-text.js";
import { quietTerminal } from "./quiet-terminal.js";

function printed(changes: Partial<ProfileReport>): string {
  const report: ProfileReport = {
    network: "Tiny",
    recipe: "tiny",
    engine: { name: "wasm", why: "it was named" },
    shape: [6, 24, 16, 3],
    parts: 1,
    steps: 5,
    stepMilliseconds: 10,
    imagesPerSecond: 600,
    peakBytes: 2 ** 28,
    activationBytes: 2 ** 20,
    weightBytes: 2 ** 16,
    peaks: { gigaflops: 100, gigabytes: 10 },
    stages: [
      {
        name: "stem",
        forward: 3,
        backward: 6,
        share: 0.9,
        activationBytes: 2 ** 20,
        weightBytes: 2 ** 16,
      },
    ],
    kinds: [],
    nodes: [
      {
        name: "stem.conv",
        milliseconds: 9,
        share: 0.9,
        activationBytes: 2 ** 20,
        weightBytes: 2 ** 16,
      },
    ],
    unattributed: 1,
    ...changes,
  };
  let out = "";
  printProfile(
    report,
    quietTerminal((text) => void (out += text)),
  );
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  return out;
}

const convolution = (milliseconds: number, roofline: number): KindTime => ({
  kind: "convolution",
  milliseconds,
  share: milliseconds / 10,
  gigaflops: 12,
  roofline,
});

const flat = (text: string): string => text.replace(/\s+/g, " ");

test("a share of the roofline over 100% is no figure, and is explained once", () => {
  const gradient = { ...convolution(4, 1.76), kind: "convolution, kernel gradient" } as const;
  const both = printed({ kinds: [convolution(5, 1.3), gradient] });
  expect(both).not.toMatch(/130|176/);
  expect(both.match(/over 100%$/gm)).toHaveLength(2);
  const said = flat(both);
  expect(said).toContain("90.0% of it, at over 100% of the roofline.");
  expect(said.match(/Over 100% means that the roofline is too low for this work/g)).toHaveLength(1);
  expect(said).toContain("Profile again while the machine is idle.");
  const quiet = printed({ kinds: [convolution(9, 0.62)] });
  expect(quiet).toContain("62.0%");
  expect(quiet).not.toMatch(/over 100%/i);
});

test("a size that the recipe gave is said to be its", () => {
  expect(flat(printed({ sizeFrom: "resize 24x16" }))).toContain(
    "Images are 24x16 by `resize 24x16` of tiny; `--at` takes another size.",
  );
  expect(printed({})).not.toContain("--at");
});
