/** A window whose size is written as a product: `3*3` is 9, and so a window of 9x9. */
import { argumentOf } from "../../check/arguments.js";
import { isWrittenOperation, operations } from "../../ops/registry.js";
import { callsIn } from "../chains.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "multiplied-window",
  group: "correctness",
  level: "warn",
  description: "The height and the width of a window are joined by `x`",
  needs: "syntax",
  messages: { product: "`{written}` is {product}: a window of {product}x{product}" },
  options: {},

  check({ chains, report }) {
    for (const chain of chains) {
      for (const { call } of callsIn(chain)) {
        const { text: name } = call.callee;
        if (chain.role.kind === "setting" || !isWrittenOperation(name)) continue;
        const value = argumentOf(call, operations[name].signature, "kernel")?.value;
        if (value?.kind !== "binary" || value.operator !== "*") continue;
        const { left, right, span } = value;
        if (left.kind !== "number" || right.kind !== "number") continue;
        const size = `${left.value}x${right.value}`;
        const help = {
          text: `write \`${size}\`: height and width`,
          edits: [{ span, text: size }],
          applicability: "unsafe" as const,
        };
        const product = left.value * right.value;
        const written = `${left.value} * ${right.value}`;
        report("product", span, { written, product }, { help });
      }
    }
  },
});
