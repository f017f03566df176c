import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipeMarkdown } from "../../src/report/tensorboard/recipe-markdown.js";
import { crc32c, maskedCrc32c } from "../../src/report/tensorboard/crc32c.js";
import { EventFile } from "../../src/report/tensorboard/event-file.js";
import { EventLog } from "../../src/report/tensorboard/event-log.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { epochOf, epochRecord, hostile, recipe, startOf, stepOf } from "./small-run.js";
import { readOfficially, tensorboardPython } from "./tensorboard-reader.js";

describe("the checksum of TFRecord", () => {
  it.each([
    // RFC 3720, B.4, and the check value of the catalogue of CRCs.
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ["123456789", new TextEncoder().encode("123456789"), 0xe3069283],
    ["nothing", new Uint8Array(0), 0],
  ])("of %s", (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it("is masked", () => {
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
    const sum = 0xe3069283n;
    const rotated = ((sum >> 15n) | (sum << 17n)) & 0xffffffffn;
    const masked = Number((rotated + 0xa282ead8n) & 0xffffffffn);
    expect(maskedCrc32c(new TextEncoder().encode("123456789"))).toBe(masked);
  });
});

/** A run that takes 6 steps of 4 an epoch, is lost, and goes on after the 4 that a checkpoint has. */
async function brokenRun(): Promise<string> {
  const folder = await temporaryFolder();
  const text = recipeMarkdown(`Net${hostile}`, recipe);
  const first = EventFile.open(folder, startOf(folder), text);
  for (let step = 1; step <= 4; step++) first.event(stepOf(1, step));
  first.event(epochOf(1));
  first.event(stepOf(2, 1));
  first.event(stepOf(2, 2));
  first.close();
  const second = EventFile.open(
    folder,
    startOf(folder, { epoch: 1, position: 0, taken: 4, history: [epochRecord(1)] }),
    text,
  );
  for (let step = 1; step <= 4; step++) second.event(stepOf(2, step));
  second.event(epochOf(2));
  second.close();
  return join(folder, "tensorboard");
}

describe("an event file", () => {
  it("is a chain of records whose checksums hold", async () => {
    const folder = await brokenRun();
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\.\d{3}\./);
      const bytes = await readFile(join(folder, name));
      let at = 0;
      let records = 0;
      for (; at < bytes.length; records++) {
        const length = Number(bytes.readBigUInt64LE(at));
        expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
        const data = bytes.subarray(at + 12, at + 12 + length);
        expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
        at += length + 16;
      }
      expect(at).toBe(bytes.length);
      expect(records).toBeGreaterThan(6);
    }
  });

  it("has at most some 2000 steps, however long the run is", async () => {
    const folder = await temporaryFolder();
    const start = { ...startOf(folder), stepsPerEpoch: 20_000 };
    const file = EventFile.open(folder, start, "");
    for (let step = 1; step <= 20_000; step++) file.event(stepOf(1, step));
    file.close();
    const { length } = await readFile(file.path);
    expect(length / 200).toBeLessThan(1000);
  });
});

describe("a log of events that cannot be written", () => {
  it("is told once, and takes every event all the same", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "tensorboard"), "in the way");
    const told: string[] = [];
    const log = new EventLog("", (failure) => told.push(failure));
    for (const event of [startOf(folder), stepOf(1, 1), epochOf(1)]) log.event(event);
    log.close();
    expect(told).toEqual([expect.stringMatching(/^cannot write .*: a part of its path is a file/)]);
  });

  it("hides no mistake of its own", () => {
    const log = new EventLog("", () => undefined);
    const broken = { ...startOf("/"), folder: undefined as unknown as string };
    expect(() => log.event(broken)).toThrow(TypeError);
  });
});

const without = tensorboardPython === undefined ? " (SKIPPED: no Python with tensorboard)" : "";

describe.skipIf(tensorboardPython === undefined)(`TensorBoard${without}`, () => {
  it("reads scalars and the recipe, each step of a resumed run once", async () => {
    const { scalars, texts, plugins } = readOfficially(await brokenRun());
    const losses = scalars["step/loss"] ?? [];
    expect(losses.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(losses[4]?.[1]).toBeCloseTo(2 / 2.25, 6);
    expect(scalars["epoch/accuracy_validation"]).toEqual([
      [4, 0.625],
      [8, 0.625],
    ]);
    expect(Object.keys(scalars).sort()).toEqual([
      "epoch/accuracy_train",
      "epoch/accuracy_validation",
      "epoch/images_per_second",
      "epoch/loss_train",
      "epoch/loss_validation",
      "epoch/rate",
      "epoch/seconds",
      "epoch/waiting_for_data",
      "step/accuracy",
      "step/images_per_second",
      "step/loss",
      "step/rate",
      "step/waiting_for_data",
    ]);
    expect(plugins).toEqual({ recipe: "text" });
    expect(texts["recipe"]).toContain("| epochs | 3 |");
    expect(texts["recipe"]).not.toContain(hostile);
  });
});
