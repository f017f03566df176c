/**
 * Where it is said that channels cannot be shared by groups. A grouped convolution holds three numbers against
 * each other: the channels that come in, its own, and its groups. Where one of the channels fits the groups and
 * the other does not, the one that does not is the odd one, and it is said where that was written.
 */
import { diagnostic, type Diagnostic, type Help, type Label } from "../diagnostics/diagnostic.js";
import type { ShapeProblem } from "../ops/operation.js";
import { textOf, type Span } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";
import { leftOut } from "./argument-edits.js";
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
  /** How many come in; absent where that rests on an earlier error. */
  readonly incoming?: number | undefined;
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
  const help = groupsInstead(grouped, problem) ?? channelsThatFit(problem);
  reportOfBody(grouped.scope, grouped.call, finding(problem, grouped.call.span, related, help));
}

/** Its own channels do not fit the groups, and those that come in do. */
function reportOutput(grouped: Grouped, problem: GroupsProblem): void {
  const { call, scope, given } = grouped;
  const written = given.get("channels")?.value;
  const help = ofOwnChannels(grouped, problem) ?? eitherMend(grouped, problem);
  if (written === undefined) {
    reportOfBody(scope, call, finding(problem, call.span, [], help));
    return;
  }
  const { at, related } = blame(scope, written);
  const found = finding(problem, at, [...related, ...groupsLabel(grouped, problem)], help);
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
  const help = eitherMend(grouped, problem);
  const found = finding(problem, at, groupsLabel(grouped, problem), help);
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
  help: Help | string,
): Diagnostic {
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

/** The channels near those of one side that can be split. */
function channelsThatFit({ channels, groups }: GroupsProblem): string {
  const below = Math.floor(channels / groups) * groups;
  const fitting = [...(below > 0 ? [below] : []), below + groups].join(" or ");
  return `${fitting} channels can be split into ${groups} groups`;
}

/** Other channels, and other groups where both sides can be split into them. */
function eitherMend(grouped: Grouped, problem: GroupsProblem): string {
  const text = channelsThatFit(problem);
  const near = sharedGroups(grouped, problem.groups);
  if (near.length === 0) return text;
  const { incoming, channels } = grouped;
  const both = incoming === channels ? String(channels) : `both ${incoming} and ${channels}`;
  return `${text}, and ${both} into ${near.join(" or ")}`;
}

/** Other groups, where it is these that are at fault; undefined where it is not known what comes in. */
function groupsInstead(grouped: Grouped, { groups }: GroupsProblem): Help | undefined {
  const { incoming, channels, given } = grouped;
  const argument = given.get("groups");
  if (incoming === undefined || argument === undefined) return undefined;
  const near = sharedGroups(grouped, groups);
  const [only, ...more] = near;
  const both = `${incoming} channels in and ${channels} out`;
  if (only === undefined) {
    const text = `${both} cannot be split into the same groups: leave \`groups\` out`;
    return { text, edits: [leftOut(argument)], applicability: "unsafe" };
  }
  const text = `${both} can be split into ${near.join(" or ")} groups`;
  if (more.length > 0 || argument.value.kind !== "number") return { text };
  const edits = [{ span: argument.value.span, text: String(only) }];
  return { text, edits, applicability: "unsafe" };
}

/** As many groups as channels that it makes, where both are computed and those that come in can be split so. */
function ofOwnChannels(
  { given, incoming, channels }: Grouped,
  { groups }: GroupsProblem,
): Help | undefined {
  const [own, asked] = [given.get("channels")?.value, given.get("groups")?.value];
  if (own === undefined || asked === undefined || incoming === undefined) return undefined;
  if (asked.kind === "number" || groups < channels || incoming % channels !== 0) return undefined;
  const text = textOf(own.span).replace(/\s+/g, " ");
  return {
    text: `as many groups as channels that come out are \`groups: ${text}\``,
    edits: [{ span: asked.span, text }],
    applicability: "unsafe",
  };
}

/** The numbers of groups nearest to one that both sides can be split into, one below it and one above. */
function sharedGroups({ incoming, channels }: Grouped, groups: number): readonly number[] {
  if (incoming === undefined) return [];
  const shared = (count: number): boolean => incoming % count === 0 && channels % count === 0;
  const most = Math.min(incoming, channels, largestTried);
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  const fitting = counts.filter((count) => count > 1 && count !== groups && shared(count));
  const below = fitting.findLast((count) => count < groups);
  const above = fitting.find((count) => count > groups);
  return [below, above].filter((count) => count !== undefined);
}

/** How many groups are looked at for a help. */
const largestTried = 4096;
