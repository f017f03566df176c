/** The version of resnetc, as its package.json says it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./node-host.js";

/** Reads the version; "unknown" where package.json has none. */
export function packageVersion(): string {
  const read: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  const found = typeof read === "object" && read !== null && "version" in read;
  return found ? String(read.version) : "unknown";
}
