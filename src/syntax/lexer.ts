/**
 * From text to tokens and comments. What is no token is reported: where the meaning is clear (`→`,
 * `'text'`, `# text`) the token that was meant is made, else a `Strange` token, which no rule takes.
 */
import { Lexer, type IToken, type TokenType } from "chevrotain";
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { textOf, type SourceFile, type Span } from "../source/source.js";
import { commentHelp } from "./foreign-comments.js";
import { semicolons } from "./semicolons.js";
import { abridged, isPrintable, strangeCharacters } from "./strange-characters.js";
import * as T from "./tokens.js";

export interface Lexed {
  readonly tokens: readonly IToken[];
  /** `//` and `///`, in the order of the text. */
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

let lexer: Lexer | undefined;

/** The tokens of a file. Nothing is thrown. */
export function lex(file: SourceFile): Lexed {
  lexer ??= new Lexer([...T.tokenTypes], {
    positionTracking: "full",
    ensureOptimizations: false,
    skipValidations: true,
  });
  const { tokens: raw, groups, errors } = lexer.tokenize(file.text);
  const found: Diagnostic[] = [];
  const tokens = raw.map((token) => meantBy(file, token, found));
  for (const { span, help } of semicolons(file, tokens)) {
    found.push(diagnostic("R0102", span, { what: `\`${textOf(span)}\`` }, { help }));
  }
  for (const comment of groups["foreign"] ?? []) {
    const opening = comment.image.startsWith("#") ? 1 : 2;
    const span = file.span(comment.startOffset, comment.startOffset + opening);
    const what = { what: `\`${comment.image.slice(0, opening)}\`` };
    const help = commentHelp(spanOf(file, comment));
    found.push(diagnostic("R0102", span, what, { help }));
  }
  const strange: IToken[] = [];
  const ofLines = new Map<number, Span[]>();
  for (const { offset, length, line = 1, column = 1 } of errors) {
    const start = file.text.charCodeAt(offset) === 0xfeff && offset === 0 ? 1 : offset;
    if (start === offset + length) continue;
    const image = file.text.slice(start, offset + length);
    const span = file.span(start, offset + length);
    const ofLine = ofLines.get(line);
    if (ofLine) ofLine.push(span);
    else ofLines.set(line, [span]);
    if (isPrintable(image)) strange.push(strangeToken(image, start, line, column));
  }
  for (const spans of ofLines.values()) found.push(strangeCharacters(spans));
  return { tokens: merge(tokens, strange), comments: groups["comments"] ?? [], diagnostics: found };
}

/** The span of a token; of the file's end where it is not a token of the text. */
export function spanOf(file: SourceFile, token: IToken): Span {
  if (Number.isNaN(token.startOffset)) return file.span(file.text.length, file.text.length);
  return file.span(token.startOffset, (token.endOffset ?? token.startOffset) + 1);
}

const signs: Readonly<Record<string, { readonly type: TokenType; readonly text: string }>> = {
  "=>": { type: T.Arrow, text: "->" },
  "|>": { type: T.Arrow, text: "->" },
  "|": { type: T.Arrow, text: "->" },
  "→": { type: T.Arrow, text: "->" },
  "×": { type: T.Times, text: "x" },
  "–": { type: T.Minus, text: "-" },
  "—": { type: T.Minus, text: "-" },
  "−": { type: T.Minus, text: "-" },
  "≤": { type: T.AtMost, text: "<=" },
  "≥": { type: T.AtLeast, text: ">=" },
  "≠": { type: T.NotEqual, text: "!=" },
};

/** The token that is meant, which is the token itself where nothing is wrong with it. */
function meantBy(file: SourceFile, token: IToken, found: Diagnostic[]): IToken {
  const span = spanOf(file, token);
  const slip = (text: string, words: string): void => {
    const help: Help = { text: words, edits: [{ span, text }] };
    found.push(diagnostic("R0102", span, { what: `\`${abridged(token.image, 40)}\`` }, { help }));
  };
  switch (token.tokenType) {
    case T.OpenString: {
      const end = span.start + token.image.trimEnd().length;
      const edits = [{ span: file.span(end, end), text: '"' }];
      const help = { text: 'close it with `"`', edits };
      found.push(diagnostic("R0103", span, {}, { help }));
      return token;
    }
    case T.ForeignString: {
      const text = `"${token.image.slice(1, -1)}"`;
      slip(text, `a text stands in straight double quotes: \`${text}\``);
      return token;
    }
    case T.BareFraction:
      slip(`0${token.image}`, `write \`0${token.image}\``);
      return token;
    case T.ForeignSign: {
      const sign = signs[token.image];
      if (sign === undefined) return token;
      slip(sign.text, `write \`${sign.text}\``);
      const { type, text } = sign;
      return { ...token, image: text, tokenType: type, tokenTypeIdx: type.tokenTypeIdx as number };
    }
    default:
      return token;
  }
}

function strangeToken(image: string, start: number, line: number, column: number): IToken {
  return {
    image,
    startOffset: start,
    endOffset: start + image.length - 1,
    startLine: line,
    endLine: line,
    startColumn: column,
    endColumn: column + image.length - 1,
    tokenType: T.Strange,
    tokenTypeIdx: T.Strange.tokenTypeIdx as number,
  };
}

/** Both lists in the order of the text. */
function merge(tokens: readonly IToken[], strange: readonly IToken[]): readonly IToken[] {
  if (strange.length === 0) return tokens;
  return [...tokens, ...strange].sort((a, b) => a.startOffset - b.startOffset);
}
