/** Sessions that are opened at the same time, on one engine or on several, compute each on its own. */
import { expect, it } from "vitest";
import { cpu } from "../../../src/engines/cpu.js";
import { wasm } from "../../../src/engines/wasm.js";
import { recipe, smallResNet } from "../networks.js";
import { batch } from "../small-batches.js";

it("starts one backend after another", async () => {
  const options = { recipe: recipe(), stepsPerEpoch: 4 };
  const sessions = await Promise.all(
    [wasm, cpu, wasm].map((engine) => engine.open(smallResNet(), options)),
  );
  for (const session of sessions) await session.initialise(1);
  const steps = await Promise.all(sessions.map((session) => session.step(batch(0))));
  expect(steps[2]).toEqual(steps[0]);
  expect(steps[1]?.loss).toBeCloseTo(steps[0]?.loss ?? NaN, 3);
  for (const session of sessions) session.dispose();
});
