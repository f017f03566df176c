/**
 * The TextMate grammar, made from the lexer's own tokens in the lexer's own order, so that an editor's colours
 * never disagree with the compiler on where a token begins and ends. Around the tokens stand a few patterns that
 * tell one name from another by what is beside it on its line.
 */
import { Lexer, type TokenType } from "chevrotain";
import { functionNames } from "../../src/check/functions.js";
import { measures } from "../../src/check/measures.js";
import { shortcutKinds } from "../../src/check/value.js";
import { writtenOperations } from "../../src/ops/registry.js";
import { settingDocs } from "../../src/recipe/setting-docs.js";
import * as T from "../../src/syntax/tokens.js";
import { nameScopes, scoped, scopeOf } from "./scopes.js";

type Captures = Readonly<Record<string, { readonly name: string }>>;

export interface Pattern {
  readonly name?: string;
  readonly comment?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Pattern[];
  readonly include?: string;
}

export interface TextMateGrammar {
  readonly name: string;
  readonly scopeName: string;
  readonly comment: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly Pattern[];
  readonly repository: Readonly<Record<string, { readonly patterns: readonly Pattern[] }>>;
}

/** Behind a word: no more of a word. */
const wordEnd = "(?![A-Za-z0-9_])";
/** An identifier that is none of the reserved words. */
const name = `(?!${oneOf(T.reservedWords.map(sourceOf))})${inOniguruma(sourceOf(T.Identifier))}`;
const space = "[ \\t]+";
const maybeSpace = "[ \\t]*";

/** The whole grammar. @throws Error where a token has no scope. */
export function textMateGrammar(): TextMateGrammar {
  return {
    name: "resnet",
    scopeName: "source.resnet",
    comment: "Generated from src/syntax/tokens.ts: `npm run grammar` writes it anew.",
    fileTypes: ["resnet"],
    patterns: [{ include: "#comments" }, { include: "#names" }, { include: "#tokens" }],
    repository: {
      comments: { patterns: [...commentPatterns()] },
      names: { patterns: [...namePatterns()] },
      tokens: { patterns: T.tokenTypes.flatMap((type) => [...tokenPatterns(type)]) },
    },
  };
}

/** Comments come first: nothing else looks into them. */
function* commentPatterns(): Generator<Pattern> {
  for (const type of [T.DocComment, T.Comment]) {
    yield { match: inOniguruma(sourceOf(type)), name: scopeOf(type) ?? "" };
  }
  // The one token that may go on over lines, which a TextMate grammar reads one by one.
  const foreign = scopeOf(T.ForeignComment) ?? "";
  const [line = ""] = sourceOf(T.ForeignComment).split("|");
  yield { match: inOniguruma(line), name: foreign };
  yield { begin: "/\\*", end: "\\*/", name: foreign };
}

/** Names that say by their neighbours what they are. */
function* namePatterns(): Generator<Pattern> {
  const begins = `^${maybeSpace}`;
  const declares = (words: readonly TokenType[]): string => words.map(sourceOf).join("|");
  yield captured(
    `${begins}(${sourceOf(T.Train)})${space}(${name})${space}(${sourceOf(T.For)})${space}(${name})`,
    [scopeOf(T.Train), scoped(nameScopes.declared), scopeOf(T.For), scoped(nameScopes.declared)],
  );
  yield captured(`${begins}(${declares([T.Block, T.Network, T.Train])})${space}(${name})`, [
    scopeOf(T.Block),
    scoped(nameScopes.declared),
  ]);
  yield importPattern();
  const places = `(${declares([T.Stage, T.Head, T.As])})${space}(${name})`;
  yield captured(places, [scopeOf(T.Stage), scoped(nameScopes.place)]);
  // `from conv3`, and not the `from "path"` of an import.
  yield captured(`(${sourceOf(T.From)})${space}(${name})`, [
    scopeOf(T.From),
    scoped(nameScopes.place),
  ]);
  yield captured(`(${sourceOf(T.Branches)})${space}(sum|concat)${wordEnd}`, [
    scopeOf(T.Branches),
    scoped(nameScopes.merge),
  ]);
  // `3 x Basic`: an `x` with something before it and a name behind it.
  yield captured(
    `(?<=[A-Za-z0-9_)\\]])${maybeSpace}(${sourceOf(T.Times)})${space}(?!${oneOf(writtenOperations)})(${name})`,
    [scopeOf(T.Times), scoped(nameScopes.block)],
  );
  yield captured(
    `(?<=[A-Za-z0-9_)\\]])${maybeSpace}(${sourceOf(T.Times)})(?=${space}${oneOf(writtenOperations)})`,
    [scopeOf(T.Times)],
  );
  const kinds = shortcutKinds.filter((kind) => !kind.includes(" "));
  yield captured(`(${kinds.join("|")})${space}(${sourceOf(T.Always)})${wordEnd}`, [
    scoped(nameScopes.shortcut),
    scopeOf(T.Always),
  ]);
  // An argument's name goes before all that it may be called: `pad: 1`.
  yield captured(`(${name})(?=${maybeSpace}:)`, [scoped(nameScopes.argument)]);
  yield captured(`^${maybeSpace}(${oneOf(Object.keys(settingDocs))})(?=${space}[^ \\t=<>!])`, [
    scoped(nameScopes.setting),
  ]);
  yield captured(`(${oneOf(measures)})(?=${maybeSpace}(?:[=<>!]=|[<>(]))`, [
    scoped(nameScopes.measure),
  ]);
  yield captured(`(${oneOf(functionNames)})(?=\\()`, [scoped(nameScopes.function)]);
  yield { match: oneOf(writtenOperations), name: scoped(nameScopes.operation) };
  yield { match: oneOf(kinds), name: scoped(nameScopes.shortcut) };
  yield { match: oneOf(["true", "false"]), name: scoped(nameScopes.flag) };
  yield captured(`(${name})(?=\\()`, [scoped(nameScopes.called)]);
}

/** `import { Basic as Block }`, over several lines too, but never past what begins another declaration. */
function importPattern(): Pattern {
  const declarations = [T.Import, T.Block, T.Network, T.Train].map(sourceOf).join("|");
  const braces = { name: scopeOf(T.LeftBrace) ?? "" };
  const alias = captured(`(${sourceOf(T.As)})${wordEnd}`, [scopeOf(T.As)]);
  return {
    begin: `(${sourceOf(T.Import)})${maybeSpace}(\\{)`,
    beginCaptures: { "1": { name: scopeOf(T.Import) ?? "" }, "2": braces },
    end: `(\\})|(?=${sourceOf(T.From)}${wordEnd})|^(?=(?:${declarations})${wordEnd})`,
    endCaptures: { "1": braces },
    patterns: [
      { include: "#comments" },
      alias,
      { match: name, name: scoped(nameScopes.declared) },
      { include: "#tokens" },
    ],
  };
}

/** A token of the list. */
function* tokenPatterns(type: TokenType): Generator<Pattern> {
  const scope = scopeOf(type);
  if (scope === undefined || type.PATTERN === Lexer.NA) return;
  if ([T.DocComment, T.Comment, T.ForeignComment].includes(type)) return;
  // Words that are names nearly everywhere: the patterns of names know where they are not.
  if (T.softWords.includes(type)) return;
  const isWord = type.LONGER_ALT !== undefined;
  yield { match: inOniguruma(sourceOf(type)) + (isWord ? wordEnd : ""), name: scope };
}

function oneOf(words: readonly string[]): string {
  return `(?:${words.join("|")})${wordEnd}`;
}

/** A pattern whose groups have scopes of their own. */
function captured(match: string, scopes: readonly (string | undefined)[]): Pattern {
  const captures = scopes.map((scope, index) => [String(index + 1), { name: scope ?? "" }]);
  return { match, captures: Object.fromEntries(captures) as Captures };
}

/** A token's pattern as the source of a regular expression. @throws Error where it has none. */
function sourceOf({ name: tokenName, PATTERN: pattern }: TokenType): string {
  if (pattern instanceof RegExp) return pattern.source;
  if (typeof pattern === "string") return pattern.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  throw new Error(`The token ${tokenName} has no pattern.`);
}

/** As Oniguruma reads it, to which `\d` means the digits of every script. */
function inOniguruma(source: string): string {
  return source
    .replaceAll("\\/", "/")
    .replaceAll(/\[([^\]]*)\\d([^\]]*)\]/g, "[$10-9$2]")
    .replaceAll("\\d", "[0-9]");
}
