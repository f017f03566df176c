/** A GPU that is lost, or whose memory is spent, ends a run with a word and leaves what was saved. */
import { readFileSync } from "node:fs";
import { backend } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./device.js";
import { EngineError, type Engine } from "../../../src/engines/engine.js";
import type { Graph } from "../../../src/graph/graph.js";
import { openDataSet } from "../../../src/train/data/open-data-set.js";
import { train } from "../../../src/train/loop.js";
import { runFiles } from "../../../src/train/run-folder.js";
import { smallRecipe } from "../../train/small-network.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { convAttributes, norm, recipe, Sketch } from "../networks.js";

/** As few shaders as a network can have, as SwiftShader compiles each for a while. */
function tinyNet(): Graph {
  const net = new Sketch();
  net.input(12, 12, 3);
  net.add("conv", "conv", convAttributes(4, 3, 2), "input");
  net.add("batchnorm", "norm", norm, "conv");
  net.add("relu", "relu", {}, "norm");
  net.add("globalavgpool", "pool", {}, "relu");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

interface OnDevice {
  readonly device: GPUDevice;
}

const device = (): GPUDevice => (backend() as unknown as OnDevice).device;

const batch = (seed: number) => ({
  images: Float32Array.from({ length: 4 * 12 * 12 * 3 }, (_, i) => Math.sin(i + seed)),
  shape: [4, 12, 12, 3] as const,
  labels: Int32Array.of(0, 1, 2, 0),
});

const lost = /^the GPU was lost: .* \(.*\)$/;

describe.skipIf(testDevice === undefined)(
  `a failing GPU${withoutDevice}`,
  { timeout: 600_000 },
  () => {
    it("that is lost ends every call, and another session starts anew", async () => {
      const session = await testWebgpu.open(tinyNet(), { recipe: recipe(), stepsPerEpoch: 4 });
      await session.initialise(1);
      await session.step(batch(0));
      const before = await session.state();
      const under = session.step(batch(1));
      device().destroy();
      await expect(under).rejects.toThrow(lost);
      for (const call of [
        () => session.state(),
        () => session.step(batch(2)),
        () => session.evaluate(batch(2)),
      ]) {
        await expect(call()).rejects.toBeInstanceOf(EngineError);
        await expect(call()).rejects.toThrow(lost);
      }
      session.dispose();
      const next = await testWebgpu.open(tinyNet(), { recipe: recipe(), stepsPerEpoch: 4 });
      await next.restore(before);
      expect((await next.state()).tensors).toEqual(before.tensors);
      await next.step(batch(1));
      next.dispose();
    });

    it("that is given back under a step says so", async () => {
      const session = await testWebgpu.open(tinyNet(), { recipe: recipe(), stepsPerEpoch: 4 });
      await session.initialise(1);
      await session.step(batch(0));
      const under = session.step(batch(1));
      session.dispose();
      await expect(under).rejects.toThrow(
        "the session was disposed of before the device had given the result back",
      );
    });

    it("that is lost in the middle of a run leaves its last checkpoint whole", async () => {
      let steps = 0;
      const failing: Engine = {
        ...testWebgpu,
        async open(graph, options) {
          const session = await testWebgpu.open(graph, options);
          return {
            ...session,
            step: (given) => {
              steps++;
              if (steps === 6) device().destroy();
              return session.step(given);
            },
          };
        },
      };
      const folder = await temporaryFolder();
      const chosen = smallRecipe({
        data: { kind: "shapes", options: { size: 16, train: 32, validation: 8, classes: 3 } },
        preprocess: [
          { kind: "resize", height: 12, width: 12 },
          { kind: "normalize", mean: [0.5], std: [0.5] },
        ],
        batch: 8,
        epochs: 3,
      });
      const dataSet = await openDataSet(chosen.data);
      const graph = tinyNet();
      const given = { graph, recipe: chosen, dataSet, folder, version: "0.0.0-test" };
      let saved: Buffer | undefined;
      const run = train({
        ...given,
        engine: failing,
        onEvent: (event) => {
          if (event.kind !== "checkpoint" || event.which !== "last") return;
          saved = readFileSync(event.path);
        },
      });
      await expect(run).rejects.toThrow(lost);
      expect(saved).toBeDefined();
      expect(readFileSync(runFiles(folder).last)).toEqual(saved);
      const result = await train({ ...given, engine: testWebgpu, resume: true });
      expect(result.outcome).toBe("finished");
      await dataSet.close();
    });

    it("whose memory is spent says so, and gives no result", async () => {
      const session = await testWebgpu.open(tinyNet(), { recipe: recipe(), stepsPerEpoch: 4 });
      await session.initialise(1);
      await session.step(batch(0));
      const { maxBufferSize } = device().limits;
      const hoarded: GPUBuffer[] = [];
      const usage = GPUBufferUsage.STORAGE;
      let failed = false;
      device().addEventListener("uncapturederror", () => (failed = true));
      for (let i = 0; i < 512 && !failed; i++) {
        hoarded.push(device().createBuffer({ size: maxBufferSize, usage }));
      }
      expect(failed).toBe(true);
      await expect(session.state()).rejects.toThrow(/^the memory of the GPU is spent/);
      await expect(session.step(batch(1))).rejects.toMatchObject({
        help: expect.stringContaining("use a smaller batch (`--batch`)") as string,
      });
      for (const buffer of hoarded) buffer.destroy();
      session.dispose();
    });
  },
);
