/** What Node's file system says when it fails, as a person reads it. */
import { errorCode, textOfError } from "../../storage/error-code.js";

/** The first line of the error's message. */
export function messageOf(error: unknown): string {
  return textOfError(error).split("\n")[0] ?? "";
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
