/** Checks that a state is that of a network and its optimizer, before any of it is restored. */
import { bracketed, listed } from "../diagnostics/lists.js";
import { elementCount } from "../shapes/index.js";
import { EngineError, type NamedTensor, type State } from "./engine.js";

/**
 * Tensors of `optimizer/` and `average/` may be given where the session keeps none.
 * @param wanted the shapes of all tensors of the session, by name.
 * @throws EngineError naming what is missing, unknown or of another shape.
 */
export function checkState(
  wanted: ReadonlyMap<string, readonly number[]>,
  { tensors }: State,
): void {
  const faults: string[] = [];
  for (const [name, shape] of wanted) {
    const found = tensors.get(name);
    if (found === undefined) faults.push(`${name} is missing`);
    else if (!hasShape(found, shape)) {
      faults.push(`${name} is ${bracketed(found.shape)} where the network has ${bracketed(shape)}`);
    }
  }
  const kinds = new Set([...wanted.keys()].map(kindOf));
  for (const name of tensors.keys()) {
    const kind = kindOf(name);
    const passedOver = (kind === "optimizer" || kind === "average") && !kinds.has(kind);
    if (!wanted.has(name) && !passedOver) faults.push(`${name} is not in the network`);
  }
  if (faults.length > 0) throw mismatch(faults);
}

/** What stands before a name's first slash. */
function kindOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

function hasShape({ shape, data }: NamedTensor, expected: readonly number[]): boolean {
  const size = elementCount(expected);
  return (
    data.length === size &&
    shape.length === expected.length &&
    shape.every((extent, axis) => extent === expected[axis])
  );
}

function mismatch(faults: readonly string[]): EngineError {
  return new EngineError(
    `the state is not of this network and optimizer: ${listed(faults, 3, ";")}`,
    "use the spec, the network's parameters and the optimizer that the state was saved with, or start a " +
      "new run from the weights alone: `--weights FILE`",
  );
}
