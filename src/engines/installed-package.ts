/** What is known of a package without running any code of it: where it is, and its version. */
import { createRequire } from "node:module";

/** The package's entry, as a module at `from` would resolve it; undefined where it is not installed. */
export function resolvePackage(name: string, from: string | URL): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** The version in the package's manifest. @throws Error where it is not installed. */
export function packageVersion(name: string, from: string | URL): string {
  const { version } = createRequire(from)(`${name}/package.json`) as { version: string };
  return version;
}
