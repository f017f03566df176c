import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BestBy } from "../../src/recipe/recipe.js";
import { CheckpointError } from "../../src/train/errors.js";
import {
  appendHistory,
  betterOf,
  writeHistory,
  type Best,
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

const byAccuracy = { kind: "accuracy" } as const;

function bestOf(records: readonly EpochRecord[], by: BestBy = byAccuracy): Best | undefined {
  return records.reduce<Best | undefined>((so, record) => betterOf(so, record, by), undefined);
}

/** An epoch that was validated. */
function validated(
  epoch: number,
  validationAccuracy: number,
  validationLoss: number,
  validationBalanced = validationAccuracy,
): EpochRecord {
  return { ...recordOf(epoch, 1, validationAccuracy), validationLoss, validationBalanced };
}

describe("the best epoch", () => {
  const records = [
    validated(1, 0.5, 0.9),
    validated(2, 0.7, 0.8, 0.4),
    validated(3, 0.7, 0.6, 0.5),
    validated(4, 0.7, 0.6, 0.5),
    validated(5, 0.6, 0.5, 0.6),
  ];

  test("is of the highest validation accuracy, and of equals the first of the lowest loss", () => {
    const best = { epoch: 3, measure: "validation accuracy", value: 0.7, loss: 0.6 };
    expect(bestOf(records)).toEqual(best);
  });

  test("is of the lowest loss or of the highest balanced accuracy where the recipe says so", () => {
    const byLoss = bestOf(records, { kind: "loss" });
    expect(byLoss).toEqual({ epoch: 5, measure: "validation loss", value: 0.5 });
    const balanced = { measure: "balanced validation accuracy", value: 0.6, loss: 0.5 };
    expect(bestOf(records, { kind: "balanced" })).toEqual({ epoch: 5, ...balanced });
  });

  test("without validation is the first of the lowest training loss", () => {
    const trained = [recordOf(1, 9), recordOf(2, 0.5), recordOf(3, 0.5), recordOf(4, 0.6)];
    for (const kind of ["accuracy", "loss", "balanced"] as const) {
      expect(bestOf(trained, { kind })).toEqual({ epoch: 2, measure: "training loss", value: 0.5 });
    }
  });

  test("of an earlier resnetc, whose loss is not known, stays until one is more accurate", () => {
    const before: Best = { epoch: 1, measure: "validation accuracy", value: 0.7 };
    expect(betterOf(before, validated(2, 0.7, 0), byAccuracy)).toBe(before);
    expect(betterOf(before, validated(3, 0.8, 9), byAccuracy).epoch).toBe(3);
  });
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
