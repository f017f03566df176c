/** The parts of a run's page, each as markup by its name: what the live page replaces as the run goes on. */
import type { Account, EpochValidation } from "./account.js";
import type { Validation } from "../train/events.js";
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

/** @param illustrations those of the validation that the account shows. */
export function regionsOf(account: Account, illustrations: Illustrations): Regions {
  const { facts, shown: validation, history, best, start } = account;
  const { classes } = facts.data;
  const none = html`<p class="none">${noValidation(account)}</p>`;
  const { pictures, matrix } = illustrations;
  const shown = (view: (validation: Validation) => Markup): Markup =>
    validation === undefined
      ? none
      : html`<p class="caption when">${whenOf(validation, account)}</p>
          ${view(validation)}`;
  return {
    overview: overviewView(account),
    curves: curvesView(account),
    confusion: shown(({ confusion }) => confusionView(confusion, classes, matrix)),
    classes: shown(({ confusion }) => classesView(confusion, classes)),
    samples: shown(({ samples }) => picturesView(samples, classes, pictures)),
    mistakes: shown(({ mistakes }) =>
      mistakes.length === 0
        ? html`<p class="none">No image was taken for another class.</p>`
        : picturesView(mistakes, classes, pictures),
    ),
    epochs:
      history.length === 0
        ? html`<p class="none">No epoch is finished yet.</p>`
        : epochsView(history, best),
    setup: setupView(facts, start?.turns ?? []),
  };
}

/** Of which epoch a validation is. */
function whenOf({ epoch }: EpochValidation, { best, isOver }: Account): string {
  const which = isOver ? ", the best" : ", the best so far";
  return `After epoch ${epoch}${epoch === best?.epoch ? which : ""}.`;
}

function noValidation({ facts, isOver }: Account): string {
  if (facts.data.validationImages === 0) return "The data has no images to validate on.";
  return isOver
    ? "No epoch was finished in this part of the run."
    : "It comes with the end of the first epoch.";
}
