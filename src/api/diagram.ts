/** A network as a picture, for programs: as SVG, Mermaid or DOT. */
import type { Direction } from "../diagram/direction.js";
import type { Diagram, ViewName } from "../diagram/diagram.js";
import { dot } from "../diagram/dot.js";
import { fold, unfolded } from "../diagram/fold.js";
import { fullView } from "../diagram/full-view.js";
import { mermaid } from "../diagram/mermaid.js";
import { stageView } from "../diagram/stage-view.js";
import { svg } from "../diagram/svg.js";
import type { ThemeName } from "../diagram/theme.js";
import type { Graph } from "../graph/graph.js";
import { graphAt } from "../graph/sized.js";
import { request, type SpecOptions } from "./check.js";
import { openNetwork } from "./spec.js";
import { sizesAt } from "./given-size.js";

/** What a picture is written as. */
export type DiagramFormat = "svg" | "mermaid" | "dot";

export interface DiagramOptions extends SpecOptions {
  /** SVG where left out. */
  readonly format?: DiagramFormat;
  /** `stages`, a box for each layer, where left out; `full` has every operation. */
  readonly view?: ViewName;
  /** Every block for itself, instead of equal ones as one; so in the full view where left out. */
  readonly expand?: boolean;
  /** Height and width for a symbolic input. */
  readonly at?: readonly [number, number];
  /** `down` where left out. */
  readonly direction?: Direction;
  /** Of an SVG: `auto`, as light or dark as its reader's screen, where left out. */
  readonly theme?: ThemeName;
}

/**
 * Draws the network that a spec means.
 *
 * @throws SpecError, UsageError as for the spec, or where it is not for that size.
 */
export function diagramSpec(spec: string, options: DiagramOptions = {}): string {
  const { graph } = openNetwork(spec, request(options));
  const { at, format = "svg", direction = "down" } = options;
  const sized = at === undefined ? graph : graphAt(graph, sizesAt(graph, at));
  const diagram = diagramOf(sized, options.view ?? "stages", options.expand);
  switch (format) {
    case "svg":
      return svg(diagram, { direction, theme: options.theme ?? "auto" });
    case "mermaid":
      return mermaid(diagram, direction);
    case "dot":
      return dot(diagram, direction);
  }
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
