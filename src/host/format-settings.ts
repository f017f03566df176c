/**
 * What the project says of a spec's layout: `.prettierrc` and `.editorconfig` near it, as prettier finds and
 * reads them, and whether `.gitignore` or `.prettierignore` of the working folder leaves it out.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Options } from "prettier";
import { textOfError } from "../storage/error-code.js";

/** The settings that a spec's layout heeds. */
export type LayoutSettings = Pick<
  Options,
  "printWidth" | "tabWidth" | "useTabs" | "endOfLine" | "requirePragma" | "insertPragma"
>;

export interface FormatSettings {
  /** Whether the file is to be left as it is. */
  readonly ignored: boolean;
  readonly layout: LayoutSettings;
}

/** A configuration that cannot be read; the message says which and why. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly help =
    "mend the configuration; prettier.io/docs/configuration says what may stand in it";
}

const ignoreFiles = [".gitignore", ".prettierignore"];

/**
 * The settings for a file, which need not be there. Prettier itself is loaded where there is anything that it
 * would read.
 *
 * @throws ConfigurationError where a configuration that applies to `path` cannot be read.
 */
export async function formatSettings(path: string): Promise<FormatSettings> {
  const ignorePath = ignoreFiles.filter((name) => existsSync(name));
  const { editor, own } = configurationsAbove(dirname(resolve(path)));
  if (ignorePath.length === 0 && !editor && !own) return { ignored: false, layout: {} };
  const prettier = await import("prettier");
  try {
    if (ignorePath.length > 0) {
      const { ignored } = await prettier.getFileInfo(path, { ignorePath, resolveConfig: false });
      if (ignored) return { ignored, layout: {} };
    }
    const found =
      editor || own ? await prettier.resolveConfig(path, { editorconfig: editor }) : null;
    return { ignored: false, layout: layoutOf(found ?? {}) };
  } catch (error) {
    const reason = textOfError(error);
    throw new ConfigurationError(`the settings for ${path} cannot be read: ${reason}`);
  }
}

/** Which kinds of configuration may apply to the files of a folder. */
interface Configurations {
  /** `.editorconfig` */
  readonly editor: boolean;
  /** `.prettierrc` and the other places where prettier looks for its own. */
  readonly own: boolean;
}

const known = new Map<string, Configurations>();

/** Looks again at what folders hold, for a process that outlives a change of their configurations. */
export async function forgetFormatSettings(): Promise<void> {
  if (known.size === 0) return;
  known.clear();
  const prettier = await import("prettier");
  await prettier.clearConfigCache();
}

/** What a folder and those above it hold, looked up once. */
function configurationsAbove(folder: string): Configurations {
  const seen = known.get(folder);
  if (seen) return seen;
  const names = namesIn(folder);
  const above = dirname(folder);
  const outer = above === folder ? { editor: false, own: false } : configurationsAbove(above);
  const found = {
    editor: outer.editor || names.includes(".editorconfig"),
    own: outer.own || names.some((name) => mayConfigure(folder, name)),
  };
  known.set(folder, found);
  return found;
}

function mayConfigure(folder: string, name: string): boolean {
  if (/^(?:\.prettierrc|prettier\.config)(?:\.|$)/.test(name)) return true;
  if (name !== "package.json" && name !== "package.yaml") return false;
  try {
    return readFileSync(join(folder, name), "utf8").includes("prettier");
  } catch {
    // Prettier will say what is wrong with it.
    return true;
  }
}

/** The names in a folder; none where it is not there or may not be listed. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "EPERM") return [];
    throw error;
  }
}

function layoutOf(all: Options): LayoutSettings {
  const { printWidth, tabWidth, useTabs, endOfLine, requirePragma, insertPragma } = all;
  return {
    ...(printWidth !== undefined && { printWidth }),
    ...(tabWidth !== undefined && { tabWidth }),
    ...(useTabs !== undefined && { useTabs }),
    ...(endOfLine !== undefined && { endOfLine }),
    ...(requirePragma !== undefined && { requirePragma }),
    ...(insertPragma !== undefined && { insertPragma }),
  };
}
