import { expect, test } from "vitest";
import { shadersAtOnce } from "../../../src/engines/tfjs/webgpu/commands.js";

test.each([
  ["what is not known yet", undefined, 32],
  ["a fast device", 5, 128],
  ["a slow one", 5_000, 10],
  ["one that is slower still", 100_000, 8],
  ["no time at all", 0, 128],
])("submissions are short on %s", (_, milliseconds, expected) => {
  expect(shadersAtOnce(539, milliseconds)).toBe(expected);
});
