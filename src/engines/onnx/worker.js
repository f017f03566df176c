/**
 * The thread in which ONNX Runtime runs, so that the process stays responsive. It holds a run's state and
 * knows nothing of networks: it loads models, runs them on what it holds and on what it is sent, and keeps
 * what they give back in buffers that take turns, so that no state is ever copied. A step changes what is held
 * when all of its runs have ended well, or nothing.
 */
// @ts-check
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/**
 * @typedef {import("./protocol.js").Request} Request
 * @typedef {import("./protocol.js").Given} Given
 * @typedef {import("./protocol.js").Binding} Binding
 * @typedef {import("onnxruntime-node").Tensor} Tensor
 * @typedef {{ dims: readonly number[], data: Float32Array, spares: Float32Array[] }} Held
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
/**
 * The buffers of the sums of a step, by their names; a step's zeros are written into those of the one before.
 * @type {Map<string, Float32Array>}
 */
const sumBuffers = new Map();

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

/**
 * A buffer for what something held becomes: neither the one that is held nor the one to which an earlier run of
 * the step has come.
 * @param {Held} entry
 * @param {Float32Array | undefined} made
 */
function freeBuffer({ data, spares }, made) {
  const free = spares.find((each) => each !== made);
  if (free !== undefined) return free;
  const another = new Float32Array(data.length);
  spares.push(another);
  return another;
}

/** @param {import("./protocol.js").StepSum} sum */
function zeros({ name, size }) {
  const known = sumBuffers.get(name);
  const buffer = known?.length === size ? known.fill(0) : new Float32Array(size);
  sumBuffers.set(name, buffer);
  return buffer;
}

/**
 * @param {Float32Array} data
 * @param {Binding} binding
 */
function bound(data, { dims }) {
  return new runtime.Tensor("float32", data, dims);
}

/**
 * @param {Pick<import("./protocol.js").StepRun, "model" | "feeds" | "read">} run
 * @param {ReadonlyMap<string, Float32Array>} [made] what the step has made of what is held.
 */
function prepared({ model, feeds, read }, made) {
  const session = models.get(model);
  if (session === undefined) throw new RangeError(`the model ${model} is not loaded`);
  /** @type {Record<string, Tensor>} */
  const inputs = {};
  for (const given of feeds) inputs[given.name] = tensorOf(given);
  for (const binding of read) {
    const data = made?.get(binding.held) ?? heldUnder(binding.held).data;
    inputs[binding.name] = bound(data, binding);
  }
  return { session, inputs };
}

/** @param {Extract<Request, { kind: "run" }>} request */
async function run({ results, ...request }) {
  const { session, inputs } = prepared(request);
  const given = await session.run(inputs, results);
  return results.map((name) => {
    const { data, dims } = /** @type {Tensor} */ (given[name]);
    return { name, dims, data: /** @type {Float32Array} */ (data).slice() };
  });
}

/** What the binding says of an output that is no tensor, after the run. */
const notGiven = "Non tensor type is temporarily not supported.";

/**
 * One run of a step, whose outputs `made` has then. A sum is replaced in its own buffer: the one node that reads it
 * adds to it element by element, so it is read where it is written; anything else goes into a spare one.
 * @param {import("./protocol.js").StepRun} run
 * @param {Map<string, Float32Array>} made
 * @param {string} sequence
 */
async function runOfStep(run, made, sequence) {
  const { session, inputs } = prepared(run, made);
  /** @type {Record<string, Tensor | null>} */
  const outputs = { [sequence]: null };
  /** @type {Map<string, Float32Array>} */
  const given = new Map();
  for (const binding of run.replace) {
    const sofar = made.get(binding.held);
    const entry = held.get(binding.held);
    const data = entry === undefined ? sofar : freeBuffer(entry, sofar);
    if (data === undefined) throw new RangeError(`${binding.held} is neither held nor a sum`);
    outputs[binding.name] = bound(data, binding);
    given.set(binding.held, data);
  }
  try {
    await session.run(inputs, outputs);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== notGiven) throw error;
  }
  for (const [name, data] of given) made.set(name, data);
}

/** @param {Extract<Request, { kind: "step" }>} request */
async function step({ runs, sums, sequence, results, unlessFinite }) {
  const made = new Map(sums.map((sum) => [sum.name, zeros(sum)]));
  const goesOn = () => made.get(unlessFinite)?.every(Number.isFinite) === true;
  for (const run of runs) {
    await runOfStep(run, made, sequence);
    if (!goesOn()) break;
  }
  if (goesOn()) {
    for (const [name, data] of made) {
      const entry = held.get(name);
      if (entry === undefined) continue;
      entry.spares.splice(entry.spares.indexOf(data), 1, entry.data);
      entry.data = data;
    }
  }
  return results.map((name) => {
    const data = made.get(name);
    if (data === undefined) throw new RangeError(`${name} is no sum of the step`);
    return { name, dims: [], data: data.slice() };
  });
}

/** @param {Request} request */
async function answer(request) {
  switch (request.kind) {
    case "load": {
      const session = await runtime.InferenceSession.create(request.bytes, {
        executionProviders: ["cpu"],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: request.optimisation ?? "all",
        logSeverityLevel: 4,
        ...(profile !== undefined && {
          enableProfiling: true,
          profileFilePrefix: `${profile}-${encodeURIComponent(request.model)}`,
        }),
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
        held.set(given.name, { dims: given.dims, data, spares: [] });
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

// The library is loaded: from now on the thread can be ended.
parentPort?.postMessage({ id: 0, result: [] });

// One after the other, in the order in which they come: a step goes on from what the one before left.
let last = Promise.resolve();
parentPort?.on("message", (/** @type {Request & { id: number }} */ request) => {
  last = last.then(() => reply(request));
});
