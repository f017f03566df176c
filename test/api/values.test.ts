import { describe, expect, test } from "vitest";
import { SpecError } from "../../src/api/errors.js";
import { overrideOf } from "../../src/api/values.js";

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
