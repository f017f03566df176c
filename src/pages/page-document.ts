/** A page as a whole document: one file that loads nothing, with a way back to the index. */
import { html, type Markup, type Part } from "../markup/markup.js";
import { headStart, standaloneHead } from "../report/standalone.js";
import { pagesScript } from "./pages-script.js";
import { pagesStyle } from "./pages-style.js";

export interface PageContent {
  readonly title: string;
  /** Beside the title: what file it is of. */
  readonly where: string;
  readonly isIndex?: true;
  readonly main: readonly Part[];
}

export function pageDocument({ title, where, isIndex, main }: PageContent): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${headStart(title)} ${standaloneHead(pagesStyle, pagesScript)}
      </head>
      <body>
        <header>
          <div>
            <p class="brand">${isIndex ? "resnetc" : html`<a href="index.html">resnetc</a>`}</p>
            <h1>${title}</h1>
          </div>
          <p class="where"><span>${where}</span></p>
        </header>
        <main>${main}</main>
      </body>
    </html>`.text;
}

/** A card of a page. */
export function section(title: string, content: Part, id?: string): Markup {
  return html`<section${id !== undefined && html` id="${id}"`}>
    <h2>${title}</h2>
    ${content}
  </section>`;
}
