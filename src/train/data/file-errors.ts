/** What Node's file system says when it fails, read without trusting the error's type. */

/** The system's code (`ENOENT`, `ENOTDIR`, …), or undefined where the error carries none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The first line of the error's message. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
  EMFILE: "too many files are open at once",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
};

/** Why a file or folder cannot be read; the system's own message, which repeats the path, where we know no better. */
export function refusalOf(error: unknown): string {
  return refusals[errorCode(error) ?? ""] ?? messageOf(error);
}
