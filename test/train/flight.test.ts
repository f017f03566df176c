import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Metrics } from "../../src/engines/engine.js";
import { Flight } from "../../src/train/flight.js";

const metrics = (loss: number): Metrics => ({ loss, correct: 0, count: 1 });

describe("the steps under way", () => {
  test("land in the order in which they were given, whichever is done first", async () => {
    const flight = new Flight();
    flight.give(sleep(20, metrics(1)));
    expect(flight.isFull).toBe(false);
    flight.give(Promise.resolve(metrics(2)));
    expect(flight.isFull).toBe(true);
    expect((await flight.land()).loss).toBe(1);
    expect((await flight.land()).loss).toBe(2);
    expect(flight.isEmpty).toBe(true);
    await expect(flight.land()).rejects.toThrow("no step is under way");
  });

  test("keep a failure until it is its turn", async () => {
    const flight = new Flight();
    flight.give(sleep(5, metrics(1)));
    flight.give(Promise.reject(new Error("the device is gone")));
    await sleep(10);
    expect((await flight.land()).loss).toBe(1);
    await expect(flight.land()).rejects.toThrow("the device is gone");
    flight.give(Promise.reject(new Error("again")));
    await flight.settle();
    expect(flight.isEmpty).toBe(true);
  });

  test("tell for how long the device has been idle", async () => {
    const flight = new Flight();
    expect(flight.idle).toBe(Infinity);
    flight.give(sleep(20, metrics(1)));
    expect(flight.idle).toBe(0);
    await flight.land();
    await sleep(15);
    expect(flight.idle).toBeGreaterThan(10);
    expect(flight.idle).toBeLessThan(Infinity);
  });
});
