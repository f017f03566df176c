/** Elaborates branches that are added or joined. */
import { diagnostic, type Diagnostic, type Help, type Label } from "../diagnostics/diagnostic.js";
import { printExtent, type TensorType } from "../shapes/index.js";
import type { BranchesStep, Chain } from "../syntax/ast.js";
import { describeFailure, disagreement, isOpen, type Disagreement } from "./agreement.js";
import { isLimited, reportBoth } from "./limited-merges.js";
import { movedStrides } from "./moved-strides.js";
import { strideMends, otherRounding } from "./shape-mends.js";
import type { Surroundings } from "./surroundings.js";
import { moreUpsampling, otherFactors } from "./upsample-mends.js";
import { addOperation, report, type Elaboration } from "./elaboration.js";
import { notSpread } from "./vector-findings.js";
import {
  beginChain,
  channelOrigin,
  continueChain,
  resizeLabel,
  doubt,
  eitherGuessed,
  nothingGuessed,
  type Flow,
  type Guessed,
} from "./place.js";

/** `branches sum { {…} {…} }`, `branches concat { {…} {…} }` */
export function elaborateBranches(
  into: Elaboration,
  step: BranchesStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const entry = beginChain(flow);
  const ends = step.branches.map((branch) => {
    const prefix = builder.fresh(around.prefix, "branch");
    return around.elaborate(into, branch, { ...around, prefix }, entry);
  });
  const [first, second] = ends;
  if (first === undefined || second === undefined) {
    const found = first === undefined ? "none" : "one";
    const holes = { expected: "at least two branches in braces", found };
    report(into, around.scope.notes, diagnostic("R0212", step.span, holes));
    return first ? continueChain(flow, first) : flow;
  }
  const op = step.merge.text === "concat" ? "concat" : "add";
  const guessed = ends.map((end) => end.guessed).reduce(eitherGuessed);
  const continued = continueChain(flow, first);
  const unsure = ends.some((end) => end.path.unsure);
  const after = { ...continued, guessed, path: { ...continued.path, unsure } };
  if (!branchesAgree({ into, step, around, entry, ends, op, guessed }))
    return doubt(after, contested(ends));
  const site = {
    name: builder.fresh(around.prefix, step.label?.text ?? op),
    span: step.span,
    shown: `\`branches ${step.merge.text}\``,
    notes: around.scope.notes,
    guessed,
  };
  const operands = ends.map((end) => end.value);
  const value = addOperation(into, site, op, {}, operands);
  if (value === undefined) return after;
  const widening = {
    span: step.merge.span,
    stride: after.path.stride,
    setsChannels: true,
    before: flow.value.type,
    after: value.type,
  };
  const origin = op === "concat" && { widening };
  return {
    ...after,
    value,
    path: { ...after.path, ...origin },
    history: { ...after.history, ...origin },
  };
}

/** What branches that disagree leave in doubt: nothing says which of them is right. */
function contested(ends: readonly Flow[]): Guessed {
  const types = ends.map(({ value }) => value.type);
  const differ = (of: (type: TensorType) => unknown): boolean => new Set(types.map(of)).size > 1;
  return {
    ...nothingGuessed,
    rank: differ(({ spatial }) => spatial.length),
    spatial: differ(({ spatial }) => spatial.map(printExtent).join()),
    channels: differ(({ channels }) => channels),
  };
}

interface Branches {
  readonly into: Elaboration;
  readonly step: BranchesStep;
  readonly around: Surroundings;
  /** What goes into every branch. */
  readonly entry: Flow;
  readonly ends: readonly Flow[];
  readonly op: "add" | "concat";
  readonly guessed: Guessed;
}

/** Whether every branch is of the first one's shape, or but for its channels; reports if not. */
function branchesAgree(branches: Branches): boolean {
  const { into, around, ends, op, guessed } = branches;
  const { budget, limits } = into;
  const [first, ...others] = ends as readonly [Flow, ...Flow[]];
  for (const [index, end] of others.entries()) {
    const [one, other] = [first.value.type, end.value.type];
    const sameRank = one.spatial.length === other.spatial.length;
    const channelsDiffer = op === "add" && one.channels !== other.channels;
    const differs = sameRank ? disagreement(budget, limits.domainOf, one, other) : undefined;
    if (sameRank && !differs && !channelsDiffer) continue;
    into.failed = true;
    const isSure = !guessed.spatial && !guessed.contested;
    const sizesFail = sameRank ? differs !== undefined && isSure : !guessed.rank;
    if (!sizesFail && (!channelsDiffer || guessed.channels)) return false;
    const found = branchesDisagree(branches, index + 1, sizesFail ? differs : undefined);
    const maps = [one, other] as const;
    if (sizesFail && differs?.equality.kind === "differ") {
      if (channelsDiffer) reportBoth(into, around, found, maps);
      else if (isLimited(into, around, found, maps)) continue;
    } else {
      if (sizesFail) into.disagrees = true;
      report(into, around.scope.notes, found);
    }
    return false;
  }
  return true;
}

/** What makes a branch and the first end in one size; what may be meant otherwise comes last. */
function sizeMends(
  { into, step, around, entry, ends }: Branches,
  index: number,
  isSized: boolean,
): readonly Help[] {
  const [one, other] = [0, index].map((at) => ({ chain: step.branches[at], flow: ends[at] }));
  if (!one?.chain || !one.flow || !other?.chain || !other.flow) return [];
  const first = { chain: one.chain, flow: one.flow };
  const second = { chain: other.chain, flow: other.flow };
  const { scope } = around;
  const merge = { into, around, entry };
  const mends = [
    otherRounding(into, scope, second, first.flow.value.type),
    otherRounding(into, scope, first, second.flow.value.type),
    ...strideMends(merge, second, first),
  ].filter((each) => each !== undefined);
  if (!isSized) return mends;
  const here = [...mends, ...otherFactors(merge, first, second)];
  const moves = movedStrides(into, step.branches, [first.flow, second.flow], around);
  if (here.length > 0) return [...here, ...moves];
  const names = ["the first branch", `branch ${index + 1}`] as const;
  return [...moves, ...moreUpsampling(merge, first, second, names)];
}

function branchesDisagree(
  branches: Branches,
  index: number,
  differs: Disagreement | undefined,
): Diagnostic {
  const { step, ends, op } = branches;
  const { limits } = branches.into;
  const [one, other] = [ends[0]?.value.type, ends[index]?.value.type] as [TensorType, TensorType];
  const at = step.branches[index]?.span ?? step.span;
  if (differs?.equality.kind === "undecided") {
    const [left, right] = [printExtent(differs.left), printExtent(differs.right)];
    return diagnostic("R0308", at, { left, right, reason: differs.equality.why });
  }
  const verb = op === "add" ? "added to" : "joined with";
  const holes = { first: limits.print(one), verb, other: limits.print(other) };
  const { budget } = branches.into;
  const failure = differs && describeFailure(budget, limits, one, other);
  const first = {
    span: step.branches[0]?.span ?? step.span,
    text: `the first branch ends as ${holes.first}`,
  };
  const resizes = [ends[0], ends[index]].flatMap((end) => {
    const resize = differs && end?.path.resize;
    return resize ? [resizeLabel(resize, limits)] : [];
  });
  const channels =
    op === "add" && ends[0] && ends[index]
      ? channelsApart(step.branches, [ends[0], ends[index]], index)
      : undefined;
  const apart = channels && (isOpen(one) || isOpen(other)) ? `; ${channels.text}` : "";
  const label = `branch ${index + 1} ends as ${holes.other}${apart}${failure === undefined ? "" : `; ${failure}`}`;
  const isSpread = one.spatial.length !== other.spatial.length;
  const spread: readonly Help[] = isSpread ? [{ text: notSpread }] : [];
  const [help, ...alternatives] = [...spread, ...sizeMends(branches, index, differs !== undefined)];
  const related = [first, ...(channels?.origins ?? []), ...resizes];
  const details = { related, label, alternatives, ...(help && { help }) };
  return diagnostic("R0302", at, holes, details);
}

/** What is said of a branch whose channels are not those of the first, and where each come from that are not its own. */
function channelsApart(
  branches: readonly Chain[],
  ends: readonly [Flow, Flow],
  index: number,
): { readonly text: string; readonly origins: readonly Label[] } | undefined {
  const [one, other] = ends.map(({ value }) => value.type.channels);
  if (one === other || ends.some(({ guessed }) => guessed.channels)) return undefined;
  const origins = ends.flatMap((end, at) => {
    const own = branches[at === 0 ? 0 : index]?.span;
    return channelOrigin(end).filter(
      ({ span }) => !own || span.file !== own.file || span.start < own.start || span.end > own.end,
    );
  });
  return { text: `${other} channels against ${one}, at every size`, origins };
}
