/** A bias before a batch norm is taken out again with the mean: it costs memory and learns nothing. */
import type { Edit } from "../../diagnostics/diagnostic.js";
import { withoutItem } from "../../diagnostics/edits.js";
import type { Argument, Call } from "../../syntax/ast.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "bias-before-batchnorm",
  group: "training",
  level: "warn",
  description: "A convolution that a batch norm follows has no bias",
  needs: "syntax",
  messages: {
    useless: "the bias of this {operation} is taken out again by the batch norm after it",
  },
  options: {},

  check({ chains, networks, report }) {
    for (const network of networks) {
      for (const node of network.graph.nodes) {
        if (!isOp(node, "conv") || !node.attributes.bias) continue;
        const call = network.callOf(node);
        // One that is written as such is found in the syntax, wherever it stands.
        if (call === undefined || biasOf(call) !== undefined) continue;
        const consumers = network.consumers(node);
        if (consumers.length !== 1 || consumers[0]?.op !== "batchnorm") continue;
        const help = "let it be false where a batch norm follows: that has one of its own, `beta`";
        report("useless", network.argumentPlace(node, "bias"), { operation: "conv" }, { help });
      }
    }

    for (const chain of chains) {
      for (const [index, step] of chain.steps.entries()) {
        const next = chain.steps[index + 1];
        if (step.kind !== "call" || next?.kind !== "call") continue;
        if (next.call.callee.text !== "batchnorm") continue;
        const bias = biasOf(step.call);
        if (bias === undefined) continue;
        const text = "leave the bias out: the batch norm has one of its own, `beta`";
        report(
          "useless",
          bias.span,
          { operation: step.call.callee.text },
          {
            related: [{ span: next.call.span, text: "subtracts the mean, and the bias with it" }],
            help: { text, edits: [withoutArgument(step.call, bias)] },
          },
        );
      }
    }
  },
});

/** The argument that asks for a bias: a dense layer has one unless it says otherwise, a convolution has none. */
function biasOf({ callee, arguments: given }: Call): Argument | undefined {
  if (callee.text !== "conv" && callee.text !== "dense") return undefined;
  return given.find(
    ({ name, value }) =>
      name?.text === "bias" && value.kind === "name" && value.name.text === "true",
  );
}

/** Takes an argument out of its call, with its comma. */
function withoutArgument(call: Call, argument: Argument): Edit {
  const spans = call.arguments.map(({ span }) => span);
  return { span: withoutItem(spans, call.arguments.indexOf(argument)), text: "" };
}
