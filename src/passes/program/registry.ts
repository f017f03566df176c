/** The list of all primitives, exhaustive over `Primitive`. */
import { contractions } from "./contractions.js";
import { ShapeFault, type PrimitiveDefinition } from "./definition.js";
import { elementwise } from "./elementwise.js";
import type { Primitive, PrimitiveAttributes } from "./primitives.js";
import { reductions } from "./reductions.js";
import { shaping } from "./shaping.js";
import type { ValueType } from "./value-type.js";

export const primitives: { readonly [K in Primitive]: PrimitiveDefinition<K> } = {
  ...elementwise,
  ...shaping,
  ...contractions,
  ...reductions,
};

/**
 * The type that a primitive's shape rule gives.
 * @throws ShapeFault where the operands are too many, too few or do not fit.
 */
export function resultType<K extends Primitive>(
  primitive: K,
  attributes: PrimitiveAttributes[K],
  operands: readonly ValueType[],
): ValueType {
  const definition: PrimitiveDefinition<K> = primitives[primitive];
  const wanted = definition.operands;
  const fits = wanted === "several" ? operands.length >= 1 : operands.length === wanted;
  if (!fits) throw new ShapeFault(`it has ${operands.length} operands and takes ${wanted}`);
  return definition.type(attributes, operands);
}
