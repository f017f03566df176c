/** The pages of errors and rules, for editors that link to them or show a part. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { catalog } from "../../diagnostics/catalog.js";
import { readPage } from "../../diagnostics/page.js";
import { pagePath, pageText, type PageKind } from "../../host/page-files.js";
import { isConfigCode } from "../../lint/config/codes.js";
import { everyRule } from "../../lint/registry.js";

const known = new Map<string, string | undefined>();

function kindOf(code: string): PageKind | undefined {
  if (Object.hasOwn(catalog, code) || isConfigCode(code)) return "error";
  return everyRule.some(({ name }) => name === code) ? "rule" : undefined;
}

/** The address of the page of an error or a rule; undefined where there is none. */
export function pageAddress(code: string): string | undefined {
  if (known.has(code)) return known.get(code);
  const kind = kindOf(code);
  const path = kind && pagePath(kind, code);
  const address = path !== undefined && existsSync(path) ? pathToFileURL(path).href : undefined;
  known.set(code, address);
  return address;
}

/** The title of a page and the first paragraph under it, as Markdown; empty where there is no page. */
export function pageBeginning(code: string): string {
  const kind = kindOf(code);
  const address = pageAddress(code);
  if (kind === undefined || address === undefined) return "";
  const { title, blocks } = readPage(pageText(kind, code));
  const first = blocks.find((block) => block.kind === "prose");
  const prose = first?.kind === "prose" ? `\n\n${first.text}` : "";
  return `**${title}**${prose}\n\n[the whole page](${address})`;
}
