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
 * @typedef {import("./protocol.js").Binding} Binding
 * @typedef {import("onnxruntime-node").Tensor} Tensor
 * @typedef {{ dims: readonly number[], data: Float32Array, spare: Float32Array | undefined }} Held
 */

const { library, threads, profile } = /** @type {import("./protocol.js").ThreadData} */ (
  workerData
);
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

/** @param {string} name */
function heldUnder(name) {
  const found = held.get(name);
  if (found === undefined) throw new RangeError(`${name} is not held`);
  return found;
}

/** @param {Held} entry */
function spareOf(entry) {
  entry.spare ??= new Float32Array(entry.data.length);
  return entry.spare;
}

/**
 * @param {Float32Array} data
 * @param {Binding} binding
 */
function bound(data, { dims }) {
  return new runtime.Tensor("float32", data, dims);
}

/**
 * @param {string} model
 * @param {readonly Given[]} feeds
 * @param {readonly Binding[]} read
 */
function prepared(model, feeds, read) {
  const session = models.get(model);
  if (session === undefined) throw new RangeError(`the model ${model} is not loaded`);
  /** @type {Record<string, Tensor>} */
  const inputs = {};
  for (const given of feeds) inputs[given.name] = tensorOf(given);
  for (const binding of read) inputs[binding.name] = bound(heldUnder(binding.held).data, binding);
  return { session, inputs };
}

/** @param {Extract<Request, { kind: "run" }>} request */
async function run({ model, feeds, read, results }) {
  const { session, inputs } = prepared(model, feeds, read);
  const given = await session.run(inputs, results);
  return results.map((name) => {
    const { data, dims } = /** @type {Tensor} */ (given[name]);
    return { name, dims, data: /** @type {Float32Array} */ (data).slice() };
  });
}

/** What the binding says of an output that is no tensor, after the run. */
const notGiven = "Non tensor type is temporarily not supported.";

/** @param {Extract<Request, { kind: "step" }>} request */
async function step({ model, feeds, read, replace, sequence, results, unlessFinite }) {
  const { session, inputs } = prepared(model, feeds, read);
  /** @type {Record<string, Tensor | null>} */
  const outputs = { [sequence]: null };
  for (const binding of replace) {
    outputs[binding.name] = bound(spareOf(heldUnder(binding.held)), binding);
  }
  const answer = results.map((name) => ({ name, dims: [], data: new Float32Array([NaN]) }));
  for (const { name, data } of answer) outputs[name] = new runtime.Tensor("float32", data, []);
  try {
    await session.run(inputs, outputs);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== notGiven) throw error;
  }
  const kept = answer.find(({ name }) => name === unlessFinite);
  if (kept === undefined || kept.data.every(Number.isFinite)) {
    for (const binding of replace) {
      const entry = heldUnder(binding.held);
      [entry.data, entry.spare] = [spareOf(entry), entry.data];
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
        ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
      });
      models.set(request.model, session);
      return undefined;
    }
    case "release":
      await models.get(request.model)?.release();
      models.delete(request.model);
      return undefined;
    case "endProfiling":
      models.get(request.model)?.endProfiling();
      return undefined;
    case "hold":
      held.clear();
      for (const given of request.tensors) {
        const data = /** @type {Float32Array} */ (given.data);
        held.set(given.name, { dims: given.dims, data, spare: undefined });
      }
      return undefined;
    case "held":
      return [...held].map(([name, { dims, data }]) => ({ name, dims, data: data.slice() }));
    case "run":
      return run(request);
    case "step":
      return step(request);
  }
}

/** @param {Request & { id: number }} request */
async function reply(request) {
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
}

// One after the other, in the order in which they come: a step goes on from what the one before left.
let last = Promise.resolve();
parentPort?.on("message", (/** @type {Request & { id: number }} */ request) => {
  last = last.then(() => reply(request));
});
