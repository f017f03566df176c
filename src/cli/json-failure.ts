/** How a command that comes to no answer says so to a program. */

/**
 * The line `{"ok": false, "error": {"message": …, "help": …}}`.
 *
 * @param help how to mend it.
 */
export function jsonFailure(message: string, help?: string): string {
  return `${JSON.stringify({ ok: false, error: { message, help } })}\n`;
}
