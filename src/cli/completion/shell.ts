/** Which shell the command was called from. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/**
 * The shell that started this process, else the one that is the user's.
 *
 * @param environment for `SHELL`.
 * @param parent the process that started this one.
 */
export function shellOf(
  environment: Readonly<Record<string, string | undefined>>,
  parent: number,
): Shell | undefined {
  return known(programOf(parent)) ?? known(environment["SHELL"]);
}

function known(program: string | undefined): Shell | undefined {
  // A login shell calls itself `-bash`.
  const name = program === undefined ? "" : basename(program.trim()).replace(/^-/, "");
  return shells.find((shell) => shell === name.replace(/\.exe$/, ""));
}

/** Where the system tells the name of a process in a file; elsewhere the user's own shell decides. */
function programOf(process: number): string | undefined {
  try {
    return readFileSync(`/proc/${process}/comm`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR" || code === "ESRCH") {
      return undefined;
    }
    throw error;
  }
}
