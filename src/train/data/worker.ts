/**
 * A thread that makes batches, one after another in the order in which they are asked for, for whoever
 * started it (`worker-pool.ts`). It opens splits by itself and gives every batch away without a copy.
 */
import { setImmediate } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import type { Batch } from "../../engines/engine.js";
import { BatchMaker, type Outcome } from "./batch-maker.js";
import { openSplit, type OpenSplit } from "./split-source.js";
import { sentError, type FromWorker, type ToWorker } from "./worker-protocol.js";

interface Epoch {
  readonly begun: Extract<ToWorker, { kind: "begin" }>;
  ended: boolean;
  maker?: BatchMaker;
}

const port = parentPort;
if (port === null) throw new Error("this file is the beginning of a thread, not of a process");

const splits = new Map<number, Promise<OpenSplit>>();
const epochs = new Map<number, Epoch>();
let last: Promise<unknown> = Promise.resolve();

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "split": {
      const opened = openSplit(message.source);
      // It is thrown where a batch is made.
      opened.catch(() => {});
      splits.set(message.split, opened);
      return;
    }
    case "begin":
      epochs.set(message.epoch, { begun: message, ended: false });
      return;
    case "make": {
      const epoch = epochs.get(message.epoch);
      last = last.then(async () => {
        // An `end` that has come meanwhile is heard first.
        await setImmediate();
        answer(message.id, await make(epoch, message));
      });
      return;
    }
    case "end": {
      const epoch = epochs.get(message.epoch);
      if (epoch === undefined) return;
      epoch.ended = true;
      epoch.maker?.stop();
      epochs.delete(message.epoch);
      return;
    }
    case "close":
      last = last.then(close);
  }
});

async function make(
  epoch: Epoch | undefined,
  { number, indices }: Extract<ToWorker, { kind: "make" }>,
): Promise<Outcome> {
  if (epoch === undefined || epoch.ended) return { error: new Error("the epoch has ended") };
  const { split: known, options, frame } = epoch.begun;
  try {
    const opened = await splits.get(known);
    if (opened === undefined) throw new RangeError(`split ${known} is not known`);
    epoch.maker ??= new BatchMaker(opened.split, options, frame);
    return await epoch.maker.outcome(number, indices);
  } catch (error) {
    return { error };
  }
}

function answer(id: number, outcome: Outcome): void {
  if ("error" in outcome) send({ id, error: sentError(outcome.error) }, []);
  else send({ id, batch: outcome.batch }, buffersOf(outcome.batch));
}

function send(message: FromWorker, buffers: readonly ArrayBuffer[]): void {
  port?.postMessage(message, buffers);
}

function buffersOf({ images, labels, mix }: Batch): ArrayBuffer[] {
  const arrays = [images, labels, ...(mix ? [mix.labels] : [])];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

async function close(): Promise<void> {
  const opened = await Promise.allSettled(splits.values());
  await Promise.all(
    opened.map((each) => (each.status === "fulfilled" ? each.value.close() : undefined)),
  );
  port?.close();
}
