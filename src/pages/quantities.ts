/** Numbers of a network as its pages write them. */
import { bytes, grouped, scaled } from "../diagnostics/numbers.js";
import { activationBytes, partCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import type { Sees } from "../graph/receptive-field.js";
import { nodesByName } from "../graph/traversal.js";
import { html, type Markup } from "../markup/markup.js";
import { asFactor } from "../shapes/index.js";

/** Pixels of the input: `35`, `35 x 99`, `all`. */
export function seesText(sees: Sees): string {
  if (sees === "all") return "all";
  return sees[0] === sees[1] ? grouped(sees[0]) : sees.map((value) => grouped(value)).join(" x ");
}

/** `56 x 56 x 64`, `(4 * ceil(H / 32)) x (4 * ceil(W / 32)) x 3`. */
export function shapeText(extents: readonly string[]): string {
  return extents.map(asFactor).join(" x ");
}

/** Empty where there are none. */
export function parametersText(parameters: number): string {
  return parameters === 0 ? "" : grouped(parameters);
}

const why = "it follows from the input's size, which is open";

/** What stands for a quantity that follows from a size which is not known: a dash that says so. */
export const unknownSize: Markup = html`<span role="img" aria-label="unknown: ${why}" title="${why}"
  >–</span
>`;

/** Empty where there are none; a dash where they follow from a size that is not known. */
export function macsText(macs: number | undefined): Markup | string {
  if (macs === undefined) return unknownSize;
  return macs === 0 ? "" : scaled(macs);
}

/** What training keeps of these nodes for an image, in bytes; undefined where it follows from the size. */
export function memoryOf(graph: Graph, nodes: readonly Node[]): number | undefined {
  const { activations } = partCost(nodesByName(graph), nodes);
  return activations === undefined ? undefined : activationBytes(activations, 1);
}

export function memoryText(memory: number | undefined): Markup | string {
  return memory === undefined ? unknownSize : bytes(memory);
}
