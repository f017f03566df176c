/** A momentum of a batch norm that is written as PyTorch counts it: moving statistics that forget nearly all at every step. */
import { isNumber } from "../../check/written-settings.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

/** Where moving statistics keep less than half, they are those of the last batch or two. */
const least = 0.5;

export const rule = defineRule({
  name: "batchnorm-momentum",
  group: "correctness",
  level: "warn",
  description: "A batch norm's moving statistics keep at least half of what they were",
  needs: "graph",
  messages: {
    forgets:
      "moving statistics keep {momentum} of what they were at every step, and take {rest} of the batch",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      for (const node of network.graph.nodes) {
        if (!isOp(node, "batchnorm") || node.attributes.momentum >= least) continue;
        const { momentum } = node.attributes;
        const meant = String(Number((1 - momentum).toPrecision(12)));
        const text = `PyTorch's momentum is the other share: its ${momentum} is \`momentum: ${meant}\` here, as in Keras`;
        const at = network.argumentPlace(node, "momentum");
        const edits = [{ span: at.span, text: meant }];
        const help = isNumber(at) ? { text, edits, applicability: "unsafe" as const } : text;
        report("forgets", at, { momentum, rest: meant }, { help });
      }
    }
  },
});
