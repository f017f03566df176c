/** `fmt` for programs: formats the specs of a project, or says which are not formatted. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import {
  ConfigurationError,
  formatSettings,
  type FormatSettings,
} from "../host/format-settings.js";
import { lintedFiles } from "../host/linted-files.js";
import { NodeHost } from "../host/node-host.js";
import { ReplacementError, replaceTexts } from "../storage/text-replacement.js";
import { noneMeant, refusePatterns, requireTexts, SpecError, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { formatSpec } from "./format.js";

/**
 * `formatted`: it was not, and is now, or would be where nothing is written; `failed`: it cannot be read, has
 * errors or cannot be written, and is as it was.
 */
export type FormatState = "formatted" | "unchanged" | "ignored" | "failed";

export interface FormattedFile {
  /** As messages name it. */
  readonly file: string;
  readonly state: FormatState;
  /** What is wrong with its text. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Why it could not be written. */
  readonly problem?: ReplacementError;
}

export interface FormatFilesOptions {
  /** Write nothing. */
  readonly check?: boolean | undefined;
}

const formatFilesOptions: OptionTable<FormatFilesOptions> = { check: "flag" };

/** How many files are written at once; each waits for the disk. */
const writers = 16;

/**
 * Formats files, folders and patterns, each file written whole or not at all, and only where it changes. A file
 * that fails does not keep the others from being formatted.
 *
 * @param patterns what to format; the working folder where there is none.
 * @throws UsageError where there is no spec to format, or a configuration cannot be read.
 */
export async function formatFiles(
  patterns: readonly string[] = [],
  options: FormatFilesOptions = {},
): Promise<readonly FormattedFile[]> {
  requireTexts("specs", patterns);
  checkOptions("formatFiles", options, formatFilesOptions);
  const { check = false } = options;
  const paths = (await lintedFiles(patterns)).map(({ path }) => path);
  if (paths.length === 0) throw noneMeant("spec to format", patterns, "specs end in .resnet");
  refusePatterns(paths);
  const results: (FormattedFile | undefined)[] = [];
  const writing = new Set<Promise<void>>();
  for (const [index, path] of paths.entries()) {
    const { before, after, ...result } = await formatFile(path);
    results[index] = result;
    if (check || before === undefined || after === undefined) continue;
    if (writing.size >= writers) await Promise.race(writing);
    const write = writeFile(path, before, after).then((problem) => {
      if (problem) results[index] = { file: path, state: "failed", problem };
      writing.delete(write);
    });
    writing.add(write);
  }
  await Promise.all(writing);
  return results.filter((result) => result !== undefined);
}

interface Formatted extends FormattedFile {
  /** The texts, where they differ. */
  readonly before?: string;
  readonly after?: string;
}

async function formatFile(file: string): Promise<Formatted> {
  const { ignored, layout } = await settingsOf(file);
  if (ignored) return { file, state: "ignored" };
  const read = new NodeHost().read(file);
  if (read.problem) return { file, state: "failed", diagnostics: [read.problem] };
  const before = read.file.text;
  try {
    const after = await formatSpec(before, { ...layout, path: read.file.path });
    if (after === before) return { file, state: "unchanged" };
    return { file, state: "formatted", before, after };
  } catch (error) {
    if (error instanceof SpecError) {
      return { file, state: "failed", diagnostics: error.diagnostics };
    }
    throw error;
  }
}

async function writeFile(
  path: string,
  before: string,
  after: string,
): Promise<ReplacementError | undefined> {
  try {
    await replaceTexts([{ path, before, after }]);
    return undefined;
  } catch (error) {
    if (error instanceof ReplacementError) return error;
    throw error;
  }
}

/**
 * What formatting makes of a text that has no file, as in an editor.
 *
 * @param path the file that it will be, for the settings and the messages.
 * @returns the text as it was where the file is ignored.
 * @throws SpecError where the text has syntax errors; UsageError where a configuration cannot be read.
 */
export async function formatUnsaved(text: string, path: string): Promise<string> {
  const { ignored, layout } = await settingsOf(path);
  return ignored ? text : formatSpec(text, { ...layout, path });
}

async function settingsOf(path: string): Promise<FormatSettings> {
  try {
    return await formatSettings(path);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message, error.help);
    throw error;
  }
}
