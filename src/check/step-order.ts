/** Steps of `preprocess` and `augment` that cannot do what they are for where they stand, or by their sizes. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import {
  isCrop,
  isMixing,
  isSizing,
  type Augmentation,
  type Preprocessing,
} from "../recipe/recipe.js";
import type { Span } from "../source/source.js";

/** A step with where it is written. */
export interface Placed<T> {
  readonly step: T;
  readonly span: Span;
}

/** Images are resized first, and their middle is taken last. */
export function misplacedPreprocessing(
  steps: readonly Placed<Preprocessing>[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  let side: number | undefined;
  let middle: Placed<Preprocessing> | undefined;
  for (const placed of steps) {
    const { step, span } = placed;
    if (step.kind === "centercrop") {
      middle = placed;
      if (side !== undefined) found.push(...tooLarge(step, span, side, 0, "let `shorter` be"));
    } else if ((step.kind === "resize" || step.kind === "shorter") && middle !== undefined) {
      const why = "images are resized before their middle is taken";
      found.push(behind(placed, middle, why, "put it before `centercrop`"));
    }
    if (step.kind === "shorter") side = step.side;
    if (step.kind === "resize") side = undefined;
  }
  return found;
}

/** A part or a scale is of the image as it is stored, which nothing has cropped or sized; a way of mixing comes once. */
export function misplacedAugmentation(
  steps: readonly Placed<Augmentation>[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const mixed = new Map<string, Placed<Augmentation>>();
  let sized: Placed<Augmentation> | undefined;
  let side: number | undefined;
  for (const placed of steps) {
    const { step, span } = placed;
    if (isMixing(step)) {
      const before = mixed.get(step.kind);
      const why = "a batch is mixed by it once";
      if (before !== undefined) found.push(behind(placed, before, why, "leave one of them out"));
      mixed.set(step.kind, placed);
    }
    if (step.kind === "crop" && side !== undefined) {
      found.push(...tooLarge(step, span, side, step.padding, "let `scale` begin at"));
    }
    if (isSizing(step) && sized !== undefined) {
      const why = "it is of the image as it is stored";
      found.push(behind(placed, sized, why, `put it first, or leave \`${sized.step.kind}\` out`));
    }
    if (step.kind === "scale") side = step.least;
    if (isCrop(step)) side = undefined;
    if (isSizing(step) || isCrop(step)) sized = placed;
  }
  return found;
}

function behind(
  { step, span }: Placed<Preprocessing | Augmentation>,
  before: Placed<Preprocessing | Augmentation>,
  why: string,
  help: string,
): Diagnostic {
  const holes = { step: step.kind, before: before.step.kind, why };
  const related = [{ span: before.span, text: "this comes first" }];
  return diagnostic("R0505", span, holes, { help, related });
}

/**
 * @param side the least that a shorter side may have come to.
 * @param pad pixels of black on each side.
 */
function tooLarge(
  {
    kind,
    height,
    width,
  }: { readonly kind: string; readonly height: number; readonly width: number },
  span: Span,
  side: number,
  pad: number,
  mend: string,
): readonly Diagnostic[] {
  // Both are on the shorter side of some image: of a tall one, and of a wide one.
  const needed = Math.min(height, width);
  if (side + 2 * pad >= needed) return [];
  const padded = pad === 0 ? "" : `, and ${side + 2 * pad} with its padding`;
  const which = `whose shorter side may be ${side}${padded}`;
  const holes = { step: `${kind} ${height}x${width}`, which };
  return [diagnostic("R0506", span, holes, { help: `${mend} ${needed - 2 * pad} or more` })];
}
