/**
 * A head with another number of classes than a data set that the configuration describes: training would refuse it,
 * after the data is read. Of data that is known without that, the check tells it.
 */
import { isOp, type NetworkView } from "../network-view.js";
import type { Edit, Help } from "../../diagnostics/diagnostic.js";
import type { Node } from "../../graph/graph.js";
import { knownFacts } from "../../recipe/data-kinds.js";
import { textOf, type Span } from "../../source/source.js";
import { knownData } from "../known-data.js";
import { isNumber, settingSpan } from "../../check/written-settings.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "classes-match-data",
  group: "correctness",
  level: "error",
  description: "A network has as many outputs as the data set of its recipe has classes",
  needs: "graph",
  messages: {
    apart: "{data} has {classes} classes, and head {head} of {network} ends with {channels}",
  },
  options: {},

  check({ recipes, project, report }) {
    for (const { recipe, declaration, network } of recipes) {
      if (knownFacts(recipe.data) !== undefined) continue;
      const data = knownData(recipe.data, project);
      if (network === undefined || data?.classes === undefined) continue;
      for (const output of network.graph.outputs) {
        const node = network.node(output.node);
        const { channels } = node.type;
        if (channels === data.classes) continue;
        const source = sourceOf(network, node);
        const related = source ? [{ span: source.span, text: `${channels} classes` }] : [];
        report(
          "apart",
          settingSpan(declaration, "data"),
          {
            data: data.name,
            classes: data.classes,
            head: output.name,
            network: network.name,
            channels,
          },
          { related, help: helpFor(source, data.classes) },
        );
      }
    }
  },
});

/** Where the linted file says the number of classes, and what to put there. */
interface Source {
  readonly span: Span;
  readonly edit?: (classes: number) => Edit;
}

function sourceOf(network: NetworkView, node: Node): Source | undefined {
  if (!isOp(node, "dense") && !isOp(node, "conv")) return undefined;
  const { span } = network.argumentPlace(node, "channels");
  const replace = (at: Span) => (classes: number) => ({ span: at, text: String(classes) });
  const parameter = network.network.parameters.find(({ name }) => name.text === textOf(span));
  if (parameter?.default && isNumber(parameter.default) && parameter.span.file === span.file) {
    const at = parameter.default.span;
    return { span: at, edit: replace(at) };
  }
  return /^[\d_]+$/.test(textOf(span)) ? { span, edit: replace(span) } : { span };
}

function helpFor(source: Source | undefined, classes: number): Help {
  const text = `give the network ${classes} classes, or name the data set that it is for`;
  const edit = source?.edit?.(classes);
  return edit ? { text, edits: [edit], applicability: "unsafe" } : { text };
}
