/** Every operation of a network with its shape and its costs; equal blocks in a row are one, as in the picture. */
import { fold } from "../diagram/fold.js";
import { nodeCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import { describeLayer } from "../graph/layer-text.js";
import { receptiveFields, seenThrough } from "../graph/receptive-field.js";
import { nodesByName } from "../graph/traversal.js";
import { html, type Markup } from "../markup/markup.js";
import { printExtentWhere } from "../shapes/index.js";
import { macsText, parametersText, seesText, shapeText } from "./quantities.js";

export function operationsTable(graph: Graph): Markup {
  const { nodes, repeats } = fold(graph);
  const byName = nodesByName(graph);
  const fields = receptiveFields(graph);
  let place = "";
  const rows = nodes.map((node) => {
    const own = placeOf(node);
    const isNew = own !== place && own !== "";
    place = own;
    const { parameters, macs } = nodeCost(byName, node);
    const sees = seenThrough(fields.get(node.name)?.size ?? [1, 1]);
    const { spatial, channels } = node.type;
    const output = [
      ...spatial.map((extent) => printExtentWhere(extent, graph.domains)),
      String(channels),
    ];
    return html`${isNew && placeRow(own, repeats.get(own))}
      <tr>
        <td class="node">${node.name.slice(own === "" ? 0 : own.length + 1)}</td>
        <td>${describeLayer(node)}</td>
        <td class="shape">${shapeText(output)}</td>
        <td class="number">${parametersText(parameters)}</td>
        <td class="number">${node.op !== "input" && macsText(macs)}</td>
        <td class="number">${node.op !== "input" && seesText(sees)}</td>
      </tr>`;
  });
  return html`<div
    class="scroll"
    tabindex="0"
    role="group"
    aria-label="Operations of ${graph.name}"
  >
    <table class="operations">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Operation</th>
          <th scope="col">Output</th>
          <th scope="col" class="number">Parameters</th>
          <th scope="col" class="number">Mult-adds</th>
          <th scope="col" class="number">Field</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The block or the part that a node is in. */
function placeOf({ name }: Node): string {
  const path = name.split(".");
  const depth = path[1]?.startsWith("block") === true && path.length > 2 ? 2 : 1;
  return path.length > depth ? path.slice(0, depth).join(".") : "";
}

function placeRow(
  name: string,
  repeat: { readonly first: number; readonly last: number } | undefined,
): Markup {
  const more = repeat && ` to block${repeat.last}, × ${repeat.last - repeat.first + 1}`;
  return html`<tr class="place">
    <th scope="rowgroup" colspan="6">${name}<span class="name">${more}</span></th>
  </tr>`;
}
