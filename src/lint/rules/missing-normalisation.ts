/** A convolution without the batch norm that the rest of its network has: most often one that was forgotten. */
import type { Node } from "../../graph/graph.js";
import { isWithin } from "../chains.js";
import { isOp, shownCall, type NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "missing-normalisation",
  group: "consistency",
  level: "warn",
  description: "A convolution has a batch norm where the rest of its network does",
  needs: "graph",
  messages: {
    missing: "`{operation}` has no batch norm, which {others} other convolutions of {network} have",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      const calls = [...network.written("conv")].filter(
        ([, [node]]) => node && counts(network, node),
      );
      const isBare = (nodes: readonly Node[]): boolean =>
        nodes.some((node) => !isNormalised(network, node));
      const bare = calls.filter(([, nodes]) => isBare(nodes));
      const others = calls.length - bare.length;
      if (others < 2 * bare.length) continue;
      for (const [call, nodes] of bare) {
        const node = nodes.find((each) => !isNormalised(network, each));
        if (node === undefined) continue;
        const holes = { operation: shownCall(call), others, network: network.name };
        const { end } = call.span;
        const text =
          "put `-> batchnorm` after it, or give it `bias: true` where it is meant to go without";
        const edits = [{ span: call.span.file.span(end, end), text: " -> batchnorm" }];
        const help = { text, edits, applicability: "unsafe" as const };
        report("missing", network.place(node), holes, { help });
      }
    }
  },
});

/** Whether a convolution is one of those that networks normalise: not a gate's, not a head's, none with a bias. */
function counts(network: NetworkView, node: Node): boolean {
  const chain = network.chainOf(node);
  if (chain === undefined || !isOp(node, "conv") || node.attributes.bias) return false;
  return !isWithin(chain, "gate") && !isWithin(chain, "head") && network.consumers(node).length > 0;
}

/** Whether a batch norm takes what a convolution gives, or in a chain with pre-activation comes before it. */
function isNormalised(network: NetworkView, node: Node): boolean {
  if (reachesBatchNorm(network, node)) return true;
  const chain = network.chainOf(node);
  const first = chain?.steps.find(
    (step) => step.kind === "call" && ["conv", "batchnorm"].includes(step.call.callee.text),
  );
  // A chain with pre-activation begins with its batch norm (He et al. 2016).
  if (first?.kind !== "call" || first.call.callee.text !== "batchnorm") return false;
  let [before] = network.inputs(node);
  while (before && (before.op === "relu" || carries.has(before.op))) {
    [before] = network.inputs(before);
  }
  return before?.op === "batchnorm";
}

/** Whether a batch norm comes before any activation and any further convolution, be it after a sum. */
function reachesBatchNorm(network: NetworkView, node: Node): boolean {
  const seen = new Set<Node>();
  const rest = [node];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const each of network.consumers(next)) {
      if (each.op === "batchnorm") return true;
      if (seen.has(each) || !(carries.has(each.op) || merges.has(each.op))) continue;
      seen.add(each);
      rest.push(each);
    }
  }
  return false;
}

/** What may stand between a batch norm and the convolution that it is for. */
const carries: ReadonlySet<string> = new Set(["maxpool", "avgpool", "dropout"]);

/** What a batch norm may be after with all that it joins. */
const merges: ReadonlySet<string> = new Set(["add", "concat"]);
