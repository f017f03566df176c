import { expect, test } from "vitest";
import { recordOf, smallSubject, startEvent, stepEvent, validationOf } from "./small-account.js";
import { regionsOf } from "../../src/report/regions.js";

test("curves have the loss of each batch by itself, at its place in the epochs", () => {
  const { account } = smallSubject(["a", "b"]);
  account.take(startEvent("runs/small"));
  for (const [step, loss] of [3, 1, 2].entries()) account.take(stepEvent(1, step + 1, loss));
  account.take({ kind: "epoch", record: recordOf(1) });
  account.take(stepEvent(2, 1, 5));
  const points = account.curves.loss.points();
  expect(points.map(({ y }) => y)).toEqual([3, 1, 2, 5].map((loss) => expect.closeTo(loss, 9)));
  const places = [1 / 3, 2 / 3, 1, 4 / 3].map((place) => expect.closeTo(place, 9) as number);
  expect(points.map(({ x }) => x)).toEqual(places);
  expect(account.epochsDone).toBeCloseTo(4 / 3);
});

test("a run that goes on has the epochs before", () => {
  const { account } = smallSubject(["a", "b"]);
  const history = [recordOf(1), recordOf(2)];
  account.take(startEvent("runs/small", { epoch: 2, position: 1, taken: 7, history }));
  expect(account.history).toEqual(history);
  expect(account.best).toMatchObject({ epoch: 2, measure: "validation accuracy" });
  expect(account.epochsDone).toBe(2);
  account.take(stepEvent(3, 2, 4));
  account.take(stepEvent(3, 3, 3));
  expect(account.curves.loss.points().map(({ y }) => y)).toEqual([4, 3]);
  expect(account.curves.rate.points()).toHaveLength(2);
});

test("a run that is over shows the validation of its best epoch, and says which it is", () => {
  const { account } = smallSubject(["a", "b"]);
  account.take(startEvent("runs/small"));
  const validated = (epoch: number, validationAccuracy: number): void =>
    account.take({
      kind: "epoch",
      record: { ...recordOf(epoch), validationAccuracy },
      validation: validationOf(2),
    });
  const caption = (): string | undefined =>
    /<p class="caption when">(After[^<]*)</.exec(
      String(regionsOf(account, { pictures: new Map(), matrix: undefined }).classes),
    )?.[1];
  validated(1, 0.7);
  expect(caption()).toBe("After epoch 1, the best so far.");
  validated(2, 0.6);
  expect(caption()).toBe("After epoch 2.");
  account.fail("the disk is full");
  expect(caption()).toBe("After epoch 1, the best.");
});

test("what a run began from, and went on with otherwise, stands below its recipe", () => {
  const { account } = smallSubject(["a", "b"]);
  const turns = [
    { epoch: 0, position: 0, what: ["from w.safetensors", "classify starts fresh"] },
    { epoch: 2, position: 0, what: ["batch 16 -> 32"] },
    { epoch: 2, position: 5, what: ["ema 0 -> 0.9"] },
  ];
  account.take({ ...startEvent("runs/small"), turns } as Parameters<typeof account.take>[0]);
  const text = String(regionsOf(account, { pictures: new Map(), matrix: undefined }).setup)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  expect(text).toContain("at the start from w.safetensors; classify starts fresh");
  expect(text).toContain("after epoch 2 batch 16 -&gt; 32");
  expect(text).toContain("in epoch 3 ema 0 -&gt; 0.9");
});
