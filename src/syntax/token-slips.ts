/** Slips that show by the token that the parser met: the signs and words of other languages, and what stands in the wrong place. */
import { tokenMatcher, type IToken } from "chevrotain";
import type { Help, Mends } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { isEither, leaveOut, putBehind } from "./fault-edits.js";
import { spanOf } from "./lexer.js";
import { isMisspelling } from "./misspelling.js";
import { missingColon } from "./named-arguments.js";
import { namedStem } from "./named-stem.js";
import type { SyntaxFault } from "./recovering-parser.js";
import { helpOfSetting } from "./setting-slips.js";
import * as T from "./tokens.js";
import { writtenForms } from "./written-forms.js";

export function helpByToken(file: SourceFile, fault: SyntaxFault): Mends | string | undefined {
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
    if (before.tokenType === T.From) return noPlace(file, found);
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
  if (fault.first?.tokenType === T.Input) return writtenForms["inputItem"];
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
  const named = missingColon(file, fault);
  if (named) return named;
  if (expected.includes("`->`") && isEither(found, T.Identifier, T.NumberLiteral)) {
    const words = "arguments are parted by `,`, operations by `->` or a new line";
    return found.tokenType === T.NumberLiteral ? putBehind(file, before, ",", words) : words;
  }
  return undefined;
}

const stageOfBlock =
  "a stage is one step, which it may repeat: make a block of the chain, `block Name(width, stride = 1) { … }`, and call that, `stage conv2: 3 x Name(64)`";

const wordOperators = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
]);

function wantsName({ expected, rule }: SyntaxFault): boolean {
  return expected === T.Identifier.LABEL || rule === "parameters" || rule === "headItem";
}

/** `from stem`: how what the word stands for is taken up again. */
function noPlace(file: SourceFile, found: IToken): Help | string {
  const { tokenType, image } = found;
  const word = `\`${image}\` is a word of the language and no place`;
  if (tokenType === T.Input) {
    return `${word}: \`branches\` that begin with the input pass it on by \`{}\`; a step behind it is named \`… as s1\` and taken up by \`from s1\``;
  }
  const step = tokenType === T.Stem || tokenType === T.Head ? "its last step" : "the step";
  const text = `${word}: name ${step}, \`… as s1\`, and write \`from s1\``;
  const edits = tokenType === T.Stem ? namedStem(file, found) : undefined;
  return edits ? { text, edits } : text;
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
