/** An activation at the end of a head, whose logits the loss puts through one of its own. */
import type { Help } from "../../diagnostics/diagnostic.js";
import type { Node } from "../../graph/graph.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "activated-logits",
  group: "correctness",
  level: "warn",
  description: "A head that a recipe trains ends in logits, without an activation",
  needs: "graph",
  messages: {
    twice: "the head {head} ends in `{activation}`, and the loss of {recipe} takes logits",
  },
  options: {},

  check({ recipes, report }) {
    for (const { recipe, network } of recipes) {
      if (network === undefined) continue;
      for (const output of network.graph.outputs) {
        const node = network.node(output.node);
        if (node.op !== "relu" && node.op !== "sigmoid") continue;
        const holes = { head: output.name, activation: node.op, recipe: recipe.name };
        const own = recipe.loss.kind === "bce" ? "a sigmoid" : "a softmax";
        const text = `leave it out: \`${recipe.loss.kind}\` has ${own} of its own, and \`predict\` gives probabilities`;
        report("twice", network.place(node), holes, { help: helpOf(network, node, text) });
      }
    }
  },
});

/** With the step taken out of its chain, where it stands behind another in it. */
function helpOf(network: NetworkView, node: Node, text: string): Help | string {
  const call = network.callOf(node);
  const steps = network.chainOf(node)?.steps ?? [];
  const index = steps.findIndex((step) => step.kind === "call" && step.call === call);
  const [before, own] = [steps[index - 1], steps[index]];
  if (before === undefined || own === undefined || call === undefined) return text;
  const { file } = own.span;
  const edits = [{ span: file.span(before.span.end, own.span.end), text: "" }];
  return { text, edits, applicability: "unsafe" };
}
