/** Asks a session for the logits of batch after batch: the device has the next one while these are looked at. */
import { setImmediate } from "node:timers/promises";
import type { Batch, NamedTensor, Session } from "../engines/engine.js";

/** One waits in the device's queue while another is computed. */
const most = 2;

export interface Answer {
  readonly batch: Batch;
  /** Logits (N, classes) by the head's name. */
  readonly heads: ReadonlyMap<string, NamedTensor>;
}

/**
 * The batches with what the session says of them, in their order. Nothing is under way once it has ended, whichever
 * way it does.
 *
 * @throws what the session throws for a batch, and what `batches` throws.
 */
export async function* answers(
  session: Pick<Session, "predict">,
  batches: AsyncIterable<Batch>,
): AsyncGenerator<Answer, void, void> {
  const asked: Promise<Answer>[] = [];
  const ask = async (batch: Batch): Promise<Answer> => ({
    batch,
    heads: await session.predict(batch.images, batch.shape),
  });
  try {
    for await (const batch of batches) {
      const answer = ask(batch);
      // A failure is kept until the answer's turn has come.
      answer.catch(() => undefined);
      asked.push(answer);
      // An engine that computes in this thread would keep signals and timers from their turn.
      await setImmediate();
      if (asked.length >= most) yield (await asked.shift()) as Answer;
    }
    while (asked.length > 0) yield (await asked.shift()) as Answer;
  } finally {
    await Promise.allSettled(asked);
  }
}

/** The same batches, each looked at before it is passed on. @param check is told how many images came before. */
export async function* checked(
  batches: AsyncIterable<Batch>,
  check: (batch: Batch, first: number) => void,
): AsyncGenerator<Batch, void, void> {
  let first = 0;
  for await (const batch of batches) {
    check(batch, first);
    first += batch.labels.length;
    yield batch;
  }
}
