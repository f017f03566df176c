/** The root of the sources, by which other programs know the files of a repository. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isFolder } from "./folders.js";

/**
 * The folder to which GitHub's paths are relative, where a workflow of GitHub's runs in it; undefined elsewhere.
 *
 * @param environment what the process was given, with GitHub's `GITHUB_WORKSPACE`.
 */
export function githubRoot(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const { GITHUB_WORKSPACE: given = "" } = environment;
  if (!isAbsolute(given) || !isFolder(given)) return undefined;
  const root = realpathSync(given);
  return isBelow(root, folder) ? root : undefined;
}

/** The folder of the git repository in which a folder lies; undefined where it is in none. */
export function gitRoot(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    // A file, in a worktree or a submodule.
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** What a path is from a root, with slashes; an absolute one where it is not below it. @param path from the working folder. */
export function pathFrom(root: string, path: string): string {
  const whole = resolve(path);
  const own = isBelow(root, whole) ? relative(root, whole) : whole;
  return own.split(sep).join("/");
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
