/** Every chain that a file writes, with what it belongs to: how rules walk the syntax. */
import type { Span } from "../source/source.js";
import {
  isChain,
  type BranchesStep,
  type CallStep,
  type Chain,
  type ChainStep,
  type Declaration,
  type GateStep,
  type NetworkItem,
  type ResidualStep,
} from "../syntax/ast.js";

/** What holds a chain. */
export type ChainRole =
  | { readonly kind: "stem" | "head" | "stage" | "block" | "setting" }
  /** Operations that stand in a network by themselves, between its stages. */
  | { readonly kind: "network" }
  | { readonly kind: "residual" | "shortcut"; readonly step: ResidualStep }
  | { readonly kind: "branch"; readonly step: BranchesStep }
  | { readonly kind: "gate"; readonly step: GateStep };

export interface WrittenChain {
  readonly steps: readonly ChainStep[];
  readonly span: Span;
  readonly role: ChainRole;
  /** The block, network or recipe that it stands in. */
  readonly declaration: Declaration;
  /** The chain that this one stands in, if it does. */
  readonly outer?: WrittenChain;
}

/** The chains of some declarations, each before those inside it. */
export function chainsOf(declarations: readonly Declaration[]): readonly WrittenChain[] {
  const chains: WrittenChain[] = [];
  const add = (chain: WrittenChain): void => {
    chains.push(chain);
    for (const step of chain.steps) {
      for (const [inner, role] of chainsInside(step)) {
        const { declaration } = chain;
        add({ steps: inner.steps, span: inner.span, role, declaration, outer: chain });
      }
    }
  };
  for (const declaration of declarations) {
    for (const chain of outermost(declaration)) add({ ...chain, declaration });
  }
  return chains;
}

/** The calls of a chain's own steps, without those inside residuals, branches and gates. */
export function callsIn({ steps }: Pick<Chain, "steps">): readonly CallStep[] {
  return steps.filter((step) => step.kind === "call");
}

/** Whether a chain is, or stands in, one of a role. */
export function isWithin(chain: WrittenChain, role: ChainRole["kind"]): boolean {
  return chain.role.kind === role || (chain.outer !== undefined && isWithin(chain.outer, role));
}

type Outermost = Pick<WrittenChain, "steps" | "span" | "role">;

function outermost(declaration: Declaration): readonly Outermost[] {
  switch (declaration.kind) {
    case "block":
      return [{ ...declaration.body, role: { kind: "block" } }];
    case "network":
      return chainsOfItems(declaration.items);
    case "train":
      return declaration.settings.flatMap(({ value }): Outermost[] =>
        isChain(value) ? [{ ...value, role: { kind: "setting" } }] : [],
      );
    default:
      return [];
  }
}

/** Operations that follow each other between the stages are one chain. */
function chainsOfItems(items: readonly NetworkItem[]): readonly Outermost[] {
  const chains: Outermost[] = [];
  let open: ChainStep[] | undefined;
  for (const item of items) {
    if (item.kind === "step") {
      if (open === undefined) {
        open = [];
        chains.push({ steps: open, span: item.span, role: { kind: "network" } });
      }
      open.push(item.step);
      continue;
    }
    open = undefined;
    if (item.kind === "stem" || item.kind === "head") {
      chains.push({ ...item.chain, role: { kind: item.kind } });
    } else if (item.kind === "stage") {
      chains.push({ steps: [item.step], span: item.span, role: { kind: "stage" } });
    }
  }
  return chains;
}

function chainsInside(step: ChainStep): readonly (readonly [Chain, ChainRole])[] {
  switch (step.kind) {
    case "residual": {
      const residual = [step.chain, { kind: "residual", step }] as const;
      if (step.shortcut.kind === "named") return [residual];
      return [residual, [step.shortcut.chain, { kind: "shortcut", step }]];
    }
    case "branches":
      return step.branches.map((branch) => [branch, { kind: "branch", step }] as const);
    case "gate":
      return [[step.chain, { kind: "gate", step }]];
    default:
      return [];
  }
}
