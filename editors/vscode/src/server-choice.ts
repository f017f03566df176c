/**
 * Which resnetc runs: the one that the setting names, else the workspace's own, else the one inside the extension.
 * Nothing here knows the editor.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";

/** A resnetc, and how it is started. */
export interface Resnetc {
  readonly from: "setting" | "workspace" | "extension";
  /** A script runs in the editor's own Node; a program runs by itself. */
  readonly kind: "script" | "program";
  readonly path: string;
}

export interface Surroundings {
  /** The setting `resnetc.path`. */
  readonly setting: string;
  /** The workspace's folders that are on a disk. */
  readonly folders: readonly string[];
  /** Whether code of the workspace may run. */
  readonly trusted: boolean;
  /** The script inside the extension. */
  readonly bundled: string;
}

/** The setting names something that is not there. */
export class NoSuchServer extends Error {
  override readonly name = "NoSuchServer";
}

/**
 * The candidates in the order in which they are tried; the last is always the extension's own.
 * @throws NoSuchServer where the setting names no file.
 */
export function candidates(around: Surroundings): readonly Resnetc[] {
  const { setting, folders, trusted, bundled } = around;
  const own: Resnetc = { from: "extension", kind: "script", path: bundled };
  if (!trusted) return [own];
  if (setting.trim() !== "") return [named(setting.trim(), folders[0])];
  const found = folders.map(ofFolder).find((path) => path !== undefined);
  return found === undefined ? [own] : [{ from: "workspace", kind: "script", path: found }, own];
}

function named(setting: string, folder: string | undefined): Resnetc {
  const isName = !/[/\\]/.test(setting) && extname(setting) === "";
  // A bare name is looked for as the shell does.
  if (isName) return { from: "setting", kind: "program", path: setting };
  const home = setting.replace(/^~(?=[/\\])/, homedir());
  const path = isAbsolute(home) ? home : resolve(folder ?? homedir(), home);
  if (!isFile(path)) throw new NoSuchServer(`resnetc.path names ${path}, which is no file`);
  const kind = [".cjs", ".mjs", ".js"].includes(extname(path)) ? "script" : "program";
  return { from: "setting", kind, path };
}

/** The resnetc that Node would find from a folder; the folder itself where it is resnetc's repository. */
function ofFolder(folder: string): string | undefined {
  if (packageName(folder) === "resnetc" && existsSync(join(folder, "dist", "command.cjs"))) {
    return join(folder, "bin", "resnetc.cjs");
  }
  for (let at = folder; ; at = dirname(at)) {
    const script = join(at, "node_modules", "resnetc", "bin", "resnetc.cjs");
    if (isFile(script)) return script;
    if (dirname(at) === at) return undefined;
  }
}

function packageName(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!isFile(path)) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof manifest !== "object" || manifest === null || !("name" in manifest))
      return undefined;
    return typeof manifest.name === "string" ? manifest.name : undefined;
  } catch (error) {
    // A manifest that somebody is just writing names nothing yet.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
