/** A residual of 1x1 windows alone sees each pixel by itself: it adds depth, and nothing of what is around. */
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "residual-without-context",
  group: "correctness",
  level: "warn",
  description: "The receptive field grows in a residual",
  needs: "graph",
  messages: {
    flat: "this residual sees no further than what enters it: {size} pixels, before and after",
  },
  options: {},

  check({ file, networks, report }) {
    for (const network of networks) {
      for (const { step, add, entry, residual } of network.residuals) {
        const [end] = network.inputs(add);
        if (end === undefined || entry.type.spatial.length === 0) continue;
        if (!residual.some(({ op }) => op === "conv")) continue;
        const [before, after] = [network.field(entry).size, network.field(end).size];
        if (after.some((extent, axis) => extent > (before[axis] ?? 0))) continue;
        const within = step.span.file === file ? step.span : undefined;
        report(
          "flat",
          network.place(add, within),
          { size: before.join("x") },
          {
            help: "one of its convolutions needs a window of 3x3 or more",
          },
        );
      }
    }
  },
});
