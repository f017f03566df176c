/**
 * The grammar as plain data, taken from the parser itself. What exists for the recovery from errors
 * alone (the alternative of anything) is left out.
 */
import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  type IProduction,
  type TokenType,
} from "chevrotain";
import { ResnetParser } from "../../src/syntax/parser.js";
import { Anything } from "../../src/syntax/tokens.js";

export type Production =
  | { readonly kind: "token"; readonly type: TokenType }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly items: readonly Production[] }
  | { readonly kind: "choice"; readonly alternatives: readonly Production[] }
  | { readonly kind: "optional"; readonly item: Production }
  | {
      readonly kind: "repeat";
      readonly item: Production;
      readonly separator?: TokenType;
      readonly least: 0 | 1;
    };

/** The rule that a whole file is. */
export const firstRule = "unit";

/** All rules by name, each before those that it refers to. Mere other names of a rule are left out. */
export function grammarRules(): ReadonlyMap<string, Production> {
  const productions = new ResnetParser().getGAstProductions();
  const meant = (name: string): string => {
    const production = sequence(productions[name]?.definition ?? []);
    return production.kind === "rule" ? meant(production.name) : name;
  };
  const rules = new Map<string, Production>();
  const waiting = [firstRule];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const rule = productions[name];
    if (rule === undefined || rules.has(name)) continue;
    const production = renamed(sequence(rule.definition), meant);
    rules.set(name, production);
    waiting.unshift(...rulesIn(production));
  }
  return rules;
}

function sequence(definition: readonly IProduction[]): Production {
  const items = definition.map(plain);
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { kind: "sequence", items };
}

/** @throws TypeError for a kind of production that the parser does not use. */
function plain(production: IProduction): Production {
  if (production instanceof Terminal) return { kind: "token", type: production.terminalType };
  if (production instanceof NonTerminal) {
    return { kind: "rule", name: production.nonTerminalName };
  }
  if (production instanceof Alternation) return choice(production.definition);
  if (production instanceof Option) {
    return { kind: "optional", item: sequence(production.definition) };
  }
  if (production instanceof Repetition) {
    return { kind: "repeat", item: sequence(production.definition), least: 0 };
  }
  if (production instanceof RepetitionMandatory) {
    return { kind: "repeat", item: sequence(production.definition), least: 1 };
  }
  if (
    production instanceof RepetitionWithSeparator ||
    production instanceof RepetitionMandatoryWithSeparator
  ) {
    const { definition, separator } = production;
    const least = production instanceof RepetitionMandatoryWithSeparator ? 1 : 0;
    return { kind: "repeat", item: sequence(definition), separator, least };
  }
  throw new TypeError(`The grammar has no notation for ${production.constructor.name}.`);
}

/** Alternatives without that of recovery; an empty one makes the choice optional. */
function choice(definition: readonly IProduction[]): Production {
  const all = definition.map((each) =>
    each instanceof Alternative ? sequence(each.definition) : plain(each),
  );
  const isEmpty = (each: Production): boolean =>
    each.kind === "sequence" && each.items.length === 0;
  const alternatives = all.filter(
    (each) => !isEmpty(each) && !(each.kind === "token" && each.type === Anything),
  );
  const [only] = alternatives;
  const chosen: Production =
    only !== undefined && alternatives.length === 1 ? only : { kind: "choice", alternatives };
  return all.some(isEmpty) ? { kind: "optional", item: chosen } : chosen;
}

/** The production with other names for the rules that it refers to. */
function renamed(production: Production, meant: (name: string) => string): Production {
  const inside = (each: Production): Production => renamed(each, meant);
  switch (production.kind) {
    case "token":
      return production;
    case "rule":
      return { kind: "rule", name: meant(production.name) };
    case "sequence":
      return { kind: "sequence", items: production.items.map(inside) };
    case "choice":
      return { kind: "choice", alternatives: production.alternatives.map(inside) };
    case "optional":
    case "repeat":
      return { ...production, item: inside(production.item) };
  }
}

function rulesIn(production: Production): string[] {
  switch (production.kind) {
    case "token":
      return [];
    case "rule":
      return [production.name];
    case "sequence":
      return production.items.flatMap(rulesIn);
    case "choice":
      return production.alternatives.flatMap(rulesIn);
    case "optional":
    case "repeat":
      return rulesIn(production.item);
  }
}

/** The text of a token that is always the same: a word or a sign. */
export function fixedText(type: TokenType): string | undefined {
  return typeof type.PATTERN === "string" ? type.PATTERN : undefined;
}
