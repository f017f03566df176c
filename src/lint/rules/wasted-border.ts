/** An input size of which window after window leaves the last rows unseen: the far border of an image is thrown away. */
import type { Graph } from "../../graph/graph.js";
import { inputOf } from "../../graph/traversal.js";
import type { NetworkView } from "../network-view.js";
import { unseenRows, type Unseen } from "../border.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "wasted-border",
  group: "correctness",
  level: "warn",
  description: "An input's size is one whose border the strided windows see",
  needs: "graph",
  messages: {
    wasted:
      "{count} strided windows leave the last {rows} of their maps unseen at an input of {size}",
  },
  options: {
    windows: {
      type: "integer",
      minimum: 1,
      default: 2,
      description: "How many windows have to leave rows unseen.",
    },
  },

  check({ networks, file, options: { windows }, report }) {
    for (const network of networks) {
      for (const axis of [0, 1] as const) {
        const size = inputOf(network.graph).type.spatial[axis];
        if (typeof size !== "number") continue;
        const unseen = unseenRows(network.graph, axis, size) ?? [];
        if (unseen.length < windows) continue;
        const lines = axis === 0 ? "rows" : "columns";
        const notes = unseen.slice(0, 4).map((each) => describe(each, lines));
        const better = nearestWhole(network.graph, axis, size);
        const whole =
          better.length === 0 ? undefined : `of ${better.join(" or ")} ${lines} all are seen`;
        const span = inputSpan(network);
        if (span.file !== file) continue;
        const holes = { count: unseen.length, rows: lines, size: `${size} ${lines}` };
        report("wasted", span, holes, { notes, ...(whole !== undefined && { help: whole }) });
        break;
      }
    }
  },
});

function describe({ node, extent, rows }: Unseen, lines: string): string {
  return `${node.name}: ${rows} of ${extent} ${lines}`;
}

/** The nearest smaller and larger sizes of which every strided window sees all. */
function nearestWhole(graph: Graph, axis: 0 | 1, size: number): readonly number[] {
  const isWhole = (each: number): boolean => unseenRows(graph, axis, each)?.length === 0;
  const found: number[] = [];
  for (const way of [-1, 1]) {
    for (let by = 1; by <= size; by++) {
      const each = size + way * by;
      if (each < 1) break;
      if (!isWhole(each)) continue;
      found.push(each);
      break;
    }
  }
  return found;
}

/** Where the input is written; where another file does, the network's name. */
function inputSpan({ network, declaration }: NetworkView) {
  const item = network.items.find(({ kind }) => kind === "input");
  return item?.span.file === declaration.name.span.file ? item.span : declaration.name.span;
}
