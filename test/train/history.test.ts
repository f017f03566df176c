import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CheckpointError } from "../../src/train/errors.js";
import {
  appendHistory,
  betterOf,
  writeHistory,
  type EpochRecord,
} from "../../src/train/history.js";
import { temporaryFolder } from "./temporary-folder.js";

function recordOf(epoch: number, trainLoss: number, validationAccuracy?: number): EpochRecord {
  return {
    epoch,
    step: epoch * 10,
    rate: 0.1,
    trainLoss,
    trainAccuracy: 0.5,
    ...(validationAccuracy !== undefined && { validationLoss: 1, validationAccuracy }),
    seconds: 1,
  };
}

test("the best epoch is the first of the highest validation accuracy", () => {
  const records = [
    recordOf(1, 9, 0.5),
    recordOf(2, 1, 0.7),
    recordOf(3, 0, 0.7),
    recordOf(4, 0, 0.6),
  ];
  const best = records.reduce(
    (so, record) => betterOf(so, record),
    betterOf(undefined, recordOf(0, 9, 0)),
  );
  expect(best).toEqual({ epoch: 2, measure: "validation accuracy", value: 0.7 });
});

test("without validation it is the first of the lowest training loss", () => {
  const records = [recordOf(2, 0.5), recordOf(3, 0.5), recordOf(4, 0.6)];
  const best = records.reduce(
    (so, record) => betterOf(so, record),
    betterOf(undefined, recordOf(1, 9)),
  );
  expect(best).toEqual({ epoch: 2, measure: "training loss", value: 0.5 });
});

test("the file holds a line per epoch, rewritten or added to", async () => {
  const path = join(await temporaryFolder(), "history.jsonl");
  await appendHistory(path, recordOf(9, 1));
  await writeHistory(path, [recordOf(1, 1 / 3)]);
  await appendHistory(path, recordOf(2, 0.1, 0.5));
  const lines = (await readFile(path, "utf8")).split("\n");
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0] ?? "")).toEqual(recordOf(1, 1 / 3));
  expect(JSON.parse(lines[1] ?? "")).toEqual(recordOf(2, 0.1, 0.5));
});

test("a file that cannot be written is an error that says so", async () => {
  const path = join(await temporaryFolder(), "none", "history.jsonl");
  await expect(writeHistory(path, [])).rejects.toBeInstanceOf(CheckpointError);
  await expect(appendHistory(path, recordOf(1, 1))).rejects.toThrow("its folder does not exist");
});
