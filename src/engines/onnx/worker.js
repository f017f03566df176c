/**
 * The thread in which ONNX Runtime runs, so that the process stays responsive. It holds a run's state and
 * knows nothing of networks: it loads models, runs them on what it holds and on what it is sent, and keeps
 * what they give back in buffers that take turns, so that no state is ever copied.
 */
// @ts-check
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/**
 * @typedef {import("./protocol.js").Request} Request
 * @typedef {import("./protocol.js").Given} Given
 * @typedef {{ tensor: import("onnxruntime-node").Tensor, spare: import("onnxruntime-node").Tensor | undefined }} Held
 */

const { library, threads } = /** @type {import("./protocol.js").ThreadData} */ (workerData);
/** @type {typeof import("onnxruntime-node")} */
const runtime = createRequire(import.meta.url)(library);
/** @type {Map<string, import("onnxruntime-node").InferenceSession>} */
const models = new Map();
/** @type {Map<string, Held>} */
const held = new Map();

/** @param {Given} given */
function tensorOf({ type, dims, data }) {
  return new runtime.Tensor(
    /** @type {"float32"} */ (type),
    /** @type {Float32Array} */ (data),
    dims,
  );
}

/** @param {Held} entry */
function spareOf(entry) {
  const { data, dims } = entry.tensor;
  entry.spare ??= new runtime.Tensor("float32", new Float32Array(data.length), dims);
  return entry.spare;
}

/** @param {string} name */
function heldTensor(name) {
  const found = held.get(name);
  if (found === undefined) throw new RangeError(`${name} is not held`);
  return found;
}

/** @param {Extract<Request, { kind: "run" }>} request */
async function run({ model, feeds, read, replace, results, unlessFinite }) {
  const session = models.get(model);
  if (session === undefined) throw new RangeError(`the model ${model} is not loaded`);
  /** @type {Record<string, import("onnxruntime-node").Tensor>} */
  const inputs = {};
  for (const given of feeds) inputs[given.name] = tensorOf(given);
  for (const name of read) inputs[name] = heldTensor(name).tensor;
  /** @type {Record<string, import("onnxruntime-node").Tensor | null>} */
  const outputs = Object.fromEntries(results.map((name) => [name, null]));
  for (const [name, output] of replace) outputs[output] = spareOf(heldTensor(name));
  const given = await session.run(inputs, outputs);
  const answer = results.map((name) => {
    const { data, dims } = /** @type {import("onnxruntime-node").Tensor} */ (given[name]);
    return { name, dims, data: /** @type {Float32Array | Int32Array} */ (data).slice() };
  });
  const keep = answer.every(
    ({ name, data }) => !unlessFinite.includes(name) || data.every(Number.isFinite),
  );
  if (keep) {
    for (const [name] of replace) {
      const entry = heldTensor(name);
      const before = entry.tensor;
      entry.tensor = spareOf(entry);
      entry.spare = before;
    }
  }
  return answer;
}

/** @param {Request} request */
async function answer(request) {
  switch (request.kind) {
    case "load": {
      const session = await runtime.InferenceSession.create(request.bytes, {
        executionProviders: ["cpu"],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
        logSeverityLevel: 4,
      });
      models.set(request.model, session);
      return undefined;
    }
    case "release":
      await models.get(request.model)?.release();
      models.delete(request.model);
      return undefined;
    case "hold":
      held.clear();
      for (const given of request.tensors) {
        held.set(given.name, { tensor: tensorOf(given), spare: undefined });
      }
      return undefined;
    case "held":
      return [...held].map(([name, { tensor }]) => ({
        name,
        dims: tensor.dims,
        data: /** @type {Float32Array} */ (tensor.data).slice(),
      }));
    case "run":
      return run(request);
  }
}

parentPort?.on("message", async (/** @type {Request & { id: number }} */ request) => {
  try {
    const result = (await answer(request)) ?? [];
    parentPort?.postMessage(
      { id: request.id, result },
      result.map(({ data }) => /** @type {ArrayBuffer} */ (data.buffer)),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ id: request.id, error: message });
  }
});
