/** A script of this repository as its user starts it: bundled by scripts/run.mjs, in a process of its own. */
import { ended, type Ended } from "../../scripts/ended.js";

/** @param entry such as `scripts/bench/index.ts`. */
export function runScript(
  entry: string,
  given: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return ended(["scripts/run.mjs", entry, ...given], { env });
}
