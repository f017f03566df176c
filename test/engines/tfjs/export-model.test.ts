import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { expect, it } from "vitest";
import { initialParameters } from "../../../src/graph/initialise.js";
import { exportLayersModel } from "../../../src/engines/tfjs/export-model.js";
import { openSession } from "../../../src/engines/tfjs/session.js";
import { startCpu } from "../../../src/engines/tfjs/cpu-backend.js";
import { startWasm } from "../../../src/engines/tfjs/wasm-backend.js";
import { recipe, smallResNet } from "../../engines/networks.js";
import { disagreement, normal } from "../../reference/array.js";

/** Serves a folder on a free port of the loopback interface. */
async function serve(folder: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    readFile(join(folder, request.url ?? "")).then(
      (data) => response.end(data),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/model.json`, close: () => server.close() };
}

it("opens with tf.loadLayersModel over HTTP and predicts the same as the trained session", async () => {
  await startWasm();
  const graph = smallResNet(3, 0.3);
  const session = await openSession("wasm", graph, { recipe: recipe(), stepsPerEpoch: 2 });
  await session.initialise(3);
  const images = normal([4, 12, 12, 3], "save");
  const data = Float32Array.from(images.data);
  const labels = Int32Array.of(0, 1, 2, 0);
  for (let i = 0; i < 3; i++) await session.step({ images: data, shape: [4, 12, 12, 3], labels });
  const expected = (await session.predict(data, [4, 12, 12, 3])).get("head0");
  const state = await session.state();
  session.dispose();

  const folder = await mkdtemp(join(tmpdir(), "resnetc-save-"));
  const weights = [...state.tensors]
    .filter(([name]) => name.startsWith("weights/"))
    .map(([name, value]) => [name.slice("weights/".length), value] as const);
  await exportLayersModel(graph, new Map(weights), folder);
  const server = await serve(folder);
  await tf.setBackend("cpu");
  const loaded = await loadLayersModel(server.url);
  server.close();
  await rm(folder, { recursive: true });
  const found = loaded.predict(tf.tensor(data, [4, 12, 12, 3])) as tf.Tensor;
  expect(
    disagreement(found.dataSync(), {
      shape: [4, 3],
      data: Float64Array.from(expected?.data ?? []),
    }),
  ).toBeLessThan(1e-4);
});

it("holds no tensors after a folder that cannot be written", async () => {
  await startCpu();
  const graph = smallResNet(3, 0.3);
  const folder = await mkdtemp(join(tmpdir(), "resnetc-save-"));
  await writeFile(join(folder, "file"), "");
  const before = tf.memory().numTensors;
  const weights = initialParameters(graph, 3);
  await expect(exportLayersModel(graph, weights, join(folder, "file"))).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true });
});
