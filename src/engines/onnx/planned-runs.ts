/** Which runs of which models make up a step: a batch that is passed in parts takes one for each part. */
import { partsOf, type Range } from "../../recipe/parts.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";

/** What is asked of a session. */
export type StepKind = "step" | "evaluate" | "predict";

/** One run of a model. */
export interface PlannedRun {
  /** The name of the model. */
  readonly model: string;
  /** A part passes some images of a training step and sums; an update ends the step by the sums. */
  readonly kind: StepKind | "part" | "update";
  /** Which images of the batch it is fed; none where it is left out. */
  readonly images?: Range;
}

/** The runs, one after the other, that come to a step on images of a shape. */
export function plannedRuns(
  kind: StepKind,
  shape: Batch["shape"],
  { accumulate }: Pick<Recipe, "accumulate">,
): readonly PlannedRun[] {
  const [batch] = shape;
  const name = shape.join("x");
  const parts = kind === "step" ? partsOf(batch, accumulate) : [];
  if (parts.length < 2) return [{ model: `${kind} ${name}`, kind, images: [0, batch] }];
  return [
    ...parts.map((images): PlannedRun => {
      const [from, to] = images;
      return { model: `part ${to - from} of ${name}`, kind: "part", images };
    }),
    { model: "update", kind: "update" },
  ];
}
