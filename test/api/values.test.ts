import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SpecError } from "../../src/api/errors.js";
import { absoluteData, absoluteValue, overridesOf } from "../../src/api/data-argument.js";
import { givenValues, overrideOf, type GivenValue } from "../../src/api/values.js";

function helpFor(name: string, value: string): string | undefined {
  try {
    overrideOf({ name, value });
  } catch (error) {
    if (error instanceof SpecError) return error.diagnostics[0]?.help?.text;
    throw error;
  }
  throw new Error(`${value} was read`);
}

describe("a setting from the command line that the language writes otherwise", () => {
  test.each([
    ["augment", "flip -> mixup 0.2", "{ flip -> mixup 0.2 }"],
    ["augment", "flip -> crop 32, pad: 4", "{ flip -> crop 32, pad: 4 }"],
    ["preprocess", "resize 64", "{ resize 64 }"],
    ["stop", "plateau 3", "plateau(3)"],
    ["schedule", "step [1, 2], factor: 0.5", "step([1, 2], factor: 0.5)"],
    ["freeze", "stem, conv2.block1", '["stem", "conv2.block1"]'],
  ])("%s=%s is told as that", (setting, given, meant) => {
    expect(helpFor(setting, given)).toBe(`did you mean \`${setting}=${meant}\`?`);
    expect(() => overrideOf({ name: setting, value: meant })).not.toThrow();
  });

  test.each([
    ["epochs", "1 2"],
    ["augment", "flip -> ->"],
  ])("%s=%s is told as nothing", (setting, given) => {
    expect(helpFor(setting, given)).toBeUndefined();
  });
});

test.each([
  ["a program's", {}, "<options>", "batch=2 3"],
  ["a command line's", { words: "--batch 2 3" }, "<command line>", "--batch 2 3"],
  [
    "one that a run has kept",
    { words: "--batch 2 3", kept: true },
    "<kept from the run>",
    "--batch 2 3",
  ],
])("where a wrong value stands is said: %s", (_, more, path, text) => {
  expect.assertions(1);
  try {
    overrideOf({ name: "batch", value: "2 3", ...more });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    expect(error.diagnostics[0]?.span?.file).toMatchObject({ path, text });
  }
});

test("the data as a whole come before their arguments, however they are given", () => {
  const recipe = [
    { name: "data.train", value: 8 },
    { name: "data", value: "shapes(classes: 3)" },
    { name: "epochs", value: 2 },
  ];
  const overrides = overridesOf({ recipe, data: "shapes(classes: 5)" });
  expect(overrides.map(({ setting, argument }) => argument ?? setting)).toEqual([
    "data",
    "data",
    "train",
    "epochs",
  ]);
});

describe("data that a run keeps", () => {
  test.each([
    ["photos", join(process.cwd(), "photos")],
    ["/photos", "/photos"],
    ["shapes", "shapes()"],
    ["shapes(train: 8)", "shapes(train: 8)"],
    ['folder("photos", seed: 3)', `folder("${join(process.cwd(), "photos")}", seed: 3)`],
  ])("%s", (text, kept) => {
    expect(absoluteData(text)).toBe(kept);
  });

  test("are named alike as values of the recipe", () => {
    const given = { name: "data", value: 'cifar10("c")', words: '--with data=cifar10("c")' };
    const value = `cifar10("${join(process.cwd(), "c")}")`;
    expect(absoluteValue(given)).toEqual({ name: "data", value, words: `--with data=${value}` });
    const other = { name: "freeze", value: '["stem"]' };
    expect(absoluteValue(other)).toBe(other);
  });
});

test("words that do not hold their value are refused", () => {
  for (const words of [5, "", "--epochs 4"]) {
    const given = [{ name: "epochs", value: 3, words }] as unknown as GivenValue[];
    expect(() => givenValues("recipe", given)).toThrow(
      "the `words` of epochs do not hold its value",
    );
  }
});
