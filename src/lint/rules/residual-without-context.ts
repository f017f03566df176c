/** A residual of 1x1 windows alone sees each pixel by itself: it adds depth, and nothing of what is around. */
import type { Node } from "../../graph/graph.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "residual-without-context",
  group: "correctness",
  level: "warn",
  description: "The receptive field grows in a residual",
  needs: "graph",
  messages: {
    flat: "every window of this residual is 1x1: it sees no further than what enters it",
  },
  options: {},

  check({ file, networks, report }) {
    for (const network of networks) {
      for (const { step, add, entry, residual } of network.residuals) {
        if (entry.type.spatial.length === 0 || !residual.some(({ op }) => op === "conv")) continue;
        if (residual.some(seesAround)) continue;
        const within = step.span.file === file ? step.span : undefined;
        report(
          "flat",
          network.place(add, within),
          {},
          {
            help: "one of its convolutions needs a window of 3x3 or more",
          },
        );
      }
    }
  },
});

/** Whether an operation looks at more than one pixel, as a gate does at all of them. */
function seesAround(node: Node): boolean {
  if (node.op === "globalavgpool" || node.op === "flatten") return true;
  if (!isOp(node, "conv") && !isOp(node, "maxpool") && !isOp(node, "avgpool")) return false;
  return node.attributes.kernel.some((taps) => taps > 1);
}
