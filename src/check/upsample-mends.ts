/**
 * Mends of merges one side of which is smaller by a whole factor, as where an upsampling is of the wrong factor or
 * forgotten: another factor there, or an `upsample` at the end of the smaller side. Each is tried, by elaborating
 * the sides anew, and offered if they then agree for every size, or for every size that a limit admits.
 */
import { Collector, type Edit, type Help } from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import type { TensorType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, ChainStep, Expression } from "../syntax/ast.js";
import { agreeingLimit } from "./agreement.js";
import { bindOperation, sizeLimit } from "./bound-operation.js";
import { printNeeds, type Needs } from "./limiting-edits.js";
import type { Flow } from "./place.js";
import { sizesAgree, type Merge, type Side } from "./shape-mends.js";
import { tried } from "./trial.js";

/** A change of one side, or of what comes before the merge. */
interface Change {
  readonly text: string;
  readonly edits: readonly Edit[];
  /** What the sides end as once it is made; undefined where something is wrong then. */
  readonly ends: () => readonly [TensorType, TensorType] | undefined;
}

/** Another factor for an upsampling of a side or before the merge. */
export function otherFactors(merge: Merge, one: Side, other: Side): readonly Help[] {
  const changes = [factorChange(merge, one, other), factorChange(merge, other, one)];
  return changes.flatMap((change) => offered(merge, change));
}

/** An upsampling at the end of the smaller side. @param names how the sides are called. */
export function moreUpsampling(
  merge: Merge,
  one: Side,
  other: Side,
  names: readonly [string, string],
): readonly Help[] {
  const changes = [putAtEnd(merge, one, other, names[0]), putAtEnd(merge, other, one, names[1])];
  return changes.flatMap((change) => offered(merge, change));
}

/** The help that a change is, with the limit that it takes. */
function offered({ into }: Merge, change: Change | undefined): readonly Help[] {
  const ends = change?.ends();
  if (change === undefined || ends === undefined) return [];
  const { budget, limits } = into;
  const [one, other] = ends;
  const agree = sizesAgree(into, one, other);
  const limit = agree ? undefined : agreeingLimit(budget, limits, one, other);
  if (!agree && limit === undefined) return [];
  const needs: Needs = limits.pendingWith(limit?.needs ?? new Map());
  const also = needs.size === 0 ? "" : `, and limit the input: where ${printNeeds(needs)}`;
  const edits = [...change.edits, ...(needs.size === 0 ? [] : limits.editsFor(needs))];
  return [{ text: `${change.text}${also}`, edits, applicability: "unsafe" }];
}

/** How many times as large a side has to become, along height and width, to be of the other's size. */
function lacking(one: Flow, other: Flow): Pair {
  const [own, wanted] = [one.history.stride, other.history.stride];
  return [own[0] / wanted[0], own[1] / wanted[1]];
}

function isFactor([height, width]: Pair): boolean {
  const isWhole = (each: number): boolean =>
    Number.isInteger(each) && each >= 1 && each <= sizeLimit;
  return isWhole(height) && isWhole(width) && (height > 1 || width > 1);
}

/** The factor with which the last upsampling on a side's way brings it to the other's size. */
function factorChange(merge: Merge, side: Side, other: Side): Change | undefined {
  const call = lastUpsampling(side.chain.steps) ?? lastUpsampling(stepsBefore(merge, side));
  const written = call?.arguments[0]?.value;
  if (call === undefined || written === undefined || !isLiteral(written)) return undefined;
  const quiet = { ...merge.around.scope, found: new Collector() };
  const { signature, attributes } = operations.upsample;
  const { bound, faulty } = bindOperation(call, signature, quiet);
  if (faulty.size > 0) return undefined;
  const { factor } = attributes(bound);
  const lacks = lacking(side.flow, other.flow);
  const wanted: Pair = [factor[0] * lacks[0], factor[1] * lacks[1]];
  if (!isFactor(wanted) || lacks.every((each) => each === 1)) return undefined;
  const put = `upsample ${printFactor(wanted)}`;
  const given = upsampling(call, wanted);
  const line = call.span.file.position(call.span.start).line;
  return {
    text: `\`${put}\` for \`${textOf(call.span)}\` in line ${line}`,
    edits: [{ span: written.span, text: printFactor(wanted) }],
    ends: () => endsWith(merge, side, other, call, given),
  };
}

/** The sides' ends with one call for another, in a side or in the steps before the merge. */
function endsWith(
  { into, around, entry }: Merge,
  side: Side,
  other: Side,
  call: Call,
  put: Call,
): readonly [TensorType, TensorType] | undefined {
  const changed = side.chain.steps.map((step) => withCall(step, call, put));
  const isOwn = changed.some((step, index) => step !== side.chain.steps[index]);
  if (isOwn) {
    const end = tried(into, { ...side.chain, steps: changed }, around, entry);
    return end && [end.value.type, other.flow.value.type];
  }
  const { steps, index, flows } = around.beside ?? { steps: [], index: 0, flows: [] };
  const from = steps.findLastIndex((step) => step?.kind === "call" && step.call === call);
  const start = flows[from];
  if (start === undefined || isGuessed(start)) return undefined;
  const before = steps
    .slice(from, index)
    .flatMap((step) => (step ? [withCall(step, call, put)] : []));
  const [one, two] = [side, other].map(({ chain }) =>
    tried(into, { ...chain, steps: [...before, ...chain.steps] }, around, start),
  );
  return one && two && [one.value.type, two.value.type];
}

/** The calls directly before a merge, where the side goes on from them. */
function stepsBefore({ around }: Merge, { chain }: Side): readonly ChainStep[] {
  const { steps, index } = around.beside ?? { steps: [], index: 0 };
  if (chain.steps[0]?.kind === "from") return [];
  const before = steps.slice(0, index);
  const last = before.findLastIndex((step) => step?.kind !== "call");
  return before.slice(last + 1).filter((step) => step !== undefined);
}

function lastUpsampling(steps: readonly ChainStep[]): Call | undefined {
  const calls = steps.flatMap((step) => (step.kind === "call" && !step.count ? [step.call] : []));
  return calls.findLast(({ callee }) => callee.text === "upsample");
}

/** An upsampling at the end of a side that is smaller by a whole factor. */
function putAtEnd(
  { into, around, entry }: Merge,
  { chain, flow }: Side,
  other: Side,
  name: string,
): Change | undefined {
  const factor = lacking(flow, other.flow);
  if (!isFactor(factor)) return undefined;
  const { span } = chain;
  const callee = { text: "upsample", span };
  const call = upsampling({ callee, arguments: [], span }, factor);
  const text = `upsample ${printFactor(factor)}`;
  const last = chain.steps.at(-1)?.span;
  const edit = last
    ? { span: last.file.span(last.end, last.end), text: ` -> ${text}` }
    : { span, text: `{ ${text} }` };
  return {
    text: `put \`${text}\` at the end of ${name}`,
    edits: [edit],
    ends: () => {
      const steps = [...chain.steps, { kind: "call" as const, call, span }];
      const end = tried(into, { ...chain, steps }, around, entry);
      return end && [end.value.type, other.flow.value.type];
    },
  };
}

function isGuessed({ guessed }: Flow): boolean {
  return guessed.rank || guessed.spatial || guessed.channels || guessed.contested;
}

function isLiteral(written: Expression): boolean {
  if (written.kind !== "list") return written.kind === "number" || written.kind === "dimensions";
  return written.items.every(({ kind }) => kind === "number");
}

function withCall(step: ChainStep, call: Call, put: Call): ChainStep {
  return step.kind === "call" && step.call === call ? { ...step, call: put } : step;
}

/** `2`, `[1, 2]` */
function printFactor([height, width]: Pair): string {
  return height === width ? String(height) : `[${height}, ${width}]`;
}

/** A call of `upsample` with this factor. */
function upsampling({ callee, span }: Call, factor: Pair): Call {
  const items = factor.map((value) => ({ kind: "number" as const, value, span }));
  const argument: Argument = { value: { kind: "list", items, span }, slash: false, span };
  return { callee, arguments: [argument], span };
}
