/** Tensor cores and vector units work on channels in eights: what is no multiple is filled up with zeros. */
import type { Node } from "../../graph/graph.js";
import { defineRule } from "../rule.js";
import { isOp, type NetworkView } from "../network-view.js";

export const rule = defineRule({
  name: "channel-multiple",
  group: "speed",
  level: "warn",
  description: "The channels of a convolution are a multiple of 8",
  needs: "graph",
  messages: {
    odd: "{channels} channels are not a multiple of {multiple}",
  },
  options: {
    multiple: {
      type: "integer",
      minimum: 2,
      default: 8,
      description: "What channels have to be a multiple of.",
    },
  },

  check({ networks, options: { multiple }, report }) {
    for (const network of networks) {
      for (const node of network.graph.nodes) {
        // A projection has the channels of its residual, which speaks for itself. What goes out is counted by what it says, such as classes, and not by what is fast.
        if (!isOp(node, "conv") || goesOut(network, node)) continue;
        if (network.callOf(node) === undefined) continue;
        const { channels } = node.attributes;
        if (channels % multiple === 0) continue;
        const below = Math.floor(channels / multiple) * multiple;
        const near = below === 0 ? [multiple] : [below, below + multiple];
        report(
          "odd",
          network.argumentPlace(node, "channels"),
          { channels, multiple },
          {
            help: `${near.join(" or ")} would be: the hardware multiplies in blocks of ${multiple} channels, and fills up the last`,
          },
        );
      }
    }
  },
});

/** Operations after which a map has the channels that it had. */
const keeping: ReadonlySet<string> = new Set([
  "add",
  "batchnorm",
  "dropout",
  "relu",
  "sigmoid",
  "upsample",
]);

/** Whether a map leaves the network with the channels that it has, and nothing else is made of it. */
function goesOut(network: NetworkView, node: Node): boolean {
  const reached = new Set([node]);
  for (const from of reached) {
    for (const each of network.consumers(from)) {
      if (!keeping.has(each.op)) return false;
      reached.add(each);
    }
  }
  return true;
}
