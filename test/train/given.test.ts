import { describe, expect, test } from "vitest";
import {
  givenWords,
  isRunGiven,
  stillGiven,
  together,
  withoutOverruled,
  type RunGiven,
} from "../../src/train/given.js";

const before: RunGiven = {
  parameters: [{ name: "classes", value: 5, words: "--set classes=5" }],
  recipe: [
    { name: "epochs", value: "9", words: "--epochs 9" },
    { name: "optimizer", value: "adam(0.1)" },
    { name: "optimizer.rate", value: 0.2 },
  ],
  data: "shapes()",
};
const nothing: RunGiven = { parameters: [], recipe: [] };
const names = ({ recipe }: RunGiven) => recipe.map(({ name }) => name);

describe("what a run was given before", () => {
  test("still holds where nothing is given anew", () => {
    expect(stillGiven(before, nothing)).toEqual(before);
    expect(stillGiven(nothing, before)).toEqual(nothing);
  });

  test("gives way to the same value", () => {
    const recipe = [{ name: "optimizer.rate", value: 0.3 }];
    const parameters = [{ name: "classes", value: 6 }];
    const still = stillGiven(before, { parameters, recipe });
    expect(names(still)).toEqual(["epochs", "optimizer"]);
    expect(still.parameters).toEqual([]);
  });

  test("gives way, with its arguments, to a whole setting", () => {
    const recipe = [{ name: "optimizer", value: "sgd(0.1)" }];
    expect(names(stillGiven(before, { parameters: [], recipe }))).toEqual(["epochs"]);
  });

  test.each<[string, Partial<RunGiven>]>([
    ["by a path", { data: "/data" }],
    ["as a setting", { recipe: [{ name: "data", value: "cifar10()" }] }],
  ])("gives way to data %s", (_, anew) => {
    const still = stillGiven(
      { ...before, recipe: [{ name: "data.train", value: 3 }] },
      { ...nothing, ...anew },
    );
    expect(still.recipe).toEqual([]);
    expect(still).not.toHaveProperty("data");
  });

  test("stands before what is given anew", () => {
    const now: RunGiven = {
      parameters: [],
      recipe: [{ name: "optimizer.decay", value: 0 }],
      data: "/data",
    };
    const all = together(stillGiven(before, now), now);
    expect(names(all)).toEqual(["epochs", "optimizer", "optimizer.rate", "optimizer.decay"]);
    expect(all.data).toBe("/data");
  });
});

test("the words are those that gave it, or say the same", () => {
  expect(givenWords(before)).toEqual([
    "--set classes=5",
    "--epochs 9",
    "--with optimizer=adam(0.1)",
    "--with optimizer.rate=0.2",
    "--data shapes()",
  ]);
});

test("what is given again behind it is left out", () => {
  const given: RunGiven = {
    parameters: [
      { name: "classes", value: 9 },
      { name: "classes", value: 4 },
    ],
    recipe: [
      { name: "data.train", value: 8 },
      { name: "optimizer.rate", value: 0.2 },
      { name: "optimizer.rate", value: 0.1 },
      { name: "data", value: "shapes()" },
      { name: "data.train", value: 9 },
    ],
  };
  expect(withoutOverruled(given)).toEqual({
    parameters: [{ name: "classes", value: 4 }],
    recipe: [given.recipe[2], given.recipe[3], given.recipe[4]],
  });
});

test.each([
  ["nothing", undefined],
  ["a list", []],
  ["without a recipe", { parameters: [] }],
  ["a value that is none", { parameters: [{ name: "a", value: [1] }], recipe: [] }],
])("%s is not what a run is given", (_, value) => {
  expect(isRunGiven(value)).toBe(false);
  expect(isRunGiven(before)).toBe(true);
});
