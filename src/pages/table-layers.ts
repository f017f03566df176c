/** The layers of a stage as the papers' tables write them: in brackets, with how many times they follow each other. */
import type { SummaryRow } from "../graph/summary.js";
import { html, type Markup } from "../markup/markup.js";

/** `[ 3x3, 64 / 3x3, 64 ] × 2`; without brackets what is no stage. */
export function layersCell({ kind, layers, count, stride }: SummaryRow): Markup {
  const lines = layers.map((layer) => html`<span>${layer}</span>`);
  if (kind !== "stage") return html`<div class="layers">${lines}</div>`;
  return html`<div class="times-row">
    <div class="layers brackets">${lines}</div>
    <span class="count">× ${count}${stride !== undefined && `, ${stride}`}</span>
  </div>`;
}
