/** Values of a program, as messages show them and as a call may be given them. */

/** A value in a message, of whatever kind. */
export function written(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return plain(value);
  try {
    return isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : kindOf(value);
  } catch (error) {
    // One that holds itself, or what JSON has no words for.
    if (!(error instanceof TypeError)) throw error;
    return kindOf(value);
  }
}

function plain(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Such as `a Map`. */
function kindOf(value: object): string {
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

/** Whether a value is an object of values by name, and no list, no map and nothing else whose entries are elsewhere. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  // An object of another context, as of a test's in Jest, has another prototype.
  return Object.prototype.toString.call(value) === "[object Object]";
}
