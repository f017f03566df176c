/** The names that `as` gives, found wherever they stand in a chain. */
import type { Chain, ChainStep, Name } from "../syntax/ast.js";

/** The names that `as` gives inside chains. */
export function labelsOf(chains: readonly Chain[]): Name[] {
  return chains.flatMap((chain) => chain.steps.flatMap(labelsOfStep));
}

/** The names that `as` gives inside a step, and to the step itself. */
export function labelsOfStep(step: ChainStep): Name[] {
  const own = step.label ? [step.label] : [];
  switch (step.kind) {
    case "residual": {
      const shortcut = step.shortcut.kind === "chain" ? [step.shortcut.chain] : [];
      return [...labelsOf([step.chain, ...shortcut]), ...own];
    }
    case "branches":
      return [...labelsOf(step.branches), ...own];
    case "gate":
      return [...labelsOf([step.chain]), ...own];
    default:
      return own;
  }
}
