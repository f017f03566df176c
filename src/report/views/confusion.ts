/** Which classes are taken for which: the matrix, the pairs that are confused most, and each class. */
import { grouped, percent } from "../../diagnostics/numbers.js";
import { html, type Markup } from "../../markup/markup.js";

/** Row: the true class; column: what it was taken for. */
export type Confusion = readonly (readonly number[])[];

/** Up to here a matrix is a table of numbers; beyond, a picture. */
export const mostInTable = 16;
/** So few classes have larger cells. */
const fewClasses = 6;
const mostPairs = 6;
/** Of more classes, the worst are shown and the others can be unfolded. */
const mostClasses = 20;

interface ClassResult {
  readonly name: string;
  readonly images: number;
  readonly correct: number;
}

/** @param picture of a matrix that is too large for a table: a data URI. */
export function confusionView(
  confusion: Confusion,
  classes: readonly string[],
  picture: string | undefined,
): Markup {
  const matrix =
    classes.length <= mostInTable
      ? matrixTable(confusion, classes)
      : picture !== undefined &&
        html`<img
          class="matrix"
          src="${picture}"
          width="${classes.length}"
          height="${classes.length}"
          alt="The confusion matrix of ${classes.length} classes"
        />`;
  return html`${matrix}
    <p class="caption">
      Rows are the true classes, columns what they were taken for. The deeper the colour, the larger
      the share of the row.
    </p>`;
}

function matrixTable(confusion: Confusion, classes: readonly string[]): Markup {
  const rows = confusion.map((row, label) => {
    const whole = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, taken) => {
      // The root makes the rare mistakes visible too.
      const level = whole === 0 ? 0 : Math.round(10 * Math.sqrt(count / whole));
      const kind =
        count === 0 ? "zero" : taken === label ? `right heat${level}` : `wrong heat${level}`;
      const name = (index: number): string => classes[index] ?? String(index);
      const title = `${name(label)} taken for ${name(taken)}: ${count} of ${whole}`;
      return html`<td class="${kind}" title="${title}">${count}</td>`;
    });
    return html`<tr>
      <th scope="row"><span>${classes[label]}</span></th>
      ${cells}
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix">
    <table class="matrix ${classes.length <= fewClasses && "few"}">
      <thead>
        <tr>
          <td></td>
          ${classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function pairsView(confusion: Confusion, classes: readonly string[]): Markup | undefined {
  const pairs = confusion
    .flatMap((row, label) => row.map((count, taken) => ({ label, taken, count, row })))
    .filter(({ label, taken, count }) => label !== taken && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostPairs);
  if (pairs.length === 0) return undefined;
  return html`<div class="pairs">
    <h3>Most often confused</h3>
    <ol>
      ${pairs.map(({ label, taken, count, row }) => {
        const whole = row.reduce((sum, each) => sum + each, 0);
        return html`<li>
          <span class="clamp"><b>${classes[label]}</b> taken for <b>${classes[taken]}</b></span>
          <span class="number">${grouped(count)} of ${grouped(whole)}</span>
        </li>`;
      })}
    </ol>
  </div>`;
}

/** How many images of each class were recognised, the worst first, and what is confused most. */
export function classesView(confusion: Confusion, classes: readonly string[]): Markup {
  const results = classes
    .map((name, index) => ({
      name,
      images: (confusion[index] ?? []).reduce((sum, count) => sum + count, 0),
      correct: confusion[index]?.[index] ?? 0,
    }))
    .sort((a, b) => shareOf(a) - shareOf(b));
  const first = results.slice(0, mostClasses);
  const others = results.slice(mostClasses);
  const more = html`<details>
    <summary>The other ${grouped(others.length)}</summary>
    ${classTable(others)}
  </details>`;
  return html`${classTable(first)}${others.length > 0 && more}${pairsView(confusion, classes)}`;
}

function shareOf({ images, correct }: ClassResult): number {
  return images === 0 ? 2 : correct / images;
}

function classTable(results: readonly ClassResult[]): Markup {
  return html`<table class="classes">
    <thead>
      <tr>
        <th scope="col">Class</th>
        <th scope="col" class="number">Recognised</th>
        <th scope="col" class="wide" colspan="2">Accuracy</th>
      </tr>
    </thead>
    <tbody>
      ${results.map((result) => {
        const { name, images, correct } = result;
        const share = images === 0 ? 0 : correct / images;
        return html`<tr>
          <th scope="row"><span class="clamp" title="${name}">${name}</span></th>
          <td class="number">${grouped(correct)} of ${grouped(images)}</td>
          <td class="bar">
            <svg width="100%" height="8" aria-hidden="true">
              <rect class="track" width="100%" height="8" rx="4" />
              <rect class="fill" width="${(share * 100).toFixed(1)}%" height="8" rx="4" />
            </svg>
          </td>
          <td class="number">${images === 0 ? "none" : percent(share)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
