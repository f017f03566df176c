/**
 * Mends of merges whose sides have other sizes because a stride stands in the wrong place: it is moved to an
 * operation directly before the merge, or directly behind it, so that both sides have it or neither, or to
 * the other side. Each is tried, by elaborating the chain anew, and offered only if nothing is wrong then.
 */
import type { Help } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, Chain, ChainStep } from "../syntax/ast.js";
import type { Elaboration } from "./elaboration.js";
import type { Flow } from "./place.js";
import { leftOut, putBehind } from "./argument-edits.js";
import { windows } from "./shape-mends.js";
import type { Surroundings } from "./surroundings.js";
import { tried } from "./trial.js";

/** How many steps before and behind a merge are looked at, and how many moves are tried and offered. */
const stepsNear = 6;
const movesTried = 16;
const movesOffered = 2;

/** A call near a merge. */
interface Near {
  readonly call: Call;
  /** Before the merge, behind it, or in one of its sides by its number. */
  readonly where: "before" | "behind" | number;
  /** How far from the merge it stands, in steps. */
  readonly far: number;
  readonly stride?: Argument;
}

/** The strides that can be moved to mend a merge, nearest first. @param ends what its two sides end as. */
export function movedStrides(
  into: Elaboration,
  sides: readonly (Chain | undefined)[],
  ends: readonly [Flow, Flow],
  around: Surroundings,
): readonly Help[] {
  const { beside } = around;
  const [one, other] = ends.map(({ history }) => history.stride.join("x"));
  if (one === other) return [];
  if (beside === undefined || into.trialsLeft === 0) return [];
  const all = near(sides, beside);
  const moves = all
    .flatMap((from) => all.map((to) => ({ from, to, far: from.far + to.far })))
    .filter(({ from, to }) => from.stride && !to.stride && windows.has(to.call.callee.text))
    // Within a side or behind the merge it changes nothing; before it, where a side comes `from` further up.
    .filter(({ from, to }) => from.where !== to.where || from.where === "before")
    .sort((one, other) => one.far - other.far)
    .slice(0, movesTried);
  const helps: Help[] = [];
  const targets = new Set<Call>();
  for (const { from, to } of moves) {
    if (helps.length >= movesOffered || into.trialsLeft === 0) break;
    const { stride } = from;
    if (targets.has(to.call)) continue;
    if (stride && isCut(stride) && mends(into, around, from.call, to.call, stride)) {
      targets.add(to.call);
      helps.push(helpOf(stride, to));
    }
  }
  return helps;
}

/** Whether an argument has a comma before it, so that it can be taken out with that. */
function isCut({ span }: Argument): boolean {
  return /,\s*$/.test(span.file.text.slice(0, span.start));
}

function helpOf(stride: Argument, { call, where }: Near): Help {
  const shown = textOf(call.span).replace(/\s+/g, " ");
  const line = call.span.file.position(call.span.start).line;
  const why =
    where === "before"
      ? "both sides then have it"
      : where === "behind"
        ? "neither side then has it"
        : "the sides then share it";
  return {
    text: `move \`${textOf(stride.span)}\` to \`${shown}\` in line ${line}: ${why}`,
    edits: [leftOut(stride), putBehind(call, textOf(stride.span))],
    applicability: "unsafe",
  };
}

/** The calls around a merge and in its sides that have a stride or could have one. */
function near(
  sides: readonly (Chain | undefined)[],
  { steps, index }: NonNullable<Surroundings["beside"]>,
): readonly Near[] {
  const before = steps.slice(Math.max(0, index - stepsNear), index).reverse();
  const behind = steps.slice(index + 1, index + 1 + stepsNear);
  return [
    ...callsUpToMerge(before).map((each) => ({ ...each, where: "before" as const })),
    ...sides.flatMap((chain, side) =>
      callsUpToMerge(chain?.steps ?? []).map((each) => ({ ...each, where: side, far: 0 })),
    ),
    ...callsUpToMerge(behind)
      .slice(0, 1)
      .map((each) => ({ ...each, where: "behind" as const })),
  ];
}

function callsUpToMerge(steps: readonly (ChainStep | undefined)[]): readonly Omit<Near, "where">[] {
  const calls: Omit<Near, "where">[] = [];
  for (const [index, step] of steps.entries()) {
    if (step?.kind !== "call") break;
    const { call, count } = step;
    const stride = call.arguments.find(({ name, slash }) => slash || name?.text === "stride");
    if (count === undefined && (stride || windows.has(call.callee.text))) {
      calls.push({ call, far: index + 1, ...(stride && { stride }) });
    }
  }
  return calls;
}

/** Whether nothing is wrong from the first of two calls to the merge and the last with a stride moved. */
function mends(
  into: Elaboration,
  around: Surroundings,
  from: Call,
  to: Call,
  stride: Argument,
): boolean {
  const { steps, index, flows } = around.beside ?? { steps: [], index: 0, flows: [] };
  const holds = (step: ChainStep | undefined): boolean =>
    step?.kind === "call" && (step.call === from || step.call === to);
  const first = Math.min(index, ...steps.flatMap((step, at) => (holds(step) ? [at] : [])));
  const last = Math.max(index, steps.findLastIndex(holds));
  const start = flows[first];
  if (start === undefined || isGuessed(start)) return false;
  const moved = steps
    .slice(first, last + 1)
    .map((step) => step && withMoved(step, from, to, stride));
  if (!moved.every((step) => step !== undefined)) return false;
  const chain = { steps: moved, span: around.scope.unit.file.span(0, 0) };
  const end = tried(into, chain, around, start);
  return end !== undefined && !isGuessed(end);
}

function isGuessed({ guessed }: Flow): boolean {
  return guessed.rank || guessed.spatial || guessed.channels || guessed.contested;
}

/** A step with a stride taken from one call and given to another, wherever they are in it. */
function withMoved(step: ChainStep, from: Call, to: Call, stride: Argument): ChainStep {
  const inChain = (chain: Chain): Chain => ({
    ...chain,
    steps: chain.steps.map((each) => withMoved(each, from, to, stride)),
  });
  switch (step.kind) {
    case "call": {
      const { call } = step;
      const given = call.arguments;
      if (call === from) {
        return { ...step, call: { ...call, arguments: given.filter((each) => each !== stride) } };
      }
      return call === to ? { ...step, call: { ...call, arguments: [...given, stride] } } : step;
    }
    case "residual": {
      const { shortcut } = step;
      const form =
        shortcut.kind === "chain" ? { ...shortcut, chain: inChain(shortcut.chain) } : shortcut;
      return { ...step, chain: inChain(step.chain), shortcut: form };
    }
    case "branches":
      return { ...step, branches: step.branches.map(inChain) };
    case "gate":
      return { ...step, chain: inChain(step.chain) };
    case "from":
    case "unreadable":
      return step;
  }
}
