/** A network as a picture, for programs: as SVG, Mermaid or DOT. */
import { directions, type Direction } from "../diagram/direction.js";
import { viewNames, type Diagram, type ViewName } from "../diagram/diagram.js";
import { dot } from "../diagram/dot.js";
import { fold, unfolded } from "../diagram/fold.js";
import { fullView } from "../diagram/full-view.js";
import { mermaid, mermaidExcess } from "../diagram/mermaid.js";
import { stageView } from "../diagram/stage-view.js";
import { svg } from "../diagram/svg.js";
import { themeNames, type ThemeName } from "../diagram/theme.js";
import type { Graph } from "../graph/graph.js";
import { graphAt } from "../graph/sized.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { openNetwork } from "./spec.js";
import { sizesAt } from "./given-size.js";

/** What a picture is written as. */
export type DiagramFormat = "svg" | "mermaid" | "dot";

export interface DiagramOptions extends SpecOptions {
  /** SVG where left out. */
  readonly format?: DiagramFormat | undefined;
  /** `stages`, a box for each layer, where left out; `full` has every operation. */
  readonly view?: ViewName | undefined;
  /**
   * Every block for itself, instead of equal ones as one; so in the full view where left out, but in a Mermaid
   * chart that would then be more than Mermaid draws.
   */
  readonly expand?: boolean | undefined;
  /** Height and width for a symbolic input. */
  readonly at?: readonly [number, number] | undefined;
  /** `down` where left out. */
  readonly direction?: Direction | undefined;
  /** Of an SVG: `auto`, as light or dark as its reader's screen, where left out. */
  readonly theme?: ThemeName | undefined;
}

const diagramOptions: OptionTable<DiagramOptions> = {
  ...specOptions,
  format: ["svg", "mermaid", "dot"],
  view: viewNames,
  expand: "flag",
  at: "open",
  direction: directions,
  theme: themeNames,
};

/**
 * Draws the network that a spec means.
 *
 * @throws SpecError, UsageError as for the spec, or where it is not for that size.
 */
export function diagramSpec(spec: string, options: DiagramOptions = {}): string {
  return drawSpec(spec, options).text;
}

/** A picture as text, and what is to be said of it. */
export interface Drawing {
  readonly text: string;
  readonly notes: readonly string[];
}

/** As `diagramSpec`, and where a Mermaid chart is larger than Mermaid draws, or was kept from it, says so. */
export function drawSpec(spec: string, options: DiagramOptions = {}): Drawing {
  checkOptions("diagram", options, diagramOptions);
  const { graph } = openNetwork(spec, request(options));
  const { at, format = "svg", direction = "down", view = "stages", expand } = options;
  const sized = at === undefined ? graph : graphAt(graph, sizesAt(graph, at));
  const diagram = diagramOf(sized, view, expand);
  switch (format) {
    case "svg":
      return { text: svg(diagram, { direction, theme: options.theme ?? "auto" }), notes: [] };
    case "mermaid":
      return drawMermaid(sized, diagram, direction, expand);
    case "dot":
      return { text: dot(diagram, direction), notes: [] };
  }
}

function drawMermaid(
  graph: Graph,
  diagram: Diagram,
  direction: Direction,
  expand: boolean | undefined,
): Drawing {
  const excess = mermaidExcess(diagram, direction);
  if (excess === undefined) return { text: mermaid(diagram, direction), notes: [] };
  const folded = diagramOf(graph, diagram.view, false);
  const fits = mermaidExcess(folded, direction) === undefined;
  if (fits && expand === undefined) {
    const note = `equal blocks are drawn once, as ${excess}; \`--expand\` draws each`;
    return { text: mermaid(folded, direction), notes: [note] };
  }
  const way = fits ? "leave out `--expand`" : "take an SVG, which has no limit";
  return { text: mermaid(diagram, direction), notes: [`${excess}; ${way}`] };
}

/** @param expand whether equal blocks stand each for itself; so in the full view where left out. */
export function diagramOf(
  graph: Graph,
  view: ViewName,
  expand: boolean = view === "full",
): Diagram {
  const nodes = expand ? unfolded(graph) : fold(graph);
  return view === "full" ? fullView(nodes) : stageView(nodes);
}

/** Width and height in pixels of a picture as `diagramSpec` gives it. */
export function pictureSize(drawn: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^<svg[^>]* width="(\d+)" height="(\d+)"/.exec(drawn) ?? [];
  return { width: Number(width), height: Number(height) };
}
