/**
 * The plugin for prettier: `prettier --plugin resnetc/prettier-plugin`. What it prints has the tokens of what it
 * read, in the same order and in the same items, and every comment; printed once more it stays as it is.
 */
import type { AstPath, Parser, Plugin, Printer, SupportLanguage } from "prettier";
import { SourceFile } from "../source/source.js";
import { parse } from "../syntax/parse.js";
import { handleComments, hasPragma, isIgnored } from "./comments.js";
import { fileTree } from "./file-tree.js";
import { printNode } from "./print.js";
import { children, type AttachedComment, type Node } from "./tree.js";

/** What prettier is told of a text that cannot be read: the first of its errors. */
export class SpecSyntaxError extends SyntaxError {
  override readonly name = "SpecSyntaxError";
  /** @param loc where it is, in lines and columns from 1, as prettier shows it. */
  constructor(
    message: string,
    readonly loc: {
      readonly start: { readonly line: number; readonly column: number };
      readonly end?: { readonly line: number; readonly column: number };
    },
  ) {
    super(message);
  }
}

/** @throws SpecSyntaxError where the text is no spec. */
function parseText(text: string): Node {
  const file = new SourceFile("", text);
  const { unit, diagnostics } = parse(file);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error) {
    const [start, end] = [error.span?.start ?? 0, error.span?.end ?? 0].map((offset) =>
      file.position(offset),
    );
    const place = { start: start ?? file.position(0), ...(end && { end }) };
    throw new SpecSyntaxError(`${error.code}: ${error.message}`, place);
  }
  return fileTree(unit, text.length);
}

export const languages: SupportLanguage[] = [
  {
    name: "resnet",
    parsers: ["resnet"],
    extensions: [".resnet"],
    vscodeLanguageIds: ["resnet"],
  },
];

export const parsers: Record<"resnet", Parser<Node>> = {
  resnet: {
    parse: parseText,
    astFormat: "resnet",
    hasPragma,
    locStart: ({ start }) => start,
    locEnd: ({ end }) => end,
  },
};

export const printers: Record<"resnet", Printer<Node>> = {
  resnet: {
    print: printNode,
    insertPragma: (text) => `// @format\n\n${text}`,
    hasPrettierIgnore: ({ node }: AstPath<Node>) => isIgnored(node),
    canAttachComment: () => true,
    isBlockComment: () => false,
    printComment: ({ node }) => (node as unknown as AttachedComment).value.trimEnd(),
    getVisitorKeys: ({ type }) => [...children[type]],
    handleComments,
  },
};

export default { languages, parsers, printers } satisfies Plugin<Node>;
