/** A projection between values of one shape costs weights where the identity is free and trains as well. */
import type { Help } from "../../diagnostics/diagnostic.js";
import { grouped } from "../../diagnostics/numbers.js";
import type { Node } from "../../graph/graph.js";
import { printTypeWhere } from "../../shapes/index.js";
import { sameType } from "../../shapes/tensor-type.js";
import type { ResidualStep } from "../../syntax/ast.js";
import { isOp, type ResidualView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "needless-projection",
  group: "speed",
  level: "warn",
  description: "A shortcut is the identity where both sides of the sum are of one shape already",
  needs: "graph",
  messages: {
    needless: "this shortcut projects {type} to the very shape that it has",
  },
  options: {},

  check({ file, networks, report }) {
    for (const network of networks) {
      for (const residual of network.residuals) {
        if (!isProjection(residual)) continue;
        const { step, entry, add, shortcut } = residual;
        const place = network.place(add);
        const weights = shortcut.reduce((sum, node) => sum + network.parameters(node), 0);
        const saved = `which saves ${grouped(weights)} parameters`;
        report(
          "needless",
          place,
          { type: printTypeWhere(entry.type, network.graph.domains) },
          {
            help:
              place.span.file === file && step.span.file === file
                ? mend(step, saved)
                : `let the shortcut be \`project\`: the identity where the shapes agree, ${saved}`,
          },
        );
      }
    }
  },
});

/** Whether the shortcut is a 1x1 convolution, perhaps with its batch norm, that leaves the shape as it is. */
function isProjection({ shortcut, entry, add }: ResidualView): boolean {
  const [first, ...rest] = shortcut;
  if (first === undefined || !isPointwise(first) || !sameType(entry.type, add.type)) return false;
  return rest.every(({ op }) => op === "batchnorm");
}

function isPointwise(node: Node): boolean {
  return isOp(node, "conv") && node.attributes.kernel.every((taps) => taps === 1);
}

function mend({ shortcut }: ResidualStep, saved: string): Help {
  const text = `\`shortcut project\` is the identity where the shapes agree, ${saved}`;
  const isWritten = shortcut.kind === "chain" || shortcut.value.kind === "always";
  return isWritten
    ? { text, edits: [{ span: shortcut.span, text: "project" }], applicability: "unsafe" }
    : { text };
}
