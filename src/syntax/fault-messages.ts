/** Puts what the parser wanted and what it met into words, with the change that mends it. */
import { EOF, tokenMatcher, type IToken } from "chevrotain";
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../source/source.js";
import { newlineAfter } from "./layout.js";
import { spanOf } from "./lexer.js";
import { isMisspelling } from "./misspelling.js";
import type { SyntaxFault } from "./recovering-parser.js";
import {
  bracketHelp,
  chainHelp,
  chainSettings,
  factorsHelp,
  placesHelp,
  valueSpan,
} from "./setting-slips.js";
import * as T from "./tokens.js";

/** The diagnostic for a fault. */
export function faultDiagnostic(file: SourceFile, fault: SyntaxFault): Diagnostic {
  const { found } = atLineEnd(fault);
  const help = helpFor(file, fault);
  const holes = { expected: wanted(fault), found: describe(found) };
  return diagnostic("R0101", spanOf(file, found), holes, help === undefined ? {} : { help });
}

/** A closing bracket is missing where its line ends, not where the next one begins. */
function atLineEnd(fault: SyntaxFault): SyntaxFault {
  const { found, before, expected } = fault;
  const closes = [T.RightParen.LABEL, T.RightBracket.LABEL].includes(expected);
  const isEnd = found.tokenType === EOF;
  const later = isEnd || (found.startLine ?? Infinity) > (before.endLine ?? Infinity);
  return closes && later ? { ...fault, found: newlineAfter(before) } : fault;
}

/** What was expected, in words; what chevrotain calls by its closing bracket goes on with a comma too. */
function wanted(fault: SyntaxFault): string {
  const { expected, rule, first } = fault;
  if (first?.tokenType === T.Input) return "`where` or a new line";
  if (first?.tokenType === T.Stage) {
    return fault.found.tokenType === T.Comma ? "`(` or a new line" : "`,` or a new line";
  }
  if (first && bodies.has(first.tokenType)) return "a new line";
  const listed = rule === "parameters" || rule === "enclosedArguments" || rule === "list";
  const closes = expected === T.RightParen.LABEL || expected === T.RightBracket.LABEL;
  if (listed && closes) return `\`,\` or ${expected}`;
  // A comma that cannot stand here was not what was expected.
  return fault.found.tokenType === T.Comma ? expected.replace("`,`, ", "") : expected;
}

const bodies: ReadonlySet<IToken["tokenType"]> = new Set([T.Stem, T.Head, T.Expect]);

function describe(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  if (token.tokenType === T.Newline) return "the end of the line";
  if (token.tokenType === T.RightBrace) return token.image === "" ? "the end of the block" : "`}`";
  if (T.reservedWords.includes(token.tokenType)) {
    return `\`${token.image}\`, which is a word of the language`;
  }
  const { image } = token;
  return image.length > 40 ? `\`${image.slice(0, 40)}…\`` : `\`${image}\``;
}

/** What mends the slips that are made most. */
function helpFor(file: SourceFile, fault: SyntaxFault): Help | string | undefined {
  const { found, meant, bodyFollows } = fault;
  if (bodyFollows) return openingHelp(file, found);
  if (meant !== undefined) {
    const edits = [{ span: spanOf(file, found), text: meant }];
    return { text: `did you mean \`${meant}\`?`, edits };
  }
  return helpByToken(file, fault) ?? helpByRule(file, fault);
}

/** A body that lacks its brace: before what it begins with, or behind the line of its header. */
function openingHelp(file: SourceFile, found: IToken): Help {
  const text = "what belongs to it stands in braces: `{ … }`";
  // Two headers in one line: one of them is too much, rather than a brace too few.
  if (isEither(found, T.Stem, T.Head, T.Expect, T.Input, T.Stage)) return { text };
  const { start } = spanOf(file, found);
  const brace = found.tokenType === T.Newline ? " {" : "{ ";
  return { text, edits: [{ span: file.span(start, start), text: brace }] };
}

/** What is put right behind a token. */
function putBehind(file: SourceFile, token: IToken, text: string, words: string): Help {
  const { end } = spanOf(file, token);
  return { text: words, edits: [{ span: file.span(end, end), text }] };
}

/** A token that is left out, with the space before it. */
function leaveOut(file: SourceFile, token: IToken, words: string): Help {
  const { start, end } = spanOf(file, token);
  const before = file.text.slice(0, start).replace(/[ \t]+$/, "").length;
  return { text: words, edits: [{ span: file.span(before, end), text: "" }] };
}

/** `32 x 32 x 3`, whose first number is `before`. */
function joinedDimensions(file: SourceFile, before: IToken): Help {
  const text = "dimensions are written without spaces: `3x3`";
  const { end } = spanOf(file, before);
  const rest = /^(?:[ \t]*x[ \t]*\d+)+/.exec(file.text.slice(end))?.[0];
  if (rest === undefined || !/\d$/.test(before.image)) return { text };
  const span = file.span(end, end + rest.length);
  return { text, edits: [{ span, text: rest.replaceAll(/[ \t]/g, "") }] };
}

function helpByToken(file: SourceFile, fault: SyntaxFault): Help | string | undefined {
  const { found, before, expected, rule } = fault;
  const ofSetting = fault.inSetting ? helpOfSetting(file, fault) : undefined;
  if (ofSetting) return ofSetting;
  const replace = (text: string, words: string): Help => ({
    text: words,
    edits: [{ span: spanOf(file, found), text }],
  });
  if (rule === "settingPair" && isEither(found, T.Colon, T.Assign)) {
    return replace("", `a setting is written without it: \`${before.image} value\``);
  }
  if (isEither(found, T.Colon, T.Assign) && expected.includes(T.LeftBrace.LABEL ?? "")) {
    const bodied = /^\s*\{/.test(file.text.slice(found.startOffset + 1));
    if (bodied && !fault.inCondition)
      return leaveOut(file, found, `its \`{\` follows without \`${found.image}\``);
  }
  if (isEither(found, T.Colon, T.Assign) && before.tokenType === T.Input) {
    return replace("", "an input is written without it: `input 224x224x3`");
  }
  if (found.tokenType === T.Assign) return helpWithAssign(file, fault);
  if (found.tokenType === T.Colon && rule === "parameters") {
    return replace("=", `a default is written with \`=\`: \`${before.image} = value\``);
  }
  const foreign = foreignWord(fault);
  if (foreign !== undefined) return foreign;
  if (isEither(found, T.Times, T.Star)) {
    const counted = countFirst(file, found);
    if (counted !== undefined) return counted;
  }
  if (found.tokenType === T.Times) return joinedDimensions(file, before);
  if (fault.first?.tokenType === T.Stage && found.tokenType === T.Arrow) return stageOfBlock;
  if (found.tokenType === T.LeftBrace && ["stageItem", "callStep"].includes(rule)) {
    return stageOfBlock;
  }
  if (found.tokenType === T.Slash && rule !== "declaration") {
    const words = "the stride is an argument of its own: `, /2`; a division is written `a / b`";
    const help = putBehind(file, before, ",", words);
    return mayBeDivided(file, before) ? { ...help, applicability: "unsafe" } : help;
  }
  if (found.tokenType === T.Minus && before.tokenType === T.Identifier) {
    return "names are made of a to z, A to Z, 0 to 9 and `_`";
  }
  if (T.reservedWords.includes(found.tokenType) && wantsName(fault)) {
    return `\`${found.image}\` cannot be a name`;
  }
  if (found.tokenType === T.Shortcut) return "`shortcut` stands behind the residual's `}`";
  const meant = ["where", "shortcut"].find((each) => isMisspelling(found.image, each));
  if (meant !== undefined && found.tokenType === T.Identifier) {
    return replace(meant, `did you mean \`${meant}\`?`);
  }
  const word = wordOperators.get(found.image);
  if (word !== undefined && found.tokenType === T.Identifier) {
    return replace(word, `write \`${word}\``);
  }
  if (fault.first?.tokenType === T.Input) return shapes["inputItem"];
  if (expected === "an operation" && before.tokenType === T.Arrow) {
    const words = "an operation follows `->`; leave the arrow out where the chain ends";
    return leaveOut(file, found.tokenType === T.Arrow ? found : before, words);
  }
  if (expected === "an operation" && found.tokenType === T.Arrow) {
    return replace("", "a chain begins with an operation; leave the arrow out");
  }
  if (expected === "an argument" && before.tokenType === T.Comma) {
    const words = "an argument follows `,`; leave the comma out behind the last one";
    return leaveOut(file, found.tokenType === T.Comma ? found : before, words);
  }
  if (found.tokenType === T.Comma && /^\s*\//.test(file.text.slice(found.startOffset + 1))) {
    return replace("(),", `a call has its brackets before the comma: \`${before.image}(), /2\``);
  }
  if (expected.includes("`->`") && found.tokenType === T.Comma) {
    return replace(" ->", "operations are joined by `->`");
  }
  if (expected.includes("`->`") && isEither(found, T.Identifier, T.NumberLiteral)) {
    const words = "arguments are parted by `,`, operations by `->` or a new line";
    return found.tokenType === T.NumberLiteral ? putBehind(file, before, ",", words) : words;
  }
  return undefined;
}

const stageOfBlock =
  "a stage is one step, which it may repeat: make a block of the chain, `block Name(width, stride = 1) { … }`, and call that, `stage conv2: 3 x Name(64)`";

/** Words of other languages that there is nothing like here: what is written instead. */
function foreignWord({ found, first, inSetting }: SyntaxFault): string | undefined {
  if (inSetting) return undefined;
  const word = first?.image ?? "";
  if (word === "for" || word === "while") {
    return "there are no loops: a count repeats a step, `3 x Block(64)`";
  }
  if (word === "if" || word === "else" || word === "elif") {
    return "there is no `if`: what differs is a parameter, whose value can be a block, `block Name(Unit = Basic) { … }`";
  }
  if (found.image !== "if" || !tokenMatcher(found, T.Identifier)) return undefined;
  return "no value depends on a condition: make it a parameter, which every call gives";
}

/** `Basic(32) x 2`, whose count stands first here. */
function countFirst(file: SourceFile, sign: IToken): Help | undefined {
  const { line, column } = file.position(sign.startOffset);
  const before = /(?:^|[:{>])\s*([A-Z]\w*(?:\([^()]*\))?\s*)$/.exec(
    file.line(line).slice(0, column - 1),
  )?.[1];
  const behind = /^[x*]\s*(\d+|[A-Za-z_]\w*(?:\[\d+\])?)(?![\w(])/.exec(
    file.line(line).slice(column - 1),
  );
  if (before === undefined || behind === null) return undefined;
  const [all, count = ""] = behind;
  const text = `${count} x ${before.trimEnd()}`;
  const { startOffset: at } = sign;
  const edits = [{ span: file.span(at - before.length, at + all.length), text }];
  return { text: `the count stands first: \`${text}\``, edits };
}

/** What mends a setting whose line begins with its key and, most often, the kind that it chooses. */
function helpOfSetting(file: SourceFile, { found, expected }: SyntaxFault): Help | undefined {
  const { line, column } = file.position(found.startOffset);
  const start = file.lineStarts[line - 1] ?? 0;
  const before = file.line(line).slice(0, column - 1);
  // Behind the brace of the recipe, or by itself.
  const [head, key = ""] = /^(?:[^{]*\{)?\s*([A-Za-z_]\w*)\s+(?=\S|$)/.exec(before) ?? [];
  if (head === undefined) return undefined;
  const value = valueSpan(file, start + head.length);
  if (chainSettings.has(key)) {
    const written = before.slice(head.length);
    return written.includes("{") || value.start === value.end ? undefined : chainHelp(value);
  }
  if (T.reservedWords.includes(found.tokenType)) {
    const open = before.lastIndexOf("[");
    if (open > before.lastIndexOf("]")) return placesHelp(listSpan(file, start + open));
    if (before.endsWith("(") && /\bwithin\s*\($/.test(before)) {
      return factorsHelp(valueSpan(file, found.startOffset));
    }
    return before === head ? placesHelp(value) : undefined;
  }
  const kind = /^[A-Za-z_]\w*(?=\s+(?:\[[^\]]*)?$)/.exec(before.slice(head.length))?.[0];
  const begins = isEither(found, T.NumberLiteral, T.StringLiteral, T.Identifier, T.Dimensions);
  const ofList = found.tokenType === T.Comma && expected === T.RightBracket.LABEL;
  if (kind === undefined || !(begins || ofList)) return undefined;
  const kindSpan = file.span(value.start, value.start + kind.length);
  const space = /^\s*/.exec(file.text.slice(kindSpan.end, value.end))?.[0].length ?? 0;
  return bracketHelp(kindSpan, file.span(kindSpan.end + space, value.end));
}

/** A list on one line, from its bracket on. */
function listSpan(file: SourceFile, start: number): Span {
  const rest = /^\[[^\]\r\n]*\]?/.exec(file.text.slice(start))?.[0] ?? "";
  return file.span(start, start + rest.length);
}

/** Whether what ends with a token can be meant to be divided: neither dimensions, nor a number by itself, nor a step. */
function mayBeDivided(file: SourceFile, last: IToken): boolean {
  if (last.tokenType === T.Dimensions) return false;
  const line = file.line(last.startLine ?? 1).slice(0, last.endColumn);
  return !/,\s*[\d_]+$|(?:^|->|:|\{|\bx)\s*[A-Za-z_]\w*\([^()]*\)$/.test(line);
}

/** `=` where an argument is named, two values are compared, or a result is given a name. */
function helpWithAssign(file: SourceFile, fault: SyntaxFault): Help | string | undefined {
  const { found, before, first, rule, inCondition } = fault;
  const replace = (text: string, words: string): Help => ({
    text: words,
    edits: [{ span: spanOf(file, found), text }],
  });
  const inBrackets = rule === "enclosedArguments";
  if (inCondition && !inBrackets) return replace("==", "equality is written `==`");
  if (!tokenMatcher(before, T.Identifier)) return undefined;
  const name = before.image;
  if (before === first || file.text.slice(0, before.startOffset).trimEnd().endsWith("->")) {
    return /^\s*[\d["({-]/.test(file.text.slice(found.startOffset + 1))
      ? `a value has its name as a parameter: \`block Name(${name} = value) { … }\``
      : `steps follow each other without names; one that is taken up again with \`from ${name}\` is named behind: \`… as ${name}\``;
  }
  const words = `a named argument is written with a colon: \`${name}: value\``;
  const behind = (found.endOffset ?? found.startOffset) + 1;
  const colon = /\s/.test(file.text.charAt(behind)) ? ":" : ": ";
  return {
    text: words,
    edits: [{ span: file.span(spanOf(file, before).end, behind), text: colon }],
  };
}

const wordOperators = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
]);

function isEither(token: IToken, ...types: readonly IToken["tokenType"][]): boolean {
  return types.includes(token.tokenType);
}

function wantsName({ expected, rule }: SyntaxFault): boolean {
  return expected === T.Identifier.LABEL || rule === "parameters" || rule === "headItem";
}

const shapes: Readonly<Record<string, string>> = {
  importDeclaration: 'an import is written `import { Basic } from "std/blocks"`',
  blockDeclaration: "a block is written `block Name(width, stride = 1) { … }`",
  networkDeclaration: "a network is written `network Name(classes = 1000) { … }`",
  instanceItem: "an instance holds nothing but `expect { … }`",
  trainDeclaration: "a recipe is written `train name for Network { … }`",
  inputItem: "an input is written `input 224x224x3` or `input [H, W, 3]`",
  stageItem: "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  branchesStep: "branches are written `branches concat { { … } { … } }`",
  residualStep: "a residual is written `residual { … } shortcut project`",
  declaration: "a file holds nothing but imports, blocks, networks and recipes",
  expectation: "an expectation is written `params == 25_557_032`",
};

/** Where a bracket or a brace is missed that stands behind `//`. */
export const swallowedEnd =
  "`//` begins a comment, which takes in what closes it; a division is written `a / b`, and one that rounds down `floor(a / b)`";

function helpByRule(file: SourceFile, fault: SyntaxFault): Help | string | undefined {
  const { rule, expected, found, before } = fault;
  if (before.tokenType === T.Input || (rule === "primary" && isEither(found, T.Comma))) {
    return shapes["inputItem"];
  }
  if (expected === T.RightParen.LABEL || expected === T.RightBracket.LABEL) {
    const behind = file.line(before.endLine ?? 1).slice(before.endColumn);
    if (/^\s*\/\/.*[)\]]/.test(behind)) return swallowedEnd;
    const parted = isEither(found, T.Identifier, T.NumberLiteral, T.Dimensions, T.StringLiteral);
    const sameLine = found.startLine === before.endLine;
    return parted && sameLine
      ? putBehind(file, before, ",", "what stands in brackets is parted by `,`")
      : putBehind(file, before, expected.replaceAll("`", ""), `close it with ${expected}`);
  }
  if (expected === "a value" && before.tokenType === T.Slash) return "a stride is written `/2`";
  if (expected === "a condition" || (rule === "primary" && before.tokenType === T.Where)) {
    return "a condition follows `where`, such as `where width % 4 == 0`";
  }
  if (expected === T.Shortcut.LABEL) {
    return "a residual is followed by its shortcut: `shortcut project`, or `shortcut none`";
  }
  if (expected === T.LeftBrace.LABEL && (rule === "chain" || rule === "blockDeclaration")) {
    return "what belongs to it stands in braces: `{ … }`";
  }
  if (rule === "callStep" && isEither(found, T.NumberLiteral, T.LeftBrace)) {
    return shapes["stageItem"];
  }
  return shapes[rule];
}
