/** A run's page as a whole document: live, where its parts are replaced as it goes on, or as one file. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Account } from "./account.js";
import { html, type Markup } from "../markup/markup.js";
import type { RegionName, Regions } from "./regions.js";
import { headStart, nothingElse, standaloneHead } from "./standalone.js";
import { pageStyle } from "./style.js";

/** The live page adds what it has of its own server. */
export const livePolicy =
  `${nothingElse}; script-src 'self'; style-src 'self'; connect-src 'self'; ` +
  "frame-ancestors 'none'";

let script: string | undefined;

/** The script of the page, which lies beside this file, or in the folder of chunks, as the build lays it. */
export function pageScript(): string {
  if (script !== undefined) return script;
  const places = ["./page-script.js", "./chunks/page-script.js"];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const file = files.find(existsSync);
  if (file === undefined) throw new Error(`internal error: ${files[0]} is missing`);
  return (script = readFileSync(file, "utf8"));
}

/** @param id of the run, which tells it from another that is served at the same address later. */
export function liveDocument(account: Account, regions: Regions, id: string): string {
  const head = html`<link rel="stylesheet" href="style.css" />
    <script src="script.js" defer></script>`;
  const notice = html`<p id="connection" class="connection" role="status"></p>`;
  return documentOf(account, regions, head, notice, id);
}

/** One file that needs no other: style, script and pictures are in it. */
export function reportDocument(account: Account, regions: Regions): string {
  const head = standaloneHead(pageStyle, pageScript());
  return documentOf(account, regions, head, undefined, undefined);
}

interface Section {
  readonly region: RegionName;
  readonly title: string;
  readonly half?: true;
}

const sections: readonly Section[] = [
  { region: "curves", title: "Curves" },
  { region: "confusion", title: "Confusion matrix", half: true },
  { region: "classes", title: "Accuracy by class", half: true },
  { region: "mistakes", title: "Worst mistakes" },
  { region: "samples", title: "Sample predictions" },
  { region: "epochs", title: "Epochs" },
  { region: "setup", title: "What is trained" },
];

const notes: Readonly<Partial<Record<RegionName, string>>> = {
  mistakes: "Validation images taken for another class, those with the largest loss first.",
  samples: "Images from all over the validation split.",
};

function documentOf(
  account: Account,
  regions: Regions,
  head: Markup,
  notice: Markup | undefined,
  id: string | undefined,
): string {
  const { graph, recipe, engine } = account.facts;
  const { start, began, ended } = account;
  const when = ended === undefined ? `since ${timeOf(began)}` : `ended ${timeOf(ended)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${headStart(`${graph.name}, ${recipe.name}`)} ${head}
      </head>
      <body data-live="${id}">
        <header>
          <div>
            <p class="brand">resnetc</p>
            <h1>${graph.name} <span class="name">${recipe.name}</span></h1>
          </div>
          <p class="where">
            ${start && html`<span>${start.folder}</span>`}<span>engine ${engine.name}</span
            ><span>${when}</span>
          </p>
        </header>
        ${notice}
        <main>
          <section class="overview" aria-label="Overview">
            <div data-region="overview">${regions.overview}</div>
          </section>
          ${sections.map((section) => sectionView(section, regions))}
        </main>
      </body>
    </html>`.text;
}

function sectionView({ region, title, half }: Section, regions: Regions): Markup {
  const heading = `heading-${region}`;
  return html`<section class="${half && "half"}" aria-labelledby="${heading}">
    <h2 id="${heading}">${title}</h2>
    ${notes[region] && html`<p class="caption">${notes[region]}</p>`}
    <div data-region="${region}">${regions[region]}</div>
  </section>`;
}

/** To the second, in the zone of the machine that trains: `2026-03-01 14:05:09`. */
function timeOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
