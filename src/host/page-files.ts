/** The pages of errors and rules, as they ship with the compiler under `docs/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./node-host.js";

const folders = { error: "errors", rule: "rules" } as const;

export type PageKind = keyof typeof folders;

/** Where a page lies. */
export function pagePath(kind: PageKind, name: string): string {
  return join(packageRoot(), "docs", folders[kind], `${name}.md`);
}

/** The Markdown of a page. @throws Error where the installation lacks it. */
export function pageText(kind: PageKind, name: string): string {
  return readFileSync(pagePath(kind, name), "utf8");
}
