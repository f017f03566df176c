/** Finds the specs of a folder, as an editor's workspace holds them. */

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
