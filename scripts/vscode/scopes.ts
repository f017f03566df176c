/**
 * The TextMate scope of every token of the language. The table is exhaustive by a check when it is read: a token
 * that is added to the language without its scope is an error.
 */
import type { TokenType } from "chevrotain";
import * as T from "../../src/syntax/tokens.js";

const operator = "keyword.operator";
const keyword = "keyword.control";
const declaration = "storage.type";

/** `undefined` for a token that no pattern makes, and for white space, which has no colour. */
const scopes: ReadonlyMap<TokenType, string | undefined> = new Map([
  ...[T.Newline, T.Strange, T.BinaryOperator, T.Anything].map((type) => [type, undefined] as const),
  [T.DocComment, "comment.line.documentation"],
  [T.Comment, "comment.line.double-slash"],
  [T.ForeignComment, "comment.block.foreign"],
  [T.ForeignString, "string.quoted.foreign"],
  [T.ForeignSign, "invalid.illegal.sign"],
  [T.Semicolon, "invalid.illegal.semicolon"],
  [T.Dimensions, "constant.numeric.dimensions"],
  [T.NumberLiteral, "constant.numeric"],
  [T.BareFraction, "constant.numeric.fraction"],
  [T.StringLiteral, "string.quoted.double"],
  [T.OpenString, "string.quoted.open"],
  ...T.reservedWords.map((type) => [type, keyword] as const),
  [T.Block, declaration],
  [T.Network, declaration],
  [T.Train, declaration],
  [T.For, keyword],
  [T.Times, "keyword.operator.repeat"],
  [T.Always, "constant.language.shortcut"],
  [T.Identifier, "variable.other"],
  [T.Arrow, "keyword.operator.arrow"],
  ...T.binaryOperators.map((type) => [type, operator] as const),
  [T.Not, operator],
  [T.Assign, "keyword.operator.assignment"],
  [T.Comma, "punctuation.separator.comma"],
  [T.Colon, "punctuation.separator.colon"],
  ...[T.LeftBrace, T.RightBrace].map((type) => [type, "punctuation.section.braces"] as const),
  ...[T.LeftParen, T.RightParen].map((type) => [type, "punctuation.section.parens"] as const),
  ...[T.LeftBracket, T.RightBracket].map((type) => [type, "punctuation.section.brackets"] as const),
]);

/** What each kind of name is called. */
export const nameScopes = {
  /** What a declaration declares: `block Basic`. */
  declared: "entity.name.type.declaration",
  /** A place that can be taken up again: of a stage, a head, an `as`. */
  place: "entity.name.label",
  /** A block that a stage repeats: `3 x Basic`. */
  block: "entity.name.type.block",
  operation: "support.function.operation",
  function: "support.function.builtin",
  measure: "support.variable.measure",
  setting: "support.type.property-name.setting",
  shortcut: "constant.language.shortcut",
  flag: "constant.language.boolean",
  merge: "keyword.control.merge",
  /** `stride: 2` */
  argument: "variable.parameter.argument",
  /** Anything with `(` behind it. */
  called: "entity.name.function.called",
} as const;

/** @throws Error for a token without a row. */
export function scopeOf(type: TokenType): string | undefined {
  if (type.name === "Whitespace") return undefined;
  if (!scopes.has(type)) throw new Error(`The token ${type.name} has no scope.`);
  const scope = scopes.get(type);
  return scope === undefined ? undefined : scoped(scope);
}

/** With the language's name at its end, as all scopes of a grammar have it. */
export function scoped(scope: string): string {
  return `${scope}.resnet`;
}
