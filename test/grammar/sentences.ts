/** Random sentences of the grammar, for tests: tokens by their productions, laid out in lines. */
import { EOF, type TokenType } from "chevrotain";
import {
  grammarRules,
  firstRule,
  fixedText,
  type Production,
} from "../../scripts/grammar/productions.js";
import * as T from "../../src/syntax/tokens.js";

/** A number from 0 to below 1. */
export type Draw = () => number;

/** The same numbers for the same seed (Marsaglia's xorshift, begun far from the small seeds). */
export function drawFrom(seed: number): Draw {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

const rules = grammarRules();

/** The fewest rules that a production can be within. */
const heights = leastHeights();

function leastHeights(): ReadonlyMap<string, number> {
  const found = new Map([...rules.keys()].map((name) => [name, Infinity]));
  const heightOf = (production: Production): number => {
    switch (production.kind) {
      case "token":
        return 0;
      case "rule":
        return 1 + (found.get(production.name) ?? Infinity);
      case "sequence":
        return Math.max(0, ...production.items.map(heightOf));
      case "choice":
        return Math.min(...production.alternatives.map(heightOf));
      case "optional":
        return 0;
      case "repeat":
        return production.least === 0 ? 0 : heightOf(production.item);
    }
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, production] of rules) {
      const height = heightOf(production);
      if (height < (found.get(name) ?? 0)) {
        found.set(name, height);
        changed = true;
      }
    }
  }
  return found;
}

function heightOf(production: Production): number {
  switch (production.kind) {
    case "token":
    case "optional":
      return 0;
    case "rule":
      return 1 + (heights.get(production.name) ?? 0);
    case "sequence":
      return Math.max(0, ...production.items.map(heightOf));
    case "choice":
      return Math.min(...production.alternatives.map(heightOf));
    case "repeat":
      return production.least === 0 ? 0 : heightOf(production.item);
  }
}

/** The tokens of one sentence: their types and texts. */
export interface Word {
  readonly type: TokenType;
  readonly text: string;
}

/** A sentence at most about `depth` rules deep, as the text of a file. */
export function sentence(draw: Draw, depth: number): string {
  const words: Word[] = [];
  write({ kind: "rule", name: firstRule }, depth, draw, words);
  return layOut(words);
}

function write(production: Production, depth: number, draw: Draw, words: Word[]): void {
  switch (production.kind) {
    case "token":
      words.push({ type: production.type, text: textOf(production.type, draw) });
      return;
    case "rule": {
      const rule = rules.get(production.name);
      if (rule === undefined) throw new Error(`There is no rule ${production.name}.`);
      // Expressions nest the fastest: they are held short, or they would fill every sentence.
      const step = production.name === "expression" ? 4 : 1;
      return writeRule(production.name, rule, depth - step, draw, words);
    }
    case "sequence":
      for (const item of production.items) write(item, depth, draw, words);
      return;
    case "choice": {
      const fitting = production.alternatives.filter((each) => heightOf(each) <= depth);
      const from = fitting.length > 0 ? fitting : [lowest(production.alternatives)];
      return write(from[Math.floor(draw() * from.length)] as Production, depth, draw, words);
    }
    case "optional":
      if (heightOf(production.item) <= depth && draw() < 0.5) {
        write(production.item, depth, draw, words);
      }
      return;
    case "repeat": {
      const more = heightOf(production.item) <= depth ? Math.floor(draw() * 3.5) : 0;
      const count = Math.max(production.least, more);
      for (let index = 0; index < count; index++) {
        if (index > 0 && production.separator) {
          write({ kind: "token", type: production.separator }, depth, draw, words);
        }
        write(production.item, depth, draw, words);
      }
    }
  }
}

/** Where alternatives overlap, only what the first of them does not take can be written. */
function writeRule(name: string, rule: Production, depth: number, draw: Draw, words: Word[]): void {
  for (;;) {
    const own: Word[] = [];
    write(rule, depth, draw, own);
    // A "(" behind a callee opens its arguments, so arguments without parentheses begin otherwise.
    if (name === "openArguments" && own[0]?.type === T.LeftParen) continue;
    words.push(...own);
    return;
  }
}

function lowest(alternatives: readonly Production[]): Production {
  return alternatives.reduce((a, b) => (heightOf(b) < heightOf(a) ? b : a));
}

const names = ["a", "conv", "Basic", "width", "block", "network", "train", "for", "stages", "_1"];
const texts = new Map<TokenType, readonly string[]>([
  [T.Identifier, names],
  [T.NumberLiteral, ["0", "64", "0.5", "1e-4", "4.1G", "25_557_032", "3k"]],
  [T.Dimensions, ["3x3", "224x224x3"]],
  [T.StringLiteral, ['"std/blocks"', '""', '"→ // 😀"']],
  [T.BinaryOperator, T.binaryOperators.map(({ PATTERN }) => String(PATTERN))],
  [T.Newline, ["\n"]],
  [EOF, [""]],
]);

function textOf(type: TokenType, draw: Draw): string {
  const among = texts.get(type) ?? [fixedText(type) ?? ""];
  return among[Math.floor(draw() * among.length)] ?? "";
}

/** Words with spaces between them, lines indented by their braces, some comments. */
function layOut(words: readonly Word[]): string {
  let text = "";
  let depth = 0;
  for (const { type, text: word } of words) {
    if (type === T.Newline) {
      text += `\n${"  ".repeat(depth)}`;
      continue;
    }
    if (type === T.LeftBrace) depth++;
    if (type === T.RightBrace) depth--;
    text += `${text === "" || /\s$/.test(text) ? "" : " "}${word}`;
  }
  return `${text}\n`;
}
