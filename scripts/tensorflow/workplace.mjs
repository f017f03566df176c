// @ts-check
/**
 * The temporary folder of one run: beside the place where the build will lie, so that it can be moved there at
 * once, and gone when the run ends. What a run that was killed left behind is removed by the next one.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const prefix = ".making-";

/**
 * @param {string} parent
 * @returns {string} a new folder in `parent`
 */
export function openWorkplace(parent) {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = Number(name.slice(prefix.length).split("-")[0]);
    if (name.startsWith(prefix) && !isRunning(owner)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

/** @param {number} id */
function isRunning(id) {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // It is there and belongs to another user.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
