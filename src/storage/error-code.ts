/** What Node's file system says when it fails, read without trusting the error's type. */

/**
 * The system's code (`ENOENT`, `ENOTDIR`, …), or undefined where the error carries none. An error of Node's is no
 * `Error` of code that runs in a context of its own, as tests do in Jest: it goes by what it carries.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What kind of error it is, in any context; undefined where what was thrown has no name. */
export function nameOfError(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("name" in error)) return undefined;
  return typeof error.name === "string" ? error.name : undefined;
}

/** What an error says, or what was thrown in the place of one as a text. */
export function textOfError(error: unknown): string {
  const isError = typeof error === "object" && error !== null && "message" in error;
  return String(isError ? error.message : error);
}
