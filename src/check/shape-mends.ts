/**
 * Mends of merges whose sides differ in size: a pool that rounds the other way, a stride that one side lacks,
 * a padding that takes pixels away. Each is a change of one operation that is written in the chain itself.
 */
import { Collector, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { operations } from "../ops/registry.js";
import type { TensorType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, Chain } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import { leftOut, putBehind } from "./argument-edits.js";
import { bindOperation } from "./bound-operation.js";
import type { Elaboration } from "./elaboration.js";
import type { Flow } from "./place.js";
import type { Scope } from "./scope.js";
import type { Surroundings } from "./surroundings.js";
import { tried } from "./trial.js";

/** One side of a merge: what is written, and what came of it. */
export interface Side {
  readonly chain: Chain;
  readonly flow: Flow;
}

/** Where a merge is: what it is elaborated into, what surrounds it, and what goes into each side. */
export interface Merge {
  readonly into: Elaboration;
  readonly around: Surroundings;
  readonly entry: Flow;
}

/** A finding with a note of when its sides agree. */
export function sayingWhen(found: Diagnostic, text: string): Diagnostic {
  return { ...found, notes: [text, ...found.notes] };
}

function callsOf({ steps }: Chain): readonly Call[] {
  return steps.flatMap((step) => (step.kind === "call" && !step.count ? [step.call] : []));
}

/** The pool that gave a side its size, rounding the other way, if the sides then agree for every size. */
export function otherRounding(
  into: Elaboration,
  scope: Scope,
  { chain, flow }: Side,
  target: TensorType,
): Help | undefined {
  const { resize } = flow.path;
  const call = callsOf(chain).find(({ span }) => span === resize?.span);
  if (call === undefined || resize === undefined) return undefined;
  const op = call.callee.text;
  if (op !== "maxpool" && op !== "avgpool") return undefined;
  const written = call.arguments.find(({ name }) => name?.text === "ceil");
  const quiet = { ...scope, found: new Collector() };
  const { bound, faulty } = bindOperation(call, operations[op].signature, quiet);
  if (faulty.size > 0) return undefined;
  const attributes = operations[op].attributes(bound);
  const turned = { ...attributes, ceil: !attributes.ceil };
  const { type } = into.builder.typeOf(op, turned, [resize.before]);
  if (type === undefined || !sizesAgree(into, type, target)) return undefined;
  const edits = attributes.ceil && written ? [leftOut(written)] : [putBehind(call, "ceil: true")];
  const how = attributes.ceil ? "without `ceil`" : "with `ceil: true`";
  return { text: `\`${op}\` ${how} has the same size everywhere`, edits };
}

/** Whether two maps are of one size, for every size of the input. */
export function sizesAgree(
  { budget, limits }: Elaboration,
  one: TensorType,
  other: TensorType,
): boolean {
  if (one.spatial.length !== other.spatial.length) return false;
  return disagreement(budget, limits.domainOf, one, other) === undefined;
}

/** The strides that make two sides one size, at the first of them where one of its own can be. */
export function strideMends(merge: Merge, one: Side, other: Side): readonly (Help | undefined)[] {
  const shared = [sharedStride(merge, one, other), sharedStride(merge, other, one)];
  if (shared.some((help) => help !== undefined)) return shared;
  return [missingStride(merge, one, other), missingStride(merge, other, one)];
}

/** The stride that a side lacks, at its first window, if the sides then agree for every size. */
function missingStride(merge: Merge, { chain, flow }: Side, other: Side): Help | undefined {
  const [height, width] = flow.path.stride;
  const factor = other.flow.path.stride[0] / height;
  if (factor !== other.flow.path.stride[1] / width || !Number.isInteger(factor) || factor < 2) {
    return undefined;
  }
  const call = callsOf(chain).find(
    (each) => windows.has(each.callee.text) && strideOf(each) === undefined,
  );
  if (call === undefined) return undefined;
  const computed = computedStrides(other.chain);
  const [same] = computed;
  // A number would be right for this use of the block alone.
  if (computed.length > 1 || (same && (height !== 1 || width !== 1))) return undefined;
  const stride = same ?? numberOf(call, factor);
  const written = same ? textOf(same.span) : `/${factor}`;
  if (!agreesWith(merge, chain, call, stride, other)) return undefined;
  return {
    text: `a stride there too: \`${shown(call)}, ${written}\``,
    edits: [putBehind(call, written)],
  };
}

/** The stride of the other side that a parameter gives, where this side has a number, if they then agree. */
function sharedStride(merge: Merge, { chain }: Side, other: Side): Help | undefined {
  const [computed, ...more] = computedStrides(other.chain);
  if (computed === undefined || more.length > 0) return undefined;
  for (const call of callsOf(chain)) {
    const own = strideOf(call);
    if (own === undefined || isComputed(own)) continue;
    if (!agreesWith(merge, chain, call, computed, other)) continue;
    const [was, now] = [textOf(own.span), textOf(computed.span)];
    return {
      text: `the other side has \`${now}\`: here too, instead of \`${was}\``,
      edits: [{ span: own.span, text: now }],
      applicability: "unsafe",
    };
  }
  return undefined;
}

/** Whether a side is of the other's size, for every size, once one of its calls has this stride. */
function agreesWith(
  { into, around, entry }: Merge,
  chain: Chain,
  call: Call,
  stride: Argument,
  other: Side,
): boolean {
  const end = tried(into, withStride(chain, call, stride), around, entry);
  return end !== undefined && sizesAgree(into, end.value.type, other.flow.value.type);
}

function shown({ span }: Call): string {
  return textOf(span).replace(/\s+/g, " ");
}

function strideOf({ arguments: given }: Call): Argument | undefined {
  return given.find(({ name, slash }) => slash || name?.text === "stride");
}

/** The strides of a chain that names give: those of its block are another number in every use. */
function computedStrides(chain: Chain): readonly Argument[] {
  return callsOf(chain).flatMap((call) => {
    const stride = strideOf(call);
    return stride && isComputed(stride) ? [stride] : [];
  });
}

function isComputed({ value }: Argument): boolean {
  return value.kind !== "number" && value.kind !== "dimensions";
}

function numberOf({ span }: Call, value: number): Argument {
  return {
    name: { text: "stride", span },
    value: { kind: "number", value, span },
    slash: true,
    span,
  };
}

/** A chain in which one call has another stride, or its first. */
function withStride(chain: Chain, call: Call, stride: Argument): Chain {
  const others = call.arguments.filter((each) => each !== strideOf(call));
  return withCall(chain, call, [...others, stride]);
}

/** A chain in which one call has other arguments. */
function withCall(chain: Chain, call: Call, given: readonly Argument[]): Chain {
  return {
    ...chain,
    steps: chain.steps.map((step) =>
      step.kind === "call" && step.call === call
        ? { ...step, call: { ...call, arguments: given } }
        : step,
    ),
  };
}

/** The operations that a window and its stride are arguments of. */
export const windows: ReadonlySet<string> = new Set(["conv", "maxpool", "avgpool"]);

/** The paddings of a chain's windows taken out, if they then leave a size for every size of the input. */
export function usualPadding(
  { into, around, entry }: Merge,
  chain: Chain,
  target: TensorType,
): Help | undefined {
  const isPadding = ({ name }: Argument): boolean => name?.text === "pad";
  const padded = callsOf(chain).filter(
    ({ callee, arguments: given }) => windows.has(callee.text) && given.some(isPadding),
  );
  if (padded.length === 0) return undefined;
  const usual = padded.reduce(
    (now, call) =>
      withCall(
        now,
        call,
        call.arguments.filter((each) => !isPadding(each)),
      ),
    chain,
  );
  const end = tried(into, usual, around, entry);
  if (end === undefined || !sizesAgree(into, end.value.type, target)) return undefined;
  const [only, ...more] = padded;
  const which = only && more.length === 0 ? `\`${shown(only)}\`` : "the windows of the residual";
  return {
    text: `give ${which} the usual padding, with which a stride alone changes the size`,
    edits: padded.flatMap(({ arguments: given }) => given.filter(isPadding).map(leftOut)),
  };
}
