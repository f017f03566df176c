/**
 * The plugin for prettier: `prettier --plugin resnetc/prettier-plugin`. What it prints has the tokens of what it
 * read, in the same order and in the same items, and every comment; printed once more it stays as it is.
 */
import type { AstPath, Parser, Plugin, Printer, SupportLanguage } from "prettier";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { SourceFile, type Position } from "../source/source.js";
import { parse } from "../syntax/parse.js";
import { handleComments, hasPragma, isIgnored } from "./comments.js";
import { fileTree } from "./file-tree.js";
import { printNode } from "./print.js";
import { children, type AttachedComment, type Node } from "./tree.js";

/** A text that is no spec. Prettier shows the first of its errors, at `loc`: lines and columns from 1. */
export class SpecSyntaxError extends SyntaxError {
  override readonly name = "SpecSyntaxError";
  readonly loc: { readonly start: Position; readonly end: Position };

  /** @param diagnostics all of what is wrong, one error at least. */
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    const first = diagnostics.find(({ severity }) => severity === "error");
    const place = (offset: number): Position =>
      first?.span?.file.position(offset) ?? { line: 1, column: 1 };
    const start = place(first?.span?.start ?? 0);
    super(`${first?.code}: ${first?.message} (${start.line}:${start.column})`);
    this.loc = { start, end: place(first?.span?.end ?? 0) };
  }
}

/** @throws SpecSyntaxError where the text is no spec. */
function parseText(text: string, { filepath = "" }: { readonly filepath?: string }): Node {
  const { unit, diagnostics } = parse(new SourceFile(filepath, text));
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new SpecSyntaxError(diagnostics);
  }
  return fileTree(unit, text.length);
}

/** How specs are laid out where no configuration says otherwise. */
export const defaultOptions = { printWidth: 100 } as const;

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

export default { languages, parsers, printers, defaultOptions } satisfies Plugin<Node>;
