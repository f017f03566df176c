/** What a page shows of one network: its numbers, its pictures, its table and its operations. */
import { grouped, scaled } from "../diagnostics/numbers.js";
import type { Graph } from "../graph/graph.js";
import { sizesOf } from "../graph/sizes.js";
import { summarise } from "../graph/summary.js";
import { html, type Markup } from "../markup/markup.js";
import { architectureTable } from "./architecture-table.js";
import { diagramView } from "./diagram-view.js";
import type { BuiltNetwork } from "./documented-file.js";
import { markdown } from "./markdown.js";
import { operationsTable } from "./operations-table.js";
import { section } from "./page-document.js";
import { memoryText, seesText, shapeText, unknownSize } from "./quantities.js";

/** @param call what it is an instance of, as it is written. */
export function networkView(network: BuiltNetwork, call: string | undefined): readonly Markup[] {
  const { name, docs, graph } = network;
  return [
    section(
      name,
      html`<div class="docs">
          ${call !== undefined && html`<p><code>${call}</code></p>`} ${markdown(docs)}
        </div>
        ${figures(network)}`,
      `network-${name}`,
    ),
    section("Picture", diagramView(graph)),
    section(
      "Architecture",
      html`<p class="caption">
          Memory is what training keeps for one image in float32; the field is the side of the
          receptive field, in pixels of the input, or all of it.
        </p>
        ${architectureTable(graph)}
        <details>
          <summary>Every operation</summary>
          ${operationsTable(graph)}
        </details>`,
    ),
  ];
}

function figures({ graph, symbolic, refused }: BuiltNetwork): Markup {
  const { input, parameters, macs, activationBytes, sees } = summarise(graph, "");
  const items: readonly (readonly [name: string, value: Markup | string, note: string])[] = [
    ["Input", shapeText(input), inputNote(graph, symbolic)],
    ["Parameters", scaled(parameters), grouped(parameters)],
    [
      "Multiply-adds",
      macs === undefined ? unknownSize : scaled(macs),
      macs === undefined ? (refused ?? "they follow from the input's size") : "for one image",
    ],
    [
      "Activations",
      memoryText(activationBytes),
      sees === "all" ? "each output sees the whole image" : `receptive field ${seesText(sees)}`,
    ],
  ];
  return html`<ul class="figures">
    ${items.map(
      ([name, value, note]) =>
        html`<li>
          <span class="name">${name}</span> <b>${value}</b> <span class="note">${note}</span>
        </li>`,
    )}
  </ul>`;
}

/** Which sizes a symbolic input has; nothing of one that has one size. */
function inputNote(graph: Graph, symbolic: Graph | undefined): string {
  const { input, sizes } = summarise(symbolic ?? graph, "");
  const exact = sizesOf(symbolic ?? graph).map(({ text }) => text);
  const admitted = (exact.length > 0 ? exact : sizes).join(", ");
  if (symbolic === undefined) return admitted === "" ? "" : `for ${admitted}`;
  return `one of ${shapeText(input)}${admitted === "" ? "" : ` for ${admitted}`}`;
}
