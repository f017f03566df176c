/** The page that leads to all others: every network in a table that can be searched, and the files of blocks. */
import { grouped, scaled } from "../diagnostics/numbers.js";
import { summarise } from "../graph/summary.js";
import { html, type Markup, type Part } from "../markup/markup.js";
import { inline } from "./markdown.js";
import { pageDocument, section } from "./page-document.js";
import { shapeText, unknownSize } from "./quantities.js";
import {
  fileDocs,
  instanceCall,
  isBuilt,
  type DocumentedFile,
  type Site,
} from "./documented-file.js";

export function indexPage(files: readonly DocumentedFile[], site: Site): string {
  const rows = files.flatMap((file) => networkRows(file, site));
  const others = files.filter(({ networks }) => networks.every(({ graph }) => !graph));
  const count = `${rows.length} ${rows.length === 1 ? "network" : "networks"}`;
  return pageDocument({
    title: "Networks",
    where: `${count} of ${files.length} ${files.length === 1 ? "file" : "files"}`,
    isIndex: true,
    main: [
      section("All networks", [search(count), table(rows)]),
      others.length > 0 &&
        section(
          "Blocks and families",
          html`<ul class="files">
            ${others.map((file) => fileItem(file, site))}
          </ul>`,
        ),
    ],
  });
}

function search(count: string): Markup {
  return html`<p class="search">
    <input
      type="search"
      id="search"
      placeholder="Name, file or words"
      aria-label="Search"
      autocomplete="off"
    />
    <span id="found" role="status">${count}</span>
  </p>`;
}

function table(rows: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Networks">
    <table class="networks">
      <thead>
        <tr>
          <th scope="col">Network</th>
          <th scope="col">Input</th>
          <th scope="col" class="number">Parameters</th>
          <th scope="col" class="number">Mult-adds</th>
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function networkRows(file: DocumentedFile, site: Site): readonly Markup[] {
  const { title, unit, networks } = file;
  const page = site.pages.get(unit.file.path) ?? "";
  return networks.flatMap(({ name, docs, graph }) => {
    if (graph === undefined) return [];
    const { input, parameters, macs } = summarise(graph, "");
    return html`<tr>
      <th scope="row">
        <a href="${page}#network-${name}">${name}</a>
        <span class="about">${about(file, name, docs)}</span>
      </th>
      <td class="shape">${shapeText(input)}</td>
      <td class="number">${grouped(parameters)}</td>
      <td class="number">${macs === undefined ? unknownSize : scaled(macs)}</td>
      <td><a href="${page}">${title}</a></td>
    </tr>`;
  });
}

/** What is said of a network; or else of its file, if it has no other, and else what it is an instance of. */
function about(file: DocumentedFile, network: string, docs: string): Part {
  const isAlone = file.networks.filter(isBuilt).length === 1;
  const call = instanceCall(file.unit, network);
  if (docs === "" && !isAlone && call !== undefined) return html`<code>${call}</code>`;
  return inline(firstSentence(docs === "" ? fileDocs(file) : docs));
}

function fileItem({ title, unit }: DocumentedFile, site: Site): Markup {
  const names = unit.declarations.flatMap((each) =>
    each.kind === "block" || each.kind === "network" ? [each.name.text] : [],
  );
  return html`<li>
    <a href="${site.pages.get(unit.file.path) ?? ""}">${title}</a>
    <span class="about">${names.join(", ")}</span>
  </li>`;
}

/** Up to the first period that ends a sentence, or the first line. */
function firstSentence(docs: string): string {
  const [paragraph = ""] = docs.split(/\n[ \t]*\n/);
  const text = paragraph.replace(/\s+/g, " ").trim();
  return /^.*?[.!?](?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}
