/**
 * The architecture as Table 1 of He et al. 2015 has it: a row for each part with its output size and its layers,
 * and the costs; and where a file has several members of a family, one table with a column for each.
 */
import type { Graph, Node } from "../graph/graph.js";
import { graphParts, summarise, type Summary, type SummaryRow } from "../graph/summary.js";
import { html, type Markup } from "../markup/markup.js";
import {
  macsText,
  memoryOf,
  memoryText,
  parametersText,
  seesText,
  shapeText,
} from "./quantities.js";
import { layersCell } from "./table-layers.js";

/** One network, with what each part costs. */
export function architectureTable(graph: Graph): Markup {
  const summary = summarise(graph, "");
  const { rows, parameters, macs, sees } = summary;
  const parts = graphParts(graph);
  const all = memoryOf(
    graph,
    graph.nodes.filter(({ op }) => op !== "input"),
  );
  return html`<div
    class="scroll"
    tabindex="0"
    role="group"
    aria-label="Architecture of ${graph.name}"
  >
    <table class="architecture">
      <thead>
        <tr>
          <th scope="col">Layer name</th>
          <th scope="col">Output size</th>
          <th scope="col">Layers</th>
          <th scope="col" class="number">Parameters</th>
          <th scope="col" class="number">Mult-adds</th>
          <th scope="col" class="number">Memory</th>
          <th scope="col" class="number">Field</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, index) => partRow(graph, row, parts[index]?.nodes ?? []))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="3">in all</th>
          <td class="number">${parametersText(parameters)}</td>
          <td class="number">${macsText(macs)}</td>
          <td class="number">${memoryText(all)}</td>
          <td class="number">${seesText(sees)}</td>
        </tr>
      </tfoot>
    </table>
  </div>`;
}

function partRow(graph: Graph, row: SummaryRow, nodes: readonly Node[]): Markup {
  const isInput = row.kind === "input";
  return html`<tr>
    <th scope="row">${row.name}</th>
    <td class="shape">${shapeText(row.output)}</td>
    <td>${layersCell(row)}</td>
    <td class="number">${parametersText(row.parameters)}</td>
    <td class="number">${!isInput && macsText(row.macs)}</td>
    <td class="number">${!isInput && memoryText(memoryOf(graph, nodes))}</td>
    <td class="number">${!isInput && seesText(row.sees)}</td>
  </tr>`;
}

/** Several networks side by side; undefined where they have not the same parts. */
export function familyTable(graphs: readonly Graph[]): Markup | undefined {
  const summaries = graphs.map((graph) => summarise(graph, ""));
  const [first] = summaries;
  const partsOf = ({ rows }: Summary): string => rows.map(({ name }) => name).join(" ");
  if (first === undefined || summaries.length < 2) return undefined;
  if (summaries.some((summary) => partsOf(summary) !== partsOf(first))) return undefined;
  const cells = (of: (summary: Summary) => Markup | string): readonly Markup[] =>
    summaries.map((summary) => html`<td>${of(summary)}</td>`);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="The family">
    <table class="architecture family">
      <thead>
        <tr>
          <th scope="col">Layer name</th>
          <th scope="col">Output size</th>
          ${summaries.map(
            ({ network }) =>
              html`<th scope="col"><a href="#network-${network}">${network}</a></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${first.rows.slice(1).map(
          (row, index) =>
            html`<tr>
              <th scope="row">${row.name}</th>
              <td class="shape">${shapesOf(summaries, index + 1)}</td>
              ${cells((summary) => {
                const own = summary.rows[index + 1];
                return own ? layersCell(own) : "";
              })}
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="2">parameters</th>
          ${cells(({ parameters }) => parametersText(parameters))}
        </tr>
        <tr>
          <th scope="row" colspan="2">multiply-adds</th>
          ${cells(({ macs }) => macsText(macs))}
        </tr>
      </tfoot>
    </table>
  </div>`;
}

/** The height and width where all agree, as the paper has them; otherwise the whole shapes. */
function shapesOf(summaries: readonly Summary[], index: number): string {
  const spatial = summaries.map(({ rows }) => {
    const output = rows[index]?.output ?? [];
    return output.length > 1 ? shapeText(output.slice(0, -1)) : "1 x 1";
  });
  return [...new Set(spatial)].join(", ");
}
