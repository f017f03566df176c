/** Elaborates chains: every step of a body becomes nodes of the graph, in order. */
import { diagnostic } from "../diagnostics/diagnostic.js";
import { operationLimit, type Tensor } from "../graph/builder.js";
import type { OpAttributes, OpName, Pair } from "../ops/attributes.js";
import { isWrittenOperation, operations } from "../ops/registry.js";
import { textOf } from "../source/source.js";
import type {
  BlockDeclaration,
  Call,
  CallStep,
  Chain,
  ChainStep,
  FromStep,
} from "../syntax/ast.js";
import { bindOperation } from "./arguments.js";
import { elaborateBlock } from "./block.js";
import { addOperation, report, type Elaboration } from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import { elaborateBranches, elaborateGate } from "./merges.js";
import {
  allGuessed,
  beginChain,
  channelOrigin,
  doubt,
  nothingGuessed,
  pass,
  sizeOrigin,
  type Flow,
  type Guessed,
} from "./place.js";
import type { Unit } from "./program.js";
import { elaborateResidual } from "./residual.js";
import { blame, lookUp, meantCallable, type Scope } from "./scope.js";
import type { Surroundings } from "./surroundings.js";
import { describeValue } from "./value.js";

/** How deep chains may stand in chains, through all blocks. */
const chainDepthLimit = 256;

/** Elaborates the steps of a chain one after the other. */
export function elaborateChain(
  into: Elaboration,
  chain: Chain,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { depth, scope } = around;
  if (depth.now >= chainDepthLimit) {
    const holes = {
      what: "the depth of chains in chains",
      value: depth.now + 1,
      limit: chainDepthLimit,
    };
    report(into, scope.notes, diagnostic("R0602", chain.span, holes));
    return doubt(flow, allGuessed);
  }
  depth.now++;
  const end = chain.steps.reduce((now, step) => elaborateStep(into, step, around, now), flow);
  depth.now--;
  return end;
}

/** Elaborates one step. */
export function elaborateStep(
  into: Elaboration,
  step: ChainStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const result = dispatch(into, step, around, flow);
  if (step.label) around.places.set(step.label.text, result);
  return result;
}

function dispatch(into: Elaboration, step: ChainStep, around: Surroundings, flow: Flow): Flow {
  switch (step.kind) {
    case "call":
      return elaborateCall(into, step, around, flow);
    case "residual":
      return elaborateResidual(into, step, around, flow);
    case "branches":
      return elaborateBranches(into, step, around, flow);
    case "gate":
      return elaborateGate(into, step, around, flow);
    case "from":
      return takeUp(into, step, around, flow);
    case "unreadable":
      into.failed = true;
      return doubt(flow, allGuessed);
  }
}

function takeUp(into: Elaboration, step: FromStep, around: Surroundings, flow: Flow): Flow {
  const place = around.places.get(step.place.text);
  if (place) return beginChain(place);
  // The resolution of names has said so.
  into.failed = true;
  return doubt(flow, allGuessed);
}

/** What a callee is: an operation, or a block with the file whose names it sees. */
type Callee =
  | { readonly kind: "operation"; readonly name: OpName }
  | { readonly kind: "block"; readonly block: BlockDeclaration; readonly unit: Unit };

function calleeOf(into: Elaboration, step: CallStep, scope: Scope): Callee | undefined {
  const { callee } = step.call;
  if (isWrittenOperation(callee.text)) return { kind: "operation", name: callee.text };
  const looked = lookUp(scope, callee.text);
  if (!looked.known) {
    into.failed = true;
    // Names have been reported; what was meant is taken, so that shapes stay right.
    const meant = meantCallable(scope, callee.text);
    if (meant === undefined) return undefined;
    if (isWrittenOperation(meant)) return { kind: "operation", name: meant };
    const { value } = lookUp(scope, meant) as { value?: ReturnType<typeof evaluate> };
    return value?.kind === "block" ? value : undefined;
  }
  if (looked.value?.kind === "block") return looked.value;
  if (looked.value) {
    const holes = { name: callee.text, found: describeValue(looked.value), expected: "a block" };
    const { at, related } = blame(scope, { kind: "name", name: callee, span: callee.span });
    report(into, scope.notes, diagnostic("R0215", at, holes, { related }));
  } else into.failed = true;
  return undefined;
}

/** How often a step is repeated, and whether that is written. */
function countOf(into: Elaboration, step: CallStep, scope: Scope): number | undefined {
  if (!step.count) return undefined;
  const value = evaluate(step.count, scope);
  if (value?.kind === "number" && Number.isInteger(value.value) && value.value >= 1) {
    if (value.value <= operationLimit) return value.value;
    const limit = operationLimit.toLocaleString("en-US");
    report(into, scope.notes, diagnostic("R0601", step.span, { limit }));
    return 1;
  }
  into.failed = true;
  if (value) {
    const holes = { expected: "a whole number of at least 1", found: describeValue(value) };
    const { at, related } = blame(scope, step.count);
    report(into, scope.notes, diagnostic("R0212", at, holes, { related }));
  }
  return 1;
}

/** `4 x Bottleneck(128), /2`: the stride goes to the first of them. */
export function elaborateCall(
  into: Elaboration,
  step: CallStep,
  around: Surroundings,
  flow: Flow,
  stage?: string,
): Flow {
  const { scope, prefix } = around;
  const callee = calleeOf(into, step, scope);
  const count = countOf(into, step, scope);
  if (callee === undefined) {
    into.builder.spend();
    return doubt(flow, allGuessed);
  }
  const numbered = count !== undefined || stage !== undefined;
  const base =
    step.label?.text ?? (callee.kind === "block" ? snake(callee.block.name.text) : callee.name);
  const group =
    stage !== undefined
      ? prefix
      : numbered || callee.kind === "block"
        ? into.builder.fresh(prefix, base)
        : prefix;
  let current = flow;
  for (let index = 1; index <= (count ?? 1); index++) {
    const inside = numbered ? into.builder.fresh(group, `block${index}`) : group;
    const repeated = index === 1 ? step : withoutSlash(step);
    const where = stageNote(index, count, stage);
    if (callee.kind === "block") {
      const at = { ...around, prefix: inside };
      current = elaborateBlock(into, callee, repeated.call, at, current, where);
    } else {
      const at = numbered ? { ...around, prefix: inside } : around;
      current = elaborateOperation(
        into,
        callee.name,
        repeated,
        at,
        current,
        numbered ? undefined : base,
      );
    }
  }
  return current;
}

function stageNote(index: number, count: number | undefined, stage: string | undefined): string {
  const block = count === undefined ? "" : `, block ${index} of ${count}`;
  return stage === undefined ? block : `${block === "" ? "," : `${block} of`} stage ${stage}`;
}

function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}

function withoutSlash(step: CallStep): CallStep {
  const given = step.call.arguments.filter((argument) => !argument.slash);
  return { ...step, call: { ...step.call, arguments: given } };
}

function elaborateOperation(
  into: Elaboration,
  op: OpName,
  step: CallStep,
  around: Surroundings,
  flow: Flow,
  base: string = op,
): Flow {
  const { call } = step;
  const { scope } = around;
  const { bound, faulty } = bindOperation(call, operations[op].signature, scope);
  const attributes = operations[op].attributes(bound);
  if (faulty.size > 0) {
    into.failed = true;
    into.builder.spend();
    return recover(into, op, attributes, call, flow, doubtedBy(faulty));
  }
  const site = {
    name: into.builder.fresh(around.prefix, base),
    span: call.span,
    shown: `\`${brief(textOf(call.span))}\``,
    notes: scope.notes,
    guessed: flow.guessed,
    sizeOrigin: sizeOrigin(flow),
    channelOrigin: channelOrigin(flow),
  };
  const value = addOperation(into, site, op, attributes, [flow.value]);
  if (value === undefined) return recover(into, op, attributes, call, flow, nothingGuessed);
  return passOn(flow, call, attributes, value);
}

/** What an operation's arguments in error leave in doubt. */
function doubtedBy(faulty: ReadonlySet<string>): Guessed {
  const sizes = [...faulty].some((name) => !["channels", "groups", "bias"].includes(name));
  return { rank: false, spatial: sizes, channels: faulty.has("channels") };
}

/** The flow after an operation: a vector has no size to be wrong about, and filters are counted anew. */
function passOn(flow: Flow, call: Call, attributes: object, value: Tensor): Flow {
  const strideSpan = call.arguments.find(({ name }) => name?.text === "stride")?.span;
  const setsChannels = "channels" in attributes;
  const passed = {
    span: call.span,
    stride: strideOf(attributes),
    setsChannels,
    before: flow.value.type,
    after: value.type,
    ...(strideSpan && { strideSpan }),
  };
  const isVector = value.type.spatial.length === 0;
  return pass(flow, passed, value, {
    rank: flow.guessed.rank && !isVector,
    spatial: flow.guessed.spatial && !isVector,
    channels: flow.guessed.channels && !setsChannels,
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
  call: Call,
  flow: Flow,
  doubted: Guessed,
): Flow {
  const { type } = flow.value;
  const ungrouped = "groups" in attributes ? { ...attributes, groups: 1 } : attributes;
  const made = into.builder.typeOf(op, ungrouped, [type]).type;
  const isLeft = made?.spatial.every((extent) => typeof extent !== "number" || extent >= 1);
  if (made && isLeft) {
    return doubt(passOn(flow, call, attributes, { ...flow.value, type: made }), doubted);
  }
  const channels = "channels" in attributes ? Number(attributes.channels) : type.channels;
  const spatial = op === "dense" ? ([] as const) : type.spatial;
  const value = { ...flow.value, type: { ...type, channels, spatial } };
  return doubt(passOn(flow, call, attributes, value), {
    rank: op !== "dense" && spatial.length === 0,
    spatial: op !== "dense",
    channels: doubted.channels || op === "flatten",
  });
}

/** The text of a call on one line, shortened. */
function brief(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 48 ? `${line.slice(0, 47)}…` : line;
}
