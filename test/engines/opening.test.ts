/** An engine of TensorFlow.js that starts for the first time in a process leaves sessions on others to their work. */
import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./webgpu/device.js";
import { cpu } from "../../src/engines/cpu.js";
import type { Engine, Session } from "../../src/engines/engine.js";
import { node } from "../../src/engines/node.js";
import { wasm } from "../../src/engines/wasm.js";
import { recipe, smallResNet } from "./networks.js";
import { batch, difference } from "./small-batches.js";
import { tensorflow, withoutTensorFlow } from "./tensorflow.js";

const steps = 6;

async function started(engine: Engine): Promise<Session> {
  const session = await engine.open(smallResNet(3), { recipe: recipe(), stepsPerEpoch: 4 });
  await session.initialise(7);
  return session;
}

async function train(session: Session): Promise<void> {
  for (let i = 0; i < steps; i++) await session.step(batch(i));
}

const others: readonly (readonly [string, Engine, boolean])[] = [
  ["wasm", wasm, true],
  [`node${withoutTensorFlow}`, node, tensorflow.available],
  [`webgpu${withoutDevice}`, testWebgpu, testDevice !== undefined],
];

// In this order, and each of them first here: the file has a process of its own.
describe.each(others)("a session on cpu, while %s opens", (_, engine, isHere) => {
  it.skipIf(!isHere)("goes on to the same bits", { timeout: 120_000 }, async () => {
    const [lone, beside] = [await started(cpu), await started(cpu)];
    await train(lone);
    const opened = started(engine);
    let isOpen = false;
    void opened.then(() => (isOpen = true));
    // Steps until the other is there, from the same state each time.
    const before = await beside.state();
    do {
      await beside.restore(before);
      await train(beside);
      expect(difference(await beside.state(), await lone.state())).toBe(0);
      await new Promise((resolve) => setImmediate(resolve));
    } while (!isOpen);
    const session = await opened;
    await train(session);
    expect(difference(await session.state(), await lone.state())).toBeLessThan(1e-3);
    for (const each of [lone, beside, session]) each.dispose();
  });
});
