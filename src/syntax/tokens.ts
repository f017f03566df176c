/**
 * The tokens of the language, in the order in which the lexer tries them. The list is the one source
 * for the lexer, the parser, the grammar's documentation and every highlighter.
 */
import { createToken, Lexer, type TokenType } from "chevrotain";

/** Never made by the lexer: the layout puts one where a line ends an item. */
export const Newline = createToken({ name: "Newline", pattern: Lexer.NA, label: "a new line" });

export const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  label: "a name",
});

function keyword(word: string): TokenType {
  return createToken({
    name: word.charAt(0).toUpperCase() + word.slice(1) + "Keyword",
    pattern: word,
    longer_alt: Identifier,
    label: `\`${word}\``,
  });
}

/** A word that means something in one place only and is a name everywhere else. */
function softKeyword(word: string): TokenType {
  return createToken({
    name: word.charAt(0).toUpperCase() + word.slice(1) + "Word",
    pattern: word,
    longer_alt: Identifier,
    categories: [Identifier],
    label: `\`${word}\``,
  });
}

function symbol(name: string, text: string): TokenType {
  return createToken({ name, pattern: text, label: `\`${text}\`` });
}

export const Import = keyword("import");
export const From = keyword("from");
export const As = keyword("as");
export const Input = keyword("input");
export const Stem = keyword("stem");
export const Stage = keyword("stage");
export const Head = keyword("head");
export const Residual = keyword("residual");
export const Shortcut = keyword("shortcut");
export const Branches = keyword("branches");
export const Gate = keyword("gate");
export const Expect = keyword("expect");
export const Where = keyword("where");
export const Block = softKeyword("block");
export const Network = softKeyword("network");
export const Train = softKeyword("train");
export const For = softKeyword("for");
export const Times = softKeyword("x");
export const Always = softKeyword("always");

export const Dimensions = createToken({
  name: "Dimensions",
  pattern: /\d+(?:x\d+)+(?![A-Za-z0-9_])/,
  label: "dimensions such as `3x3`",
});
export const NumberLiteral = createToken({
  name: "Number",
  pattern: /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?:[kKMGT](?![A-Za-z0-9_]))?/,
  label: "a number",
});
export const StringLiteral = createToken({
  name: "String",
  pattern: /"[^"\r\n]*"/,
  label: "a text in quotes",
});
/** A quote that its line does not close; reported, and otherwise taken as the text that it begins. */
export const OpenString = createToken({
  name: "OpenString",
  pattern: /"[^"\r\n]*/,
  categories: [StringLiteral],
  label: "a text in quotes",
});

/** `'text'` or `“text”`: reported, and taken as the text that it holds. */
export const ForeignString = createToken({
  name: "ForeignString",
  pattern: /'[^'\r\n]*'|[“”„][^“”„"\r\n]*[“”"]/,
  categories: [StringLiteral],
  label: "a text in quotes",
  start_chars_hint: ["'", "“", "”", "„"],
});
/** `.5`: reported, and taken as 0.5. */
export const BareFraction = createToken({
  name: "BareFraction",
  pattern: /\.\d+/,
  categories: [NumberLiteral],
  label: "a number",
});
/** `;`: reported; the layout takes it as the end of a line. */
export const Semicolon = createToken({ name: "Semicolon", pattern: ";", label: "`;`" });
/** Signs of other languages and typographers: reported, and taken as what they stand for. */
export const ForeignSign = createToken({
  name: "ForeignSign",
  pattern: /=>|\|>|\|(?!\|)|[→×–—−≤≥≠]/,
  label: "a sign",
  start_chars_hint: ["=", "|", "→", "×", "–", "—", "−", "≤", "≥", "≠"],
});
/** `# text` and `/* text …`: reported, and otherwise taken as comments. */
export const ForeignComment = createToken({
  name: "ForeignComment",
  pattern: /#[^\r\n]*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))/,
  group: "foreign",
  line_breaks: true,
  start_chars_hint: ["#", "/"],
});
/** Never made by the lexer's patterns: characters that mean nothing. No rule takes one. */
export const Strange = createToken({ name: "Strange", pattern: Lexer.NA, label: "a character" });

export const Arrow = symbol("Arrow", "->");
export const Equal = symbol("EqualEqual", "==");
export const NotEqual = symbol("NotEqual", "!=");
export const AtMost = symbol("AtMost", "<=");
export const AtLeast = symbol("AtLeast", ">=");
export const Less = symbol("Less", "<");
export const Greater = symbol("Greater", ">");
export const And = symbol("And", "&&");
export const Or = symbol("Or", "||");
export const Not = symbol("Not", "!");
export const Assign = symbol("Assign", "=");
export const Plus = symbol("Plus", "+");
export const Minus = symbol("Minus", "-");
export const Star = symbol("Star", "*");
export const Slash = symbol("Slash", "/");
export const Percent = symbol("Percent", "%");
export const Comma = symbol("Comma", ",");
export const Colon = symbol("Colon", ":");
export const LeftBrace = symbol("LeftBrace", "{");
export const RightBrace = symbol("RightBrace", "}");
export const LeftParen = symbol("LeftParen", "(");
export const RightParen = symbol("RightParen", ")");
export const LeftBracket = symbol("LeftBracket", "[");
export const RightBracket = symbol("RightBracket", "]");

/** `/// text`: documents the declaration that follows. Kept beside the token stream. */
export const DocComment = createToken({
  name: "DocComment",
  pattern: /\/\/\/[^\r\n]*/,
  group: "comments",
});
export const Comment = createToken({
  name: "Comment",
  pattern: /\/\/[^\r\n]*/,
  group: "comments",
});
const Whitespace = createToken({ name: "Whitespace", pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED });

/** Words that may not be used as names. */
export const reservedWords: readonly TokenType[] = [
  Import,
  From,
  As,
  Input,
  Stem,
  Stage,
  Head,
  Residual,
  Shortcut,
  Branches,
  Gate,
  Expect,
  Where,
];
/** Words with a meaning of their own in one place, and names elsewhere. */
export const softWords: readonly TokenType[] = [Block, Network, Train, For, Times, Always];

/** All binary operators. How tightly each binds is the business of `precedence.ts`. */
export const binaryOperators: readonly TokenType[] = [
  Or,
  And,
  Equal,
  NotEqual,
  AtMost,
  AtLeast,
  Less,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
];

/** Never made by the lexer: the category of all binary operators. */
export const BinaryOperator = createToken({
  name: "BinaryOperator",
  pattern: Lexer.NA,
  label: "an operator",
});
for (const operator of binaryOperators) operator.CATEGORIES = [BinaryOperator];

/** Never made by the lexer: the category of every token that is inside an item. */
export const Anything = createToken({ name: "Anything", pattern: Lexer.NA, label: "anything" });

/** Every token type, in matching order. */
export const tokenTypes: readonly TokenType[] = [
  Whitespace,
  DocComment,
  Comment,
  ForeignComment,
  ForeignString,
  ForeignSign,
  Semicolon,
  Dimensions,
  NumberLiteral,
  BareFraction,
  StringLiteral,
  OpenString,
  ...reservedWords,
  ...softWords,
  Identifier,
  Arrow,
  Equal,
  NotEqual,
  AtMost,
  AtLeast,
  Less,
  Greater,
  And,
  Or,
  Not,
  Assign,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Comma,
  Colon,
  LeftBrace,
  RightBrace,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Newline,
  Strange,
  BinaryOperator,
  Anything,
];
for (const type of tokenTypes) {
  if (type !== Newline && type !== RightBrace && type !== Anything) {
    type.CATEGORIES = [...(type.CATEGORIES ?? []), Anything];
  }
}
