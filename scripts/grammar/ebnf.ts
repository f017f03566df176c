/** Prints the grammar in the notation of the W3C's XML specification, with the tokens and the layout rule. */
import { EOF, type TokenType } from "chevrotain";
import * as T from "../../src/syntax/tokens.js";
import { fixedText, grammarRules, type Production } from "./productions.js";

const width = 100;

/** The whole of `grammar.ebnf`. */
export function printGrammar(): string {
  const rules = [...grammarRules()];
  const column = Math.max(...rules.map(([name]) => name.length));
  return [
    introduction,
    ...rules.map(([name, production]) => printRule(name, production, column)),
    tokens(column),
  ].join("\n");
}

const introduction = `/*
 * The grammar of .resnet files. Generated from the parser: \`npm run grammar\` writes it anew.
 *
 * Notation: "text" is itself, a? is optional, a* is none or more, a+ one or more, a | b a choice,
 * a - b is a without b. Words in lower case are rules, words with a capital are tokens, which are
 * listed at the end. Of two alternatives that both fit, the first is taken; so a "(" right behind
 * the name of a step opens its arguments.
 *
 * Layout. A line's end is a Newline token, except
 *   - inside ( ) and [ ];
 *   - behind , : = -> { ( [ ! and behind a BinaryOperator, all of which ask for more;
 *   - before -> , { } ) ] shortcut where, all of which go on.
 * Empty lines and comments make none. A word that begins an item (import input stem stage head
 * residual shortcut branches gate expect) ends all open ( and [ where it begins a line; so does
 * block, network or train at the very beginning of a line. Behind a comma such a word, other than
 * shortcut, ends the item too, since no argument begins with one.
 *
 * Two rules are not context-free. In callStep, expression "x" is read only where an "x" with an
 * Identifier behind it follows on the line, outside brackets. In expression, a "/" with white space
 * before it and none behind it is no operator: \`64, /2\` is a stride and \`64 / 2\` a division, and
 * \`64 /2\` is neither.
 *
 * The operators of an expression bind, from loosest to tightest: ||, then &&, then == != <= >= < >,
 * then + -, then * / %, then the signs - and !, then [ ]. All binary operators bind to the left.
 */
`;

function printRule(name: string, production: Production, column: number): string {
  const head = `${name.padEnd(column)} ::= `;
  const line = `${head}${print(production, 0)}`;
  if (line.length <= width) return line;
  const indent = `${" ".repeat(column)}   | `;
  if (production.kind === "choice") {
    const alternatives = production.alternatives.map((each) => print(each, 1));
    return `${head}${alternatives.join(`\n${indent}`)}`;
  }
  const items = production.kind === "sequence" ? production.items : [production];
  const lines = [head];
  for (const item of items) {
    const text = print(item, 2);
    const last = lines.at(-1) ?? "";
    const fits = last.length + text.length + 1 <= width;
    if (fits || last === head) {
      lines[lines.length - 1] = `${last.trimEnd()}${" "}${text}`;
    } else lines.push(`${" ".repeat(head.length)}${text}`);
  }
  return lines.join("\n");
}

/** What may stand at a place without parentheses: all, an alternative, an item of a sequence, one thing. */
type Binding = 0 | 1 | 2 | 3;

function print(production: Production, binding: Binding): string {
  const group = (text: string, needed: boolean): string => (needed ? `(${text})` : text);
  switch (production.kind) {
    case "token":
      return printToken(production.type);
    case "rule":
      return production.name;
    case "sequence": {
      const text = production.items.map((item) => print(item, 2)).join(" ");
      return group(text, binding === 3);
    }
    case "choice": {
      const text = production.alternatives.map((each) => print(each, 1)).join(" | ");
      return group(text, binding > 0);
    }
    case "optional":
      return `${print(production.item, 3)}?`;
    case "repeat": {
      const { item, separator, least } = production;
      if (separator === undefined) return `${print(item, 3)}${least === 0 ? "*" : "+"}`;
      const one = print(item, 2);
      const list = `${one} (${printToken(separator)} ${one})*`;
      return least === 0 ? `(${list})?` : group(list, binding === 3);
    }
  }
}

/** How a token is written in the grammar and in the diagrams. */
export function printToken(type: TokenType): string {
  if (type === EOF) return "End";
  const text = fixedText(type);
  return text === undefined ? type.name : `"${text}"`;
}

function tokens(column: number): string {
  const line = (name: string, text: string): string => `${name.padEnd(column)} ::= ${text}`;
  const pattern = (type: TokenType): string => String(type.PATTERN);
  const words = (types: readonly TokenType[]): string => {
    const indent = `\n${" ".repeat(column)}   | `;
    const lines: string[] = [];
    for (const type of types) {
      const last = lines.at(-1);
      const text = printToken(type);
      if (last !== undefined && column + 5 + last.length + text.length + 3 <= width) {
        lines[lines.length - 1] = `${last} | ${text}`;
      } else lines.push(text);
    }
    return lines.join(indent);
  };
  return `
/*
 * Tokens. Between / and / stands a regular expression. Where several fit, the longer sign and the
 * token that is listed first are taken; a word is read to its end.
 */

${line("Identifier", `${pattern(T.Identifier)} - reserved`)}
${line("reserved", words(T.reservedWords))}
${line("Dimensions", pattern(T.Dimensions))}
${line("Number", pattern(T.NumberLiteral))}
${line("String", pattern(T.StringLiteral))}
${line("BinaryOperator", words(T.binaryOperators))}
${line("Newline", "a line's end that ends an item: see Layout")}
${line("End", "the end of the file")}

/*
 * ${T.softWords.map(printToken).join(" ")} are words of the language in their places above, and
 * Identifiers wherever one fits.
 */

/* Between tokens: white space, which ends the token before it, and comments. */

${line("Whitespace", "/[ \\t\\r\\n]+/")}
${line("DocComment", pattern(T.DocComment))}
${line("Comment", pattern(T.Comment))}
`;
}
