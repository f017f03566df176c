/** Which packages a program needs at run time on one platform, and which of their files. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A package that is installed: where it lies, and where it goes. */
export interface Installed {
  /** Below `node_modules`, nested ones too: `webgpu`, `a/node_modules/b`. */
  readonly path: string;
  readonly folder: string;
}

interface Manifest {
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/**
 * The packages that `root` needs, with theirs; optional ones that are not installed are passed over.
 * @throws Error where one that is needed is not installed.
 */
export function closureOf(root: string, without: ReadonlySet<string>): readonly Installed[] {
  const modules = realpathSync(join(root, "node_modules"));
  const found = new Map<string, Installed>();
  const add = (manifest: Manifest, from: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = manifest;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (without.has(name)) continue;
      const folder = locate(name, from, modules);
      if (folder === undefined) {
        if (name in optionalDependencies) continue;
        throw new Error(`${name} is not installed: npm ci`);
      }
      const path = relative(modules, folder);
      if (found.has(path)) continue;
      found.set(path, { path, folder });
      add(manifestOf(folder), folder);
    }
  };
  add(manifestOf(root), modules);
  return [...found.values()].sort((a, b) => a.path.localeCompare(b.path));
}

/** As Node looks for a package: in the folder's own modules, then in those around it. */
function locate(name: string, from: string, modules: string): string | undefined {
  for (let folder = from; folder.startsWith(modules); folder = dirname(folder)) {
    const candidate = folder === modules ? join(folder, name) : join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
  }
  return undefined;
}

const forDevelopers =
  /\.(map|md|markdown|ts|mts|cts|tsx|flow|gypi?|cc|h|html)$|^(test|tests|docs|example|examples|benchmark|\.github)\//i;
const licence = /^(licen[cs]e|notice|copying)/i;

/** The files of a package that it needs at run time, relative to its folder. */
export function filesOf({ path, folder }: Installed, platform: string): readonly string[] {
  const files = walk(folder).filter((file) => isLicence(file) || !forDevelopers.test(file));
  if (path.startsWith("@tensorflow/")) {
    // Node loads one bundle of each; the rest is for browsers and bundlers.
    return files.filter(
      (file) => isLicence(file) || /^package\.json$|\.node\.js$|\.wasm$/.test(file),
    );
  }
  if (path === "webgpu") {
    return files.filter(
      (file) => !file.startsWith("dist/") || file.startsWith(`dist/${platform}/`),
    );
  }
  if (path === "onnxruntime-node") {
    const binaries = new RegExp(`^bin/[^/]+/${platform.replace("-", "/")}/`);
    return files.filter((file) => !file.startsWith("bin/") || binaries.test(file));
  }
  return files;
}

function isLicence(file: string): boolean {
  return licence.test(file);
}

function walk(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = join(below, name);
    if (!statSync(join(folder, path)).isDirectory()) return [path];
    // Nested packages are in the closure by themselves, where they are needed.
    return name === "node_modules" ? [] : walk(folder, path);
  });
}
