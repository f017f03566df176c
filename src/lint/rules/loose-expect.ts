/** An `expect` whose bound is so far from the value that it holds for other networks too. */
import { grouped } from "../../diagnostics/numbers.js";
import { graphCost } from "../../graph/cost.js";
import { textOf } from "../../source/source.js";
import type { ExpectItem, Expression } from "../../syntax/ast.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "loose-expect",
  group: "tidiness",
  level: "warn",
  description: "The bounds of an `expect` are close to the value",
  needs: "graph",
  messages: {
    loose: "{network} has {measured} {measure}, and `{condition}` leaves {slack} of room",
  },
  options: {
    percent: {
      type: "number",
      minimum: 0,
      default: 20,
      description: "How far a bound may be from the value, in percent of it.",
    },
  },

  check({ networks, file, options: { percent }, report }) {
    for (const network of networks) {
      for (const condition of conditionsOf(network)) {
        if (condition.span.file !== file) continue;
        const bound = boundOf(condition, network);
        if (bound === undefined) continue;
        const { measure, measured, value, inclusive } = bound;
        const room = (100 * Math.abs(value - measured)) / measured;
        if (room <= percent) continue;
        const exact = grouped(measured, "_");
        report(
          "loose",
          condition.span,
          {
            network: network.name,
            measured: exact,
            measure: measure === "params" ? "parameters" : "multiply-adds",
            condition: textOf(condition.span).replace(/\s+/g, " "),
            slack: `${Math.round(room)}%`,
          },
          {
            help: {
              text: `write \`${exact}\`: the value itself, or a little room around it`,
              edits: [{ span: condition.span, text: `${measure} ${inclusive} ${exact}` }],
              applicability: "unsafe",
            },
          },
        );
      }
    }
  },
});

function conditionsOf({ declaration }: NetworkView): readonly Expression[] {
  const items: readonly ExpectItem[] =
    declaration.kind === "instance"
      ? declaration.expects
      : declaration.items.filter((item) => item.kind === "expect");
  return items.flatMap(({ conditions }) => conditions);
}

interface Bound {
  readonly measure: "params" | "macs";
  readonly measured: number;
  readonly value: number;
  /** The relation that holds for the value itself. */
  readonly inclusive: string;
}

/** `params <= 30M` and the like: a measure of the whole network, a bound, and a number as it is written. */
function boundOf(condition: Expression, { graph }: NetworkView): Bound | undefined {
  if (condition.kind !== "binary" || !["<", "<=", ">", ">="].includes(condition.operator)) {
    return undefined;
  }
  const { left, right } = condition;
  if (left.kind !== "name" || right.kind !== "number") return undefined;
  const { parameters, macs } = graphCost(graph);
  const measure = left.name.text;
  const inclusive = `${condition.operator[0]}=`;
  const { value } = right;
  if (measure === "params") return { measure, measured: parameters, value, inclusive };
  if (measure !== "macs" || macs === undefined) return undefined;
  return { measure, measured: macs, value, inclusive };
}
