/** What each word of a document is, for editors that colour by meaning: a block, a parameter, a place, an operation. */
import {
  SemanticTokensBuilder,
  type SemanticTokens,
  type SemanticTokensLegend,
} from "vscode-languageserver";
import type { TokenType } from "chevrotain";
import { functionNames } from "../../check/functions.js";
import { constantNames } from "../../check/scope.js";
import { isWrittenOperation } from "../../ops/registry.js";
import { lex, spanOf } from "../../syntax/lexer.js";
import * as T from "../../syntax/tokens.js";
import type { Entity, Occurrence } from "../../names/entity.js";
import { occurrencesOf } from "../../names/occurrences.js";
import { everyNode } from "../names/syntax-path.js";
import { positionAt } from "../project/positions.js";
import type { Project } from "../project/project.js";

const types = [
  ...["keyword", "comment", "string", "number", "operator"],
  ...["function", "class", "parameter", "variable", "property", "enumMember", "type", "event"],
] as const;
const modifiers = ["declaration", "documentation", "defaultLibrary"] as const;

type Modifier = (typeof modifiers)[number];

export const legend: SemanticTokensLegend = {
  tokenTypes: [...types],
  tokenModifiers: [...modifiers],
};

interface Meaning {
  readonly type: string;
  readonly modifiers: readonly Modifier[];
}

const entityTypes: Readonly<Record<Entity["kind"], string>> = {
  block: "function",
  network: "class",
  recipe: "event",
  parameter: "parameter",
  stage: "variable",
  head: "variable",
  place: "variable",
  size: "type",
  alias: "function",
};

/** The meaning of every word, in the order of the text. */
export function semanticTokens(project: Project, path: string): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  const unit = project.unit(path);
  if (unit === undefined) return builder.build();
  const { file } = unit;
  const meanings = new Map<number, Meaning>();
  for (const node of unit.declarations.flatMap((each) => [
    ...everyNode({ is: "declaration", node: each }),
  ])) {
    if (node.is === "setting") put(meanings, node.node.key.span.start, "property");
    if (node.is === "argument" && node.node.name && !node.node.slash) {
      put(meanings, node.node.name.span.start, "property");
    }
    if (node.is === "step" && node.node.kind === "call") {
      const { callee } = node.node.call;
      const known = isWrittenOperation(callee.text);
      put(meanings, callee.span.start, "function", known ? ["defaultLibrary"] : []);
    }
  }
  for (const each of occurrencesOf(unit).all) meanings.set(each.span.start, meaningOf(each));
  const { tokens, comments } = lex(file);
  for (const token of [...tokens, ...comments].sort((a, b) => a.startOffset - b.startOffset)) {
    const span = spanOf(file, token);
    const meaning = meanings.get(span.start) ?? ofToken(token.tokenType, token.image);
    if (meaning === undefined || file.position(span.end).line !== file.position(span.start).line) {
      continue;
    }
    const { line, character } = positionAt(file, span.start);
    const bits = meaning.modifiers.reduce((sum, each) => sum + 2 ** modifiers.indexOf(each), 0);
    const type = legend.tokenTypes.indexOf(meaning.type);
    builder.push(line, character, span.end - span.start, type, bits);
  }
  return builder.build();
}

function put(
  meanings: Map<number, Meaning>,
  start: number,
  type: string,
  given: readonly Modifier[] = [],
): void {
  meanings.set(start, { type, modifiers: given });
}

function meaningOf({ entity, role }: Occurrence): Meaning {
  if (role === "slash") return { type: "operator", modifiers: [] };
  if (role === "quoted") return { type: "string", modifiers: [] };
  return {
    type: entityTypes[entity.kind],
    modifiers: role === "definition" ? ["declaration"] : [],
  };
}

const keywords: ReadonlySet<TokenType> = new Set([...T.reservedWords, ...T.softWords]);
const operators: ReadonlySet<TokenType> = new Set([...T.binaryOperators, T.Not, T.Assign, T.Arrow]);

function ofToken(type: TokenType, image: string): Meaning | undefined {
  const is = (name: string, given: readonly Modifier[] = []): Meaning => ({
    type: name,
    modifiers: given,
  });
  if (keywords.has(type)) return is("keyword");
  if (operators.has(type)) return is("operator");
  switch (type) {
    case T.Comment:
      return is("comment");
    case T.DocComment:
      return is("comment", ["documentation"]);
    case T.StringLiteral:
      return is("string");
    case T.NumberLiteral:
    case T.Dimensions:
      return is("number");
    case T.Identifier:
      if (constantNames.includes(image)) return is("enumMember", ["defaultLibrary"]);
      return functionNames.includes(image) ? is("function", ["defaultLibrary"]) : undefined;
    default:
      return undefined;
  }
}
