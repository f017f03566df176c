/** The tensors that an optimizer keeps of its own for every trainable parameter. */
import type { Optimizer } from "./recipe.js";

/** Their names, in order, as states call them: `optimizer/SLOT/NODE.PARAMETER`. */
export const slotNames: { readonly [K in Optimizer["kind"]]: readonly string[] } = {
  sgd: ["momentum"],
  adam: ["m", "v"],
  adamw: ["m", "v"],
  lamb: ["m", "v"],
};
