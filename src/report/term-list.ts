/** Terms with what they are, one under the other: how recipes are shown. */
import { html, type Markup } from "../markup/markup.js";

export function termList(rows: readonly (readonly [term: string, words: string])[]): Markup {
  return html`<dl>
    ${rows.map(
      ([term, words]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${words}</dd>
        </div>`,
    )}
  </dl>`;
}
