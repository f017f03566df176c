import { expect, it } from "vitest";
import { lossText, pace } from "../../src/diagnostics/numbers.js";

it.each([
  [0.0412, "0.0412"],
  [4.07, "4.07"],
  [60.54, "60.5"],
  [999.4, "999"],
  [999.6, "1,000"],
  [1361, "1,360"],
])("shows a pace of %f as %s", (value, text) => expect(pace(value)).toBe(text));

it("a loss has digits that tell, however small or large it is", () => {
  const texts = [2.30259, 0.5, 0.0693147, 0.0069, 0.000012345, 0, 1234567].map((loss) =>
    lossText(loss),
  );
  expect(texts).toEqual(["2.303", "0.500", "0.0693", "0.00690", "1.23e-5", "0.000", "1.23e+6"]);
  expect(lossText(0.00693147, 4)).toBe("0.006931");
  expect(lossText(Number.NaN)).toBe("NaN");
});
