/** The parts of a run's page, each as markup by its name: what the live page replaces as the run goes on. */
import type { Account } from "./account.js";
import { html, type Markup } from "../markup/markup.js";
import type { Illustrations } from "./illustrations.js";
import { classesView, confusionView } from "./views/confusion.js";
import { curvesView } from "./views/curves.js";
import { epochsView } from "./views/epochs.js";
import { overviewView } from "./views/overview.js";
import { picturesView } from "./views/pictures.js";
import { setupView } from "./views/setup.js";

export type RegionName =
  "overview" | "curves" | "confusion" | "classes" | "samples" | "mistakes" | "epochs" | "setup";

export type Regions = Readonly<Record<RegionName, Markup>>;

/** @param illustrations those of the account's latest validation. */
export function regionsOf(account: Account, illustrations: Illustrations): Regions {
  const { facts, validation, history, best } = account;
  const { classes } = facts.data;
  const none = html`<p class="none">${noValidation(account)}</p>`;
  const { pictures, matrix } = illustrations;
  return {
    overview: overviewView(account),
    curves: curvesView(account),
    confusion: validation ? confusionView(validation.confusion, classes, matrix) : none,
    classes: validation ? classesView(validation.confusion, classes) : none,
    samples: validation ? picturesView(validation.samples, classes, pictures) : none,
    mistakes:
      validation === undefined
        ? none
        : validation.mistakes.length === 0
          ? html`<p class="none">No image was taken for another class.</p>`
          : picturesView(validation.mistakes, classes, pictures),
    epochs:
      history.length === 0
        ? html`<p class="none">No epoch is finished yet.</p>`
        : epochsView(history, best),
    setup: setupView(facts),
  };
}

function noValidation({ facts, isOver }: Account): string {
  if (facts.data.validationImages === 0) return "The data has no images to validate on.";
  return isOver
    ? "No epoch was finished in this part of the run."
    : "It comes with the end of the first epoch.";
}
