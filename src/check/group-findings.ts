/**
 * Where it is said that channels cannot be shared by groups. A grouped convolution holds three numbers against
 * each other: the channels that come in, its own, and its groups. Where one of the channels fits the groups and
 * the other does not, the one that does not is the odd one, and it is said where that was written.
 */
import { diagnostic, type Diagnostic, type Label } from "../diagnostics/diagnostic.js";
import type { ShapeProblem } from "../ops/operation.js";
import type { Span } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";
import type { Passed } from "./place.js";
import { blame, blameWithin, reportOfBody, writtenAt, type Scope, type Written } from "./scope.js";

/** A grouped convolution that cannot be made. */
export interface Grouped {
  readonly call: Call;
  readonly scope: Scope;
  /** Its arguments by name. */
  readonly given: ReadonlyMap<string, Argument>;
  /** How many channels it makes itself. */
  readonly channels: number;
  /** What made the channels that come in, if an operation did. */
  readonly widening?: Passed | undefined;
}

export type GroupsProblem = Extract<ShapeProblem, { kind: "groups" }>;

/** Reports that the channels of one side cannot be split. */
export function reportGroups(grouped: Grouped, problem: GroupsProblem): void {
  if (problem.side === "output") return reportOutput(grouped, problem);
  const { channels: found, groups } = problem;
  const { channels, widening } = grouped;
  // Far fewer channels than groups are no slip of a number: the groups were made for another place.
  const fits = channels % groups === 0;
  const from = widening?.channels;
  if (from && (fits ? found > groups / 2 : isOneArgument(grouped, from))) {
    return reportInput(grouped, problem, from, !fits);
  }
  const related = widening ? [{ span: widening.span, text: `makes ${found} channels` }] : [];
  reportOfBody(grouped.scope, grouped.call, finding(problem, grouped.call.span, related));
}

/** Its own channels do not fit the groups, and those that come in do. */
function reportOutput(grouped: Grouped, problem: GroupsProblem): void {
  const { call, scope, given } = grouped;
  const written = given.get("channels")?.value;
  if (written === undefined) {
    reportOfBody(scope, call, finding(problem, call.span, []));
    return;
  }
  const { at, related } = blame(scope, written);
  const found = finding(problem, at, [...related, ...groupsLabel(grouped, problem)]);
  if (at !== written.span) scope.found.add({ ...found, notes: scope.notes });
  else reportOfBody(scope, call, found, blameWithin(scope, written));
}

/** The channels that come in do not fit the groups, and those that it makes itself do. */
function reportInput(
  grouped: Grouped,
  problem: GroupsProblem,
  from: Written,
  isGiven: boolean,
): void {
  const { scope } = grouped;
  const at = writtenAt(from, isGiven ? undefined : scope);
  const found = finding(problem, at, groupsLabel(grouped, problem));
  const label = `makes the ${problem.channels} channels`;
  scope.found.add({ ...found, label, notes: scope.notes });
}

/** Whether one argument of a call says how many channels come in and how many are made: a block asks too much of it. */
function isOneArgument({ given, scope }: Grouped, from: Written): boolean {
  const own = given.get("channels");
  if (own === undefined || scope.calls === undefined) return false;
  const at = writtenAt({ expression: own.value, scope }, undefined);
  return at !== own.value.span && at === writtenAt(from, undefined);
}

function finding(
  { channels, side, groups }: GroupsProblem,
  at: Span,
  related: readonly Label[],
): Diagnostic {
  const help = groupsThatFit(channels, groups);
  return diagnostic("R0305", at, { channels, side, groups }, { related, help });
}

/** Where the groups are asked for, with what fits them. */
function groupsLabel(
  { call, given, channels }: Grouped,
  { groups, side }: GroupsProblem,
): readonly Label[] {
  const { span } = given.get("groups") ?? call;
  const fits =
    side === "input" && channels % groups === 0 ? `, which its own ${channels} channels fit` : "";
  return [{ span, text: `${groups} groups are asked for here${fits}` }];
}

function groupsThatFit(channels: number, groups: number): string {
  const near = [groups - 2, groups - 1, groups + 1, groups + 2].filter(
    (count) => count > 1 && channels % count === 0,
  );
  const below = Math.floor(channels / groups) * groups;
  const fitting = [...(below > 0 ? [below] : []), below + groups].join(" or ");
  return near.length > 0
    ? `${channels} can be split into ${near.join(" or ")} groups, and ${fitting} into ${groups}`
    : `${fitting} channels can be split into ${groups} groups`;
}
