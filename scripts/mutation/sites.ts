/** The places of a syntax tree that a mutant changes: calls, counts, shortcuts, inputs and settings. */
import type { Span } from "../../src/source/source.js";
import {
  isChain,
  type Call,
  type CallStep,
  type Chain,
  type ChainStep,
  type Declaration,
  type Expression,
  type NetworkItem,
  type Setting,
  type SourceUnit,
} from "../../src/syntax/ast.js";

export type Site =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "count"; readonly span: Span }
  /** `span` is from the word to the end of its form. */
  | { readonly kind: "shortcut"; readonly span: Span; readonly form: Span }
  | { readonly kind: "input"; readonly shape: Expression }
  | { readonly kind: "setting"; readonly value: Setting["value"] };

/** All places of a file, in its order. */
export function collectSites({ declarations }: SourceUnit): readonly Site[] {
  return declarations.flatMap(ofDeclaration);
}

function ofDeclaration(declaration: Declaration): readonly Site[] {
  switch (declaration.kind) {
    case "import":
      return [];
    case "block":
      return ofChain(declaration.body);
    case "network":
      return declaration.items.flatMap(ofItem);
    case "instance":
      return [{ kind: "call", call: declaration.call }];
    case "train":
      return declaration.settings.flatMap(({ value }): readonly Site[] => {
        if (isChain(value)) return ofChain(value);
        if (value.kind === "call") return [{ kind: "call", call: value.call }];
        return [{ kind: "setting", value }];
      });
  }
}

function ofItem(item: NetworkItem): readonly Site[] {
  switch (item.kind) {
    case "input":
      return [{ kind: "input", shape: item.shape }];
    case "stem":
    case "head":
      return ofChain(item.chain);
    case "stage":
      return ofCall(item.step);
    case "step":
      return ofStep(item.step);
    case "expect":
      return [];
  }
}

function ofChain({ steps }: Chain): readonly Site[] {
  return steps.flatMap(ofStep);
}

function ofStep(step: ChainStep): readonly Site[] {
  switch (step.kind) {
    case "call":
      return ofCall(step);
    case "residual": {
      const { shortcut, shortcutSpan: span } = step;
      return [
        ...ofChain(step.chain),
        { kind: "shortcut", span, form: shortcut.span },
        ...(shortcut.kind === "chain" ? ofChain(shortcut.chain) : []),
      ];
    }
    case "branches":
      return step.branches.flatMap(ofChain);
    case "gate":
      return ofChain(step.chain);
    case "from":
    case "unreadable":
      return [];
  }
}

function ofCall({ call, count }: CallStep): readonly Site[] {
  return [...(count ? [{ kind: "count", span: count.span } as const] : []), { kind: "call", call }];
}
