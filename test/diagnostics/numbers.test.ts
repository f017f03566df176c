import { expect, it } from "vitest";
import { pace } from "../../src/diagnostics/numbers.js";

it.each([
  [0.0412, "0.0412"],
  [4.07, "4.07"],
  [60.54, "60.5"],
  [999.4, "999"],
  [999.6, "1,000"],
  [1361, "1,360"],
])("shows a pace of %f as %s", (value, text) => expect(pace(value)).toBe(text));
