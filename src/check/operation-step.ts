/** Elaborates one operation: its arguments, its node, and the shape that it leaves where it is in error. */
import type { Tensor } from "../graph/builder.js";
import type { OpAttributes, OpName, Pair } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import { extentAt } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, CallStep } from "../syntax/ast.js";
import { bindOperation } from "./bound-operation.js";
import type { Surroundings } from "./surroundings.js";
import { addOperation, type Elaboration } from "./elaboration.js";
import { doubt, nothingGuessed, pass, sizeOrigin, type Flow, type Guessed } from "./place.js";
import type { Scope } from "./scope.js";

/** @param base what its node is called at its place. */
export function elaborateOperation(
  into: Elaboration,
  op: OpName,
  step: CallStep,
  around: Surroundings,
  flow: Flow,
  base: string = op,
): Flow {
  const { call } = step;
  const { scope } = around;
  const { bound, faulty, given } = bindOperation(call, operations[op].signature, scope);
  const written = { call, scope, given };
  const attributes = operations[op].attributes(bound);
  if (faulty.size > 0) {
    into.failed = true;
    into.builder.spend();
    return recover(into, op, attributes, written, flow, doubtedBy(faulty));
  }
  const site = {
    name: into.builder.fresh(around.prefix, base),
    span: call.span,
    shown: `\`${brief(textOf(call.span))}\``,
    notes: scope.notes,
    guessed: flow.guessed,
    sizeOrigin: () => sizeOrigin(flow, into.limits),
    grouped: {
      ...written,
      channels: "channels" in attributes ? Number(attributes.channels) : flow.value.type.channels,
      incoming: flow.guessed.channels ? undefined : flow.value.type.channels,
      widening: flow.history.widening,
    },
  };
  const value = addOperation(into, site, op, attributes, [flow.value]);
  if (value === undefined) {
    // Channels that groups cannot share are as likely wrong as the groups.
    const { problem } = into.builder.typeOf(op, attributes, [flow.value.type]);
    const channels = problem?.kind === "groups" && problem.side === "output";
    return recover(into, op, attributes, written, flow, { ...nothingGuessed, channels });
  }
  if (scope.calls) scope.found.sound(call);
  return passOn(flow, written, attributes, value);
}

/** An operation as it is written, and what its names mean. */
interface Written {
  readonly call: Call;
  readonly scope: Scope;
  /** Its arguments by name. */
  readonly given: ReadonlyMap<string, Argument>;
}

/** What an operation's arguments in error leave in doubt. */
function doubtedBy(faulty: ReadonlySet<string>): Guessed {
  const sizes = [...faulty].some((name) => !["channels", "groups", "bias"].includes(name));
  return { ...nothingGuessed, spatial: sizes, channels: faulty.has("channels") };
}

/** The flow after an operation: a vector has no size to be wrong about, and filters are counted anew. */
function passOn(
  flow: Flow,
  { call, scope, given }: Written,
  attributes: object,
  value: Tensor,
): Flow {
  const stride = strideOf(attributes);
  const isStrided = stride.some((each) => each !== 1);
  const sizedBy = ["stride", "pad", "kernel"].slice(isStrided ? 0 : 1);
  const sizeSpan = sizedBy.map((name) => given.get(name)?.span).find((span) => span !== undefined);
  const setsChannels = "channels" in attributes;
  const channels = setsChannels && given.get("channels");
  const passed = {
    span: call.span,
    stride,
    setsChannels,
    before: flow.value.type,
    after: value.type,
    ...(sizeSpan && { sizeSpan }),
    ...("kernel" in attributes && { kernel: attributes.kernel as Pair }),
    ...(channels && { channels: { expression: channels.value, scope } }),
  };
  const isVector = value.type.spatial.length === 0;
  return pass(flow, passed, value, {
    rank: flow.guessed.rank && !isVector,
    spatial: flow.guessed.spatial && !isVector,
    channels: flow.guessed.channels && !setsChannels,
    contested: flow.guessed.contested && !isVector,
  });
}

function strideOf(attributes: object): Pair {
  if ("stride" in attributes) return attributes.stride as Pair;
  if (!("factor" in attributes)) return [1, 1];
  const [height, width] = attributes.factor as Pair;
  return [1 / height, 1 / width];
}

/** After an operation in error: the shape that it would most likely have made. */
function recover<K extends OpName>(
  into: Elaboration,
  op: K,
  attributes: OpAttributes[K],
  written: Written,
  flow: Flow,
  doubted: Guessed,
): Flow {
  const { type } = flow.value;
  const ungrouped = "groups" in attributes ? { ...attributes, groups: 1 } : attributes;
  const made = into.builder.typeOf(op, ungrouped, [type]).type;
  const isLeft = made?.spatial.every((extent) => {
    const least = typeof extent === "number" ? 1 : into.limits.leastOf(extent.symbol);
    return extentAt(extent, least) >= 1;
  });
  if (made && isLeft) {
    return doubt(passOn(flow, written, attributes, { ...flow.value, type: made }), doubted);
  }
  const channels = "channels" in attributes ? Number(attributes.channels) : type.channels;
  const makesVector = op === "dense" || op === "flatten";
  const spatial = makesVector ? ([] as const) : type.spatial;
  const value = { ...flow.value, type: { ...type, channels, spatial } };
  return doubt(passOn(flow, written, attributes, value), {
    rank: !makesVector && spatial.length === 0,
    spatial: !makesVector,
    channels: doubted.channels || op === "flatten",
    contested: false,
  });
}

/** The text of a call on one line, shortened. */
function brief(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 48 ? `${line.slice(0, 47)}…` : line;
}
