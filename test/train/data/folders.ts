/** Real files in temporary folders for the tests of data sets; each test file removes its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, expect } from "vitest";
import { DataError } from "../../../src/train/data/data-set.js";

/** A maker of fresh folders, all removed after the tests of the file that calls this. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "resnetc-data-"));
    made.push(folder);
    return folder;
  };
}

/** Writes files by their paths below `root`, with the folders that they need. */
export function writeFiles(root: string, files: Record<string, Uint8Array | string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

export type Colour = readonly [number, number, number];

/** A PNG of one colour. */
export async function png([r, g, b]: Colour, height = 4, width = 5): Promise<Uint8Array> {
  const create = { width, height, channels: 3 as const, background: { r, g, b } };
  return sharp({ create }).png().toBuffer();
}

/** The DataError that `action` ends in. */
export async function dataError(action: () => Promise<unknown>): Promise<DataError> {
  const error: unknown = await Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
}
