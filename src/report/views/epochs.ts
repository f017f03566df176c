/** The epochs of a run as a table, the best one marked. */
import { duration, pace, percent } from "../../diagnostics/numbers.js";
import type { Best, EpochRecord } from "../../train/history.js";
import { html, type Markup } from "../../markup/markup.js";
import { decimal } from "../ticks.js";

export function epochsView(history: readonly EpochRecord[], best: Best | undefined): Markup {
  const validated = history.some(({ validationLoss }) => validationLoss !== undefined);
  const heads = ["loss", "accuracy", ...(validated ? ["loss", "accuracy"] : [])];
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Epochs">
    <table class="epochs">
      <thead>
        <tr>
          <th scope="col" rowspan="2">Epoch</th>
          <th scope="colgroup" colspan="2">Training</th>
          ${validated && html`<th scope="colgroup" colspan="2">Validation</th>`}
          <th scope="col" rowspan="2">Rate</th>
          <th scope="col" rowspan="2">Images/s</th>
          <th scope="col" rowspan="2">Waiting</th>
          <th scope="col" rowspan="2">Time</th>
        </tr>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${history.map((record) => rowOf(record, validated, record.epoch === best?.epoch))}
      </tbody>
    </table>
  </div>`;
}

function rowOf(record: EpochRecord, validated: boolean, isBest: boolean): Markup {
  const { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy } = record;
  const { rate, imagesPerSecond, waiting, seconds } = record;
  const cell = (value: number | undefined, text: (value: number) => string): Markup =>
    html`<td>${value === undefined ? "" : text(value)}</td>`;
  return html`<tr class="${isBest && "best"}">
    <th scope="row">${epoch}${isBest && html` <span class="tag">best</span>`}</th>
    ${cell(trainLoss, decimal)}${cell(trainAccuracy, percent)}
    ${validated && [cell(validationLoss, decimal), cell(validationAccuracy, percent)]}
    ${cell(rate, decimal)}${cell(imagesPerSecond, pace)}${cell(waiting, percent)}
    ${cell(seconds, duration)}
  </tr>`;
}
