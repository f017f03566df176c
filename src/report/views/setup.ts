/** What is trained and how: the network, part by part, and the recipe in words. */
import { grouped, scaled } from "../../diagnostics/numbers.js";
import { graphCost, nodeCost } from "../../graph/cost.js";
import type { Graph, Region } from "../../graph/graph.js";
import { inputOf, nodesByName } from "../../graph/traversal.js";
import { printDomain, printType } from "../../shapes/index.js";
import type { Turn } from "../../train/checkpoint.js";
import type { RunFacts } from "../account.js";
import { html, type Markup } from "../../markup/markup.js";
import { recipeLines } from "../recipe-lines.js";
import { termList } from "../term-list.js";

/** @param turns what a recipe does not say. */
export function setupView(
  { graph, recipe, engine, data }: RunFacts,
  turns: readonly Turn[],
): Markup {
  const rows: readonly (readonly [string, string])[] = [
    [
      "data",
      `${data.name}: ${grouped(data.trainImages)} images to train on, ` +
        (data.validationImages === 0
          ? "none to validate on"
          : `${grouped(data.validationImages)} to validate on`) +
        `, ${grouped(data.classes.length)} classes`,
    ],
    ...recipeLines(recipe),
    ["engine", engine.name],
    ...turns.map((turn) => [placeOf(turn), turn.what.join("; ")] as const),
  ];
  return html`<div class="setup">
    <div>
      <h3>Network <span class="name">${graph.name}</span></h3>
      ${networkTable(graph)}
    </div>
    <div>
      <h3>Recipe <span class="name">${recipe.name}</span></h3>
      ${termList(rows)}
    </div>
  </div>`;
}

function placeOf({ epoch, position }: Turn): string {
  if (epoch === 0 && position === 0) return "at the start";
  if (position === 0) return `after epoch ${epoch}`;
  return `in epoch ${epoch + 1}`;
}

function networkTable(graph: Graph): Markup {
  const { parameters, macs } = graphCost(graph);
  const input = inputOf(graph);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Network">
      <table class="network">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Blocks</th>
            <th scope="col">Output</th>
            <th scope="col" class="number">Parameters</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">input</th>
            <td></td>
            <td>${printType(input.type)}</td>
            <td class="number">0</td>
          </tr>
          ${graph.regions.map((region) => regionRow(graph, region))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan="3">
              in all${macs !== undefined && `, ${scaled(macs)} multiply-adds an image`}
            </th>
            <td class="number">${grouped(parameters)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
    ${
      graph.domains.length > 0 &&
      html`<p class="caption">for images with ${graph.domains.map(printDomain).join(", ")}</p>`
    }`;
}

function regionRow(graph: Graph, { name, kind, count, block }: Region): Markup {
  const byName = nodesByName(graph);
  const nodes = graph.nodes.filter((node) => node.name.startsWith(`${name}.`));
  const parameters = nodes.reduce((sum, node) => sum + nodeCost(byName, node).parameters, 0);
  const last = nodes.at(-1);
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${kind === "stage" && `${count} × ${block ?? "block"}`}</td>
    <td>${last && printType(last.type)}</td>
    <td class="number">${grouped(parameters)}</td>
  </tr>`;
}
