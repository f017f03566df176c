import { expect, test } from "vitest";
import { mostPoints } from "../../src/report/series.js";
import { curvesView } from "../../src/report/views/curves.js";
import { smallSubject, startEvent, stepEvent } from "./small-account.js";

test("the legend names the latest value, however many points are merged", () => {
  const { account } = smallSubject(["a", "b", "c"]);
  account.take(startEvent("/"));
  const steps = 2 * mostPoints + 1;
  for (let step = 0; step <= steps; step++) {
    const event = stepEvent(1 + Math.floor(step / 3), 1 + (step % 3), 1);
    account.take({ ...event, rate: step === steps ? 0.125 : 1 } as typeof event);
  }
  expect(String(curvesView(account))).toMatch(/rate\s*<b>0\.125<\/b>/);
});
