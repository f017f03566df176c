/** Backends of TensorFlow.js start one after another, as it knows of one at most that is being started. */
let last: Promise<unknown> = Promise.resolve();

/** Runs `start` once all that were given before have started their backends or failed. */
export function startInTurn<T>(start: () => Promise<T>): Promise<T> {
  const started = last.then(start);
  last = started.catch(() => undefined);
  return started;
}
