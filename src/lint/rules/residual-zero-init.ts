/**
 * A residual whose last batch norm starts with gamma 0 starts as the identity (Goyal et al. 2017, section 5.1): a
 * deep network then trains as a shallow one at first.
 */
import type { Edit } from "../../diagnostics/diagnostic.js";
import type { Call } from "../../syntax/ast.js";
import type { Node } from "../../graph/graph.js";
import { isOp, type NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "residual-zero-init",
  group: "training",
  level: "warn",
  description: "The last batch norm of a residual starts at zero where that of others does",
  needs: "graph",
  messages: {
    mixed: "this residual does not start as the identity, as {others} of {network} do",
    always: "this residual does not start as the identity: its last batch norm has gamma {gamma}",
  },
  options: {
    when: {
      type: "string",
      enum: ["mixed", "always"],
      default: "mixed",
      description:
        "Whether to ask for it everywhere, or only where some residuals of a network have it.",
    },
  },

  check({ networks, options: { when }, report }) {
    for (const network of networks) {
      const ends = lastNorms(network);
      const zero = [...ends.values()].filter(({ gamma }) => gamma === 0).length;
      if (when === "mixed" && zero === 0) continue;
      for (const [call, { node, gamma }] of ends) {
        if (gamma === 0) continue;
        const text = "`gamma: 0` makes it start at zero (Goyal et al. 2017)";
        const help = { text, edits: [zeroed(call)], applicability: "unsafe" as const };
        const place = network.place(node);
        if (when === "always") report("always", place, { gamma }, { help });
        else report("mixed", place, { others: zero, network: network.name }, { help });
      }
    }
  },
});

interface LastNorm {
  readonly node: Node;
  readonly gamma: number;
}

/** The batch norms that end a residual, by how they are written. */
function lastNorms(network: NetworkView): ReadonlyMap<Call, LastNorm> {
  const ends = new Map<Call, LastNorm>();
  for (const { add } of network.residuals) {
    const [end] = network.inputs(add);
    const call = end && network.callOf(end);
    if (end && call && isOp(end, "batchnorm")) {
      ends.set(call, { node: end, gamma: end.attributes.gamma });
    }
  }
  return ends;
}

/** The call with `gamma: 0`. */
function zeroed({ arguments: given, callee }: Call): Edit {
  const written = given.find(({ name }) => name?.text === "gamma");
  if (written) return { span: written.value.span, text: "0" };
  const last = given.at(-1);
  const { file, end } = last?.span ?? callee.span;
  return { span: file.span(end, end), text: last ? ", gamma: 0" : " gamma: 0" };
}
