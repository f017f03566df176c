/** A spec that stands on standard input, as the text of a file that it is or will be. */
import { UsageError } from "../api/errors.js";
import { isFolder } from "../host/folders.js";
import { UnsavedHost } from "../host/unsaved-host.js";
import { readInput } from "./standard-input.js";

export interface InputFlags {
  /** The file that the text on standard input will be. */
  readonly stdinFilepath?: string;
}

export interface UnsavedInput {
  readonly path: string;
  /** Has the text at that path, and all other files from the file system. */
  readonly host: UnsavedHost;
}

/** Whether a command is meant for what stands on standard input. */
export function isOfInput(
  patterns: readonly string[],
  { stdinFilepath }: InputFlags = {},
): boolean {
  return stdinFilepath !== undefined || patterns.includes("-");
}

/**
 * Reads standard input to its end.
 *
 * @throws UsageError where the path can be no file's, or what stands there is no text.
 */
export async function unsavedInput({
  stdinFilepath: path = "standard-input.resnet",
}: InputFlags = {}): Promise<UnsavedInput> {
  if (path === "" || isFolder(path)) {
    throw new UsageError(
      path === "" ? "--stdin-filepath names no file" : `--stdin-filepath ${path} is a folder`,
      "name the file that the text is for, such as `--stdin-filepath net.resnet`",
    );
  }
  return { path, host: new UnsavedHost(path, await readInput()) };
}
