/**
 * Matches the arguments of a call with what the callee takes: by name, then by position. What does
 * not match is reported at the argument.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";
import { leaveOut, leftOut } from "./argument-edits.js";
import {
  meantBy,
  misnamed,
  missed,
  oneTooMany,
  unnamedOf,
  withoutNames,
} from "./argument-slips.js";
import type { Slot } from "./slots.js";

export interface Match {
  readonly arguments: ReadonlyMap<string, Argument>;
  readonly problems: readonly Diagnostic[];
  /** The slots that the problems leave without a value that was meant. */
  readonly faulty: ReadonlySet<string>;
}

/** Matches arguments with slots by name and position. */
export function matchArguments(call: Call, callee: string, slots: readonly Slot[]): Match {
  const matched = new Map<string, Argument>();
  const faulty = new Set<string>();
  const problems: Diagnostic[] = [];
  const positional = slots.filter((slot) => slot.positional);
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  const meant: Argument[] = [];
  const unnamed = unnamedOf(call, slots);
  if (unnamed.length > 0) problems.push(withoutNames(unnamed, callee, positional.length));
  for (const { slot } of unnamed) faulty.add(slot.name);
  let next = 0;
  for (const argument of call.arguments) {
    const slot = argument.name ? byName.get(argument.name.text) : positional[next++];
    const first = slot && matched.get(slot.name);
    if (first && slot) {
      const related = [{ span: first.span, text: "given here first" }];
      const isSame = textOf(first.value.span) === textOf(argument.value.span);
      const text = "leave one of them out";
      const help = isSame ? { text, edits: [leftOut(argument)] } : leaveOut(argument, text);
      const details = { related, help };
      problems.push(diagnostic("R0208", argument.span, { callee, name: slot.name }, details));
      faulty.add(slot.name);
    } else if (slot) matched.set(slot.name, argument);
    else if (argument.name) meant.push(argument);
    else if (unnamed.length === 0) problems.push(oneTooMany(argument, call, callee, slots));
  }
  for (const argument of meant) {
    // What a command line gives may be meant for one that the file has: it takes its place.
    const isGiven = argument.span.file !== call.callee.span.file;
    const free = slots.flatMap(({ name }) => (isGiven || !matched.has(name) ? [name] : []));
    const mean = meantBy(argument, free);
    problems.push(misnamed(argument, callee, slots, free, mean));
    if (mean.isSuperfluous) continue;
    for (const name of mean.own === undefined ? free : [mean.own]) faulty.add(name);
  }
  const missing = slots.filter(
    ({ name, required }) => required && !matched.has(name) && !faulty.has(name),
  );
  if (missing.length > 0) {
    problems.push(missed(call, callee, slots, missing));
    for (const { name } of missing) faulty.add(name);
  }
  return { arguments: matched, problems, faulty };
}

/** The argument that a call gives for one of the names that its callee takes, by that name or by its place. */
export function argumentOf(call: Call, slots: readonly Slot[], name: string): Argument | undefined {
  return matchArguments(call, call.callee.text, slots).arguments.get(name);
}
