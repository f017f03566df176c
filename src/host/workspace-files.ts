/** Finds the specs of a folder, as an editor's workspace holds them, and those that ship with the compiler. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./node-host.js";

/** The import paths of what ships with the compiler: `std/blocks`. */
export function standardImports(): readonly string[] {
  return readdirSync(join(packageRoot(), "std"))
    .filter((name) => name.endsWith(".resnet"))
    .map((name) => `std/${name.replace(/\.resnet$/, "")}`)
    .sort();
}

/** How long the search may take, in milliseconds: a folder that takes longer is no workspace of specs. */
const patience = 10_000;

/** The absolute paths of all specs below a folder, sorted; none where there are more folders than can be gone through. */
export async function workspaceSpecs(folder: string): Promise<readonly string[]> {
  const { glob } = await import("tinyglobby");
  const signal = AbortSignal.timeout(patience);
  try {
    const found = await glob("**/*.resnet", {
      cwd: folder,
      absolute: true,
      ignore: ["**/node_modules/**", "**/.git/**"],
      signal,
    });
    return found.sort();
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}
