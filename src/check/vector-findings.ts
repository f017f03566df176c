/** What is said of an operation that needs a map and is fed a vector. */
import type { Help } from "../diagnostics/diagnostic.js";
import type { OpName } from "../ops/attributes.js";
import { textOf } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";

/** An operation as it is written, with its arguments by name. */
interface Written {
  readonly call: Call;
  readonly given: ReadonlyMap<string, Argument>;
}

/** Why a vector does not meet a map: nothing is repeated to fit. */
export const notSpread =
  "what is pooled cannot be spread over a map here; it scales the map's channels in a gate: `gate { globalavgpool -> … -> sigmoid }`";

/** What takes a vector in its place. */
export function onVector(op: OpName, attributes: object, written: Written | undefined): Help {
  if (op === "globalavgpool") return { text: "it is a vector already: leave this out" };
  if (op === "upsample") return { text: notSpread };
  const dense = written && op === "conv" ? denseInstead(attributes, written) : undefined;
  return dense ?? { text: "it takes a map: it goes before what makes the vector, or is `dense`" };
}

/** A convolution whose window sees one place alone is a dense layer, where there is but one place. */
function denseInstead(attributes: object, { call, given }: Written): Help | undefined {
  if (!("kernel" in attributes) || String(attributes.kernel) !== "1,1") return undefined;
  const channels = given.get("channels");
  const isPlain = [...given.keys()].every((name) => ["kernel", "channels", "bias"].includes(name));
  if (channels === undefined || !isPlain) return undefined;
  const bias = given.get("bias");
  const taken = `${textOf(channels.span)}, ${bias ? textOf(bias.span) : "bias: false"}`;
  const { file, end } = call.callee.span;
  const text = file.text.startsWith("(", end) ? `dense(${taken})` : `dense ${taken}`;
  const shown = text.replace(/\s+/g, " ");
  return {
    text: `a 1x1 convolution of a vector is \`dense\`: \`${shown}\``,
    edits: [{ span: call.span, text }],
  };
}
