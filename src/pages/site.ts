/**
 * The pages of a set of specs: one for each file, those that are imported among them, and an index. Plain files
 * that link to each other and to nothing else; the same specs give the same bytes.
 */
import type { DocumentedFile } from "./documented-file.js";
import { indexPage } from "./index-page.js";
import type { NamesOf } from "./source-names.js";
import { specPage } from "./spec-page.js";

export interface SitePage {
  /** The file's name; all pages are in one folder. */
  readonly name: string;
  readonly text: string;
}

/** @param files each file once. */
export function sitePages(files: readonly DocumentedFile[], namesOf: NamesOf): readonly SitePage[] {
  const pages = pageNames(files);
  const site = { pages, namesOf };
  return [
    { name: "index.html", text: indexPage(files, site) },
    ...files.map((file) => ({
      name: pages.get(file.unit.file.path) ?? "",
      text: specPage(file, site),
    })),
  ];
}

/** `resnet50.html` of `specs/resnet50.resnet`, where all specs are in `specs`; no two are alike. */
function pageNames(files: readonly DocumentedFile[]): ReadonlyMap<string, string> {
  const own = files.filter(({ imported }) => !imported).map(({ title }) => title);
  const common = commonFolder(own);
  const taken = new Set(["index"]);
  return new Map(
    files.map(({ title, unit }) => {
      const short = title.startsWith(common) ? title.slice(common.length) : title;
      const plain = short.replace(/\.resnet$/, "").replace(/[^\w.-]+/g, "-");
      const base = plain.replace(/^[-.]+/, "") || "spec";
      let name = base;
      for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}-${count}`;
      taken.add(name.toLowerCase());
      return [unit.file.path, `${name}.html`];
    }),
  );
}

/** The folder that all are in, with its slash; empty where there is none. */
function commonFolder(titles: readonly string[]): string {
  const [first = "", ...rest] = titles.map((title) => title.slice(0, title.lastIndexOf("/") + 1));
  let common = first;
  while (!rest.every((folder) => folder.startsWith(common))) {
    common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
  }
  return common;
}
