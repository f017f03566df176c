/** Writes checkpoints to the path given, one after the other: each of one value throughout. */
import { CheckpointError } from "../../src/train/errors.js";
import { writeCheckpoint } from "../../src/train/checkpoint.js";
import { smallCheckpoint } from "./small-checkpoint.js";

const [path = "", side = "4", times = "Infinity"] = process.argv.slice(2);
try {
  for (let value = 1; value <= Number(times); value++) {
    await writeCheckpoint(path, smallCheckpoint(value, Number(side)));
    process.stdout.write(".");
  }
} catch (error) {
  if (!(error instanceof CheckpointError)) throw error;
  process.stdout.write(`${error.message}\n${error.help}\n`);
  process.exitCode = 1;
}
