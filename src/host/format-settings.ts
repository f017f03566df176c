/**
 * What the project says of a spec's layout: `.prettierrc` and `.editorconfig` near it, as prettier finds and
 * reads them, and whether `.gitignore` or `.prettierignore` of the working folder leaves it out.
 */
import { existsSync } from "node:fs";
import type { Options } from "prettier";

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

/** @throws ConfigurationError where a configuration that applies to `path` cannot be read. */
export async function formatSettings(path: string): Promise<FormatSettings> {
  const prettier = await import("prettier");
  try {
    const found = ignoreFiles.filter((name) => existsSync(name));
    const { ignored } =
      found.length === 0
        ? { ignored: false }
        : await prettier.getFileInfo(path, { ignorePath: found, resolveConfig: false });
    if (ignored) return { ignored, layout: {} };
    const all = (await prettier.resolveConfig(path, { editorconfig: true })) ?? {};
    return { ignored, layout: layoutOf(all) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`the settings for ${path} cannot be read: ${reason}`);
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
