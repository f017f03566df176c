/**
 * What a rule of the linter is: a value that says its name, its default level, its messages and its options, and
 * a check that reports findings by them. docs/lint.md says how to write one.
 */
import type { HolesOf } from "../diagnostics/catalog.js";
import type { Details, RuleName } from "../diagnostics/diagnostic.js";
import type { Span } from "../source/source.js";
import type { OptionSchemas, OptionValues } from "./options.js";
import type { Place } from "./place.js";
import type { Subject } from "./subject.js";

/** How much a finding weighs. `info` counts for nothing, `warn` for `--max-warnings`, `error` fails. */
export type RuleLevel = "off" | "info" | "warn" | "error";

export const ruleLevels: readonly RuleLevel[] = ["off", "info", "warn", "error"];

/** What rules are about, in the order of `--list-rules`. */
export const ruleGroups = {
  correctness: "what is most likely a mistake",
  consistency: "what departs from the rest of the same family",
  training: "what makes a network or its recipe learn worse",
  speed: "what costs time or memory for nothing",
  tidiness: "what a reader stumbles over",
} as const;

export type RuleGroup = keyof typeof ruleGroups;

/** Templates of messages by a name of their own; `{hole}` is filled by what is reported. */
export type RuleMessages = Readonly<Record<string, string>>;

/** What a rule's check is given. */
export interface RuleContext<M extends RuleMessages, O extends OptionSchemas> extends Subject {
  readonly options: OptionValues<O>;
  /**
   * Reports a finding in the linted file. What a rule reports at one place again, as from the next of several
   * blocks, is one finding: where its words differ, they become a note of the first.
   *
   * @param at a span of the linted file, or what `network.place(node)` gives. A place elsewhere is not reported.
   */
  report<K extends keyof M & string>(
    message: K,
    at: Span | Place,
    holes: HolesOf<M[K]>,
    details?: Details,
  ): void;
}

/** What is known of a rule without running it: all that configurations, lists and formats need. */
export interface RuleFacts<
  M extends RuleMessages = RuleMessages,
  O extends OptionSchemas = OptionSchemas,
> {
  /** Kebab-case, with a hyphen at least; never used again for something else. */
  readonly name: RuleName;
  readonly group: RuleGroup;
  /** The level where a configuration says nothing. None flags the networks of the papers by default. */
  readonly level: RuleLevel;
  /** One sentence without a full stop: what the rule asks for. */
  readonly description: string;
  /** `graph`: what the check is about exists only where the file checks without an error. */
  readonly needs: "syntax" | "graph";
  readonly messages: M;
  readonly options: O;
}

export interface Rule<
  M extends RuleMessages = RuleMessages,
  O extends OptionSchemas = OptionSchemas,
> extends RuleFacts<M, O> {
  check(context: RuleContext<M, O>): void;
}

/** The rule itself, with the holes of its messages and the types of its options inferred. */
export function defineRule<const M extends RuleMessages, const O extends OptionSchemas>(
  rule: Rule<M, O>,
): Rule<M, O> {
  return rule;
}
