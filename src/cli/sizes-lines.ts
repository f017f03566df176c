/** What `check --sizes` says below a network: which sizes it takes, and which it could take. */
import type { AdmissibleSizes } from "../api/admissible-sizes.js";
import type { NetworkReport } from "../api/check.js";
import { wrap } from "../diagnostics/display-width.js";
import { inputOf } from "../graph/traversal.js";
import { everySize, printFirstSizes, printType, sameSizes } from "../shapes/index.js";

const indent = "  ";

/** The lines, at most `width` wide where their words let them be. */
export function sizesLines({ graph, admissible }: NetworkReport, width: number): readonly string[] {
  const only = admissible.length === 0 ? ", and no other size" : "";
  const rows: (readonly [string, readonly string[]])[] = [
    ["input", [`${printType(inputOf(graph).type)}${only}`]],
  ];
  for (const each of admissible) rows.push([each.symbol, sentencesOf(each)]);
  const label = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, sentences]) => {
    const room = Math.max(20, width - indent.length - label);
    const lines = sentences.flatMap((sentence) => wrap(sentence, room));
    return lines.map((line, row) => indent + (row === 0 ? name : "").padEnd(label) + line);
  });
}

function sentencesOf({ declared, text, admitted, wider }: AdmissibleSizes): readonly string[] {
  if (text === undefined || admitted === undefined) {
    return [`as declared: ${declared}`, "these have no closed form that could be written down"];
  }
  const first = printFirstSizes(admitted);
  const isList = text.includes(" = ");
  const sizes = isList ? text : `${text}: ${first}`;
  if (sameSizes(admitted, everySize)) return [sizes, "the network is sound for every size"];
  const lines = [sizes, `as declared: ${declared}`];
  if (wider === undefined) return [...lines, "the network would be sound for no other size"];
  const { conditions } = wider;
  const enough =
    conditions === undefined
      ? ""
      : conditions === ""
        ? ": no condition is needed"
        : `: \`where ${conditions}\` is enough`;
  return [...lines, `it would be sound for ${wider.text}${enough}`];
}
