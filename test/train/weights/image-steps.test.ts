import { expect, test } from "vitest";
import { stepsInMetadata } from "../../../src/train/weights/image-steps.js";

const normal = { mean: "[0.5, 0.4, 0.3]", std: "[0.2, 0.2, 0.2]" };
const normalize = { kind: "normalize", mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2] };

test("steps of metadata are those that size images, and one that normalises", () => {
  const steps = '[{"kind":"shorter","side":72},{"kind":"centercrop","height":64,"width":64}]';
  expect(stepsInMetadata(new Map(Object.entries(normal)))).toEqual([normalize]);
  expect(stepsInMetadata(new Map(Object.entries({ ...normal, preprocess: steps })))).toEqual([
    { kind: "shorter", side: 72 },
    { kind: "centercrop", height: 64, width: 64 },
    normalize,
  ]);
});

test.each([
  ["nothing of it", {}],
  ["no spread", { mean: "[0.5]" }],
  ["a spread of nothing", { ...normal, std: "[0, 1, 1]" }],
  ["another program's words", { ...normal, preprocess: "as usual" }],
  ["steps of another kind", { ...normal, preprocess: '[{"kind":"pad"}]' }],
  ["steps that are none", { ...normal, preprocess: '{"resize":3}' }],
  ["a mean that is no list", { ...normal, mean: "0.5" }],
])("metadata with %s say nothing of images", (_, metadata) => {
  expect(stepsInMetadata(new Map(Object.entries(metadata)))).toBeUndefined();
});
