/** The report of a run, `report.html` in its folder: one file that needs nothing else. */
import { writeAtomically } from "../storage/atomic-write.js";
import { writeFailure } from "../train/errors.js";
import type { Account } from "./account.js";
import { reportDocument } from "./document.js";
import type { Illustrator } from "./illustrations.js";
import { regionsOf } from "./regions.js";

/**
 * Writes the report of an account to `path`, as a whole or not at all.
 *
 * @throws WriteError if it cannot be written.
 */
export async function writeReport(
  path: string,
  account: Account,
  illustrator: Illustrator,
): Promise<void> {
  const regions = regionsOf(account, await illustrator.of(account.shown));
  const text = reportDocument(account, regions);
  try {
    await writeAtomically(path, [new TextEncoder().encode(text)]);
  } catch (error) {
    throw writeFailure(path, error);
  }
}
