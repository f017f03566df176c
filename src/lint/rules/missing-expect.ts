/** A network whose parameters nothing holds: an edit changes the architecture, and no one is told. */
import { grouped } from "../../diagnostics/numbers.js";
import { graphCost } from "../../graph/cost.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "missing-expect",
  group: "tidiness",
  level: "info",
  description: "Every network has an `expect` that holds its parameters",
  needs: "graph",
  messages: { missing: "nothing holds the {parameters} parameters of {network}" },
  options: {},

  check({ networks, file, report }) {
    for (const network of networks) {
      const { declaration, graph } = network;
      const items =
        declaration.kind === "instance"
          ? declaration.expects
          : declaration.items.filter((item) => item.kind === "expect");
      if (items.length > 0 || declaration.name.span.file !== file) continue;
      const { parameters, macs } = graphCost(graph);
      const lines = [`params == ${grouped(parameters, "_")}`];
      if (macs !== undefined) lines.push(`macs   == ${grouped(macs, "_")}`);
      const text = "an `expect` is a unit test of the architecture: `check` tells when it changes";
      const edits = [insertion(network, lines)];
      const holes = { parameters: grouped(parameters, "_"), network: network.name };
      report("missing", declaration.name.span, holes, {
        help: { text, edits, applicability: "unsafe" },
      });
    }
  },
});

/** At the end of a network's braces, or as the braces of an instance. */
function insertion({ declaration }: NetworkView, lines: readonly string[]) {
  const { file, end } = declaration.span;
  const body = lines.map((line) => `    ${line}\n`).join("");
  const isOpen = file.text.slice(0, end).endsWith("}");
  if (declaration.kind === "network" || isOpen) {
    const at = file.text.lastIndexOf("}", end);
    const newline = /\n[ \t]*$/.test(file.text.slice(0, at)) ? "" : "\n";
    return { span: file.span(at, at), text: `${newline}\n  expect {\n${body}  }\n` };
  }
  return { span: file.span(end, end), text: ` {\n  expect {\n${body}  }\n}` };
}
