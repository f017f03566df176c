import { expect, test } from "vitest";
import { recordOf, smallSubject, startEvent, stepEvent } from "./small-account.js";

test("a batch's own loss comes from the means of the epoch before and after it", () => {
  const { account } = smallSubject(["a", "b"]);
  account.take(startEvent("runs/small"));
  // Batches of 3, 1 and 2, then an epoch of 5.
  for (const [step, mean] of [3, 2, 2].entries()) account.take(stepEvent(1, step + 1, mean));
  account.take({ kind: "epoch", record: recordOf(1) });
  account.take(stepEvent(2, 1, 5));
  const points = account.curves.loss.points();
  expect(points.map(({ y }) => y)).toEqual([3, 1, 2, 5].map((loss) => expect.closeTo(loss, 9)));
  const places = [1 / 3, 2 / 3, 1, 4 / 3].map((place) => expect.closeTo(place, 9) as number);
  expect(points.map(({ x }) => x)).toEqual(places);
  expect(account.epochsDone).toBeCloseTo(4 / 3);
});

test("a run that goes on has the epochs before, and no batch whose beginning it does not know", () => {
  const { account } = smallSubject(["a", "b"]);
  const history = [recordOf(1), recordOf(2)];
  account.take(startEvent("runs/small", { epoch: 2, position: 1, history }));
  expect(account.history).toEqual(history);
  expect(account.best).toMatchObject({ epoch: 2, measure: "validation accuracy" });
  expect(account.epochsDone).toBe(2);
  account.take(stepEvent(3, 2, 4));
  account.take(stepEvent(3, 3, 3));
  expect(account.curves.loss.points().map(({ y }) => y)).toEqual([expect.closeTo(1, 9)]);
  expect(account.curves.rate.points()).toHaveLength(2);
});
