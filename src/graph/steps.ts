/** The steps of a network by the names of its nodes: a stage, a head, a block, or one operation of its outermost chain. */
import { operations } from "../ops/registry.js";

/** The step of the network that a node is, or is in. */
export function stepOf({ name }: { readonly name: string }): string {
  return name.split(".")[0] ?? name;
}

/** Whether a step is a block or is named by `as`, and not called by its operation and a number. */
export function hasOwnName(step: string): boolean {
  const plain = step.replace(/\d+$/, "");
  return plain !== "branch" && !Object.hasOwn(operations, plain);
}
