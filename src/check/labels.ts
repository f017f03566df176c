/** The names that `as` gives, found wherever they stand in a chain. */
import type { Chain, ChainStep, Declaration, Name } from "../syntax/ast.js";

/** The places that a declaration names, which `from` can go on from in it: its stages, and what `as` names. */
export function namedPlaces(declaration: Declaration): Name[] {
  if (declaration.kind === "block") return labelsOf([declaration.body]);
  if (declaration.kind !== "network") return [];
  const { items } = declaration;
  const outer = items.flatMap((item) => {
    if (item.kind === "stage") return [item.name];
    return item.kind === "step" ? labelsOfStep(item.step) : [];
  });
  const chains = items.flatMap((item) =>
    item.kind === "stem" || item.kind === "head" ? [item.chain] : [],
  );
  return [...outer, ...labelsOf(chains)];
}

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
