/** How each part of a spec is written: what is said where nothing nearer to the mistake is known. */
import type { Help } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { isEither, putBehind } from "./fault-edits.js";
import type { SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";

/** By the rule of the grammar. */
export const writtenForms: Readonly<Record<string, string>> = {
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

export function helpByRule(file: SourceFile, fault: SyntaxFault): Help | string | undefined {
  const { rule, expected, found, before } = fault;
  if (before.tokenType === T.Input || (rule === "primary" && isEither(found, T.Comma))) {
    return writtenForms["inputItem"];
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
    return writtenForms["stageItem"];
  }
  return writtenForms[rule];
}
