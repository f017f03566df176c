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
