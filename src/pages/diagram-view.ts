/** Both pictures of a network, one at a time, to be enlarged and moved about. */
import { fold } from "../diagram/fold.js";
import { fullView } from "../diagram/full-view.js";
import { stageView } from "../diagram/stage-view.js";
import { picture } from "../diagram/svg.js";
import type { Graph } from "../graph/graph.js";
import { html, Markup } from "../markup/markup.js";

export function diagramView(graph: Graph): Markup {
  const folded = fold(graph);
  const views = [
    { view: "stages", title: "Stages", diagram: stageView(folded) },
    { view: "full", title: "Every operation", diagram: fullView(folded) },
  ];
  const { name } = graph;
  return html`<div class="diagram">
    ${views.map(
      ({ view, title }, index) =>
        html`<input
            type="radio"
            name="view-${name}"
            id="view-${name}-${view}"
            class="pick-${view}"
            ${index === 0 && new Markup("checked")}
          /><label for="view-${name}-${view}">${title}</label>`,
    )}
    <span class="zoom" role="group" aria-label="Size of the picture">
      <button type="button" data-zoom="out" aria-label="smaller">−</button>
      <button type="button" data-zoom="fit">Fit</button>
      <button type="button" data-zoom="in" aria-label="larger">+</button>
    </span>
    ${views.map(({ view, title, diagram }) => {
      const id = `picture-${name}-${view}`;
      const { element } = picture(diagram, "down", { id, heading: false });
      return html`<div class="canvas ${view}" tabindex="0" role="group" aria-label="${title}">
        ${element}
      </div>`;
    })}
  </div>`;
}
