/** Images of the validation split with what they were taken for. */
import { percent } from "../../diagnostics/numbers.js";
import type { Sample } from "../../train/tally.js";
import { html, type Markup } from "../../markup/markup.js";

/** An image as it is shown, or why it is not. */
export interface Picture {
  readonly image:
    { readonly uri: string; readonly isSmall: boolean } | { readonly problem: string };
  /** Where it is from, in words. */
  readonly source: string;
}

export type Pictures = ReadonlyMap<number, Picture>;

export function picturesView(
  samples: readonly Sample[],
  classes: readonly string[],
  pictures: Pictures,
): Markup {
  return html`<ul class="pictures">
    ${samples.map((sample) => pictureView(sample, classes, pictures.get(sample.index)))}
  </ul>`;
}

function pictureView(
  { label, taken, probability }: Sample,
  classes: readonly string[],
  picture: Picture | undefined,
): Markup {
  const right = label === taken;
  const name = (index: number): string => classes[index] ?? String(index);
  const truth = right
    ? html`<span class="truth">right</span>`
    : html`<span class="truth clamp" title="${name(label)}">is <b>${name(label)}</b></span>`;
  return html`<li class="${right ? "right" : "wrong"}">
    <figure title="${picture?.source}">
      ${imageView(picture, name(label))}
      <figcaption>
        <span class="taken"
          ><b>${name(taken)}</b> <span class="number">${percent(probability)}</span></span
        >
        ${truth}
      </figcaption>
    </figure>
  </li>`;
}

function imageView(picture: Picture | undefined, label: string): Markup {
  if (picture === undefined) return html`<div class="image none">no picture</div>`;
  const { image, source } = picture;
  if ("problem" in image) return html`<div class="image none">${image.problem}</div>`;
  const kind = image.isSmall ? "image crisp" : "image";
  return html`<img class="${kind}" src="${image.uri}" alt="${label}, ${source}" />`;
}
