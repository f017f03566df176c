/** Channels that cannot be split into the groups of a convolution, in blocks that no network uses yet. */
import { argumentOf } from "../../check/arguments.js";
import { operations } from "../../ops/registry.js";
import type { ChainStep, Expression } from "../../syntax/ast.js";
import { shownCall } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "groups-divide-channels",
  group: "correctness",
  level: "error",
  description: "The groups of a convolution divide its channels, also where no network uses it yet",
  needs: "syntax",
  messages: {
    output: "`{operation}` cannot make {channels} channels in {groups} groups",
    input: "`{operation}` is fed {channels} channels, which cannot be split into {groups} groups",
  },
  options: {},

  check({ chains, checked, report }) {
    for (const { steps } of chains) {
      for (const [index, step] of steps.entries()) {
        const groups = numberOf(step, "groups");
        if (step.kind !== "call" || groups === undefined || groups < 2) continue;
        // Where a network has come to it, the check has said so.
        const { call } = step;
        if (
          checked.some(
            ({ span }) => span?.file === call.span.file && span.start === call.span.start,
          )
        )
          continue;
        const operation = shownCall(call);
        const made = numberOf(step, "channels");
        const fed = channelsBefore(steps, index);
        if (made !== undefined && made % groups !== 0) {
          report(
            "output",
            call.span,
            { operation, channels: made, groups },
            { help: near(made, groups) },
          );
        } else if (fed !== undefined && fed % groups !== 0) {
          report(
            "input",
            call.span,
            { operation, channels: fed, groups },
            { help: near(fed, groups) },
          );
        }
      }
    }
  },
});

function near(channels: number, groups: number): string {
  const below = Math.floor(channels / groups) * groups;
  const fitting = below === 0 ? [groups] : [below, below + groups];
  return `${fitting.join(" or ")} channels can be split into ${groups} groups`;
}

/** The channels that the steps before one come to, where they are written as numbers. */
function channelsBefore(steps: readonly ChainStep[], index: number): number | undefined {
  for (const step of steps.slice(0, index).reverse()) {
    if (step.kind !== "call") return undefined;
    const { text } = step.call.callee;
    if (text === "conv") return numberOf(step, "channels");
    if (!keepsChannels.has(text)) return undefined;
  }
  return undefined;
}

const keepsChannels: ReadonlySet<string> = new Set([
  "batchnorm",
  "relu",
  "sigmoid",
  "maxpool",
  "avgpool",
  "dropout",
  "upsample",
]);

/** An argument of a convolution that is a number as it is written. */
function numberOf(step: ChainStep, name: "channels" | "groups"): number | undefined {
  if (step.kind !== "call" || step.call.callee.text !== "conv") return undefined;
  const argument = argumentOf(step.call, operations.conv.signature, name);
  return argument && constantOf(argument.value);
}

/** The value of an expression of numbers alone. */
function constantOf(expression: Expression): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind !== "binary") return undefined;
  const [left, right] = [constantOf(expression.left), constantOf(expression.right)];
  if (left === undefined || right === undefined) return undefined;
  switch (expression.operator) {
    case "*":
      return left * right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    default:
      return undefined;
  }
}
