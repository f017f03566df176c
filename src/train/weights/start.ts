/** Where a new run starts: from fresh weights of its seed, or from weights that are given. */
import type { NamedTensor, Session } from "../../engines/engine.js";

/**
 * Draws fresh weights and puts the given ones, by `NODE.PARAMETER`, in their place; a moving average of
 * the weights starts from the same ones. The step and the optimizer's slots are zero.
 *
 * @throws EngineError where a tensor is of another shape than the network's.
 */
export async function startSession(
  session: Session,
  seed: number,
  weights: ReadonlyMap<string, NamedTensor> = new Map(),
): Promise<void> {
  await session.initialise(seed);
  if (weights.size === 0) return;
  const fresh = await session.state();
  const tensors = new Map(fresh.tensors);
  for (const [key, tensor] of weights) {
    for (const name of [`weights/${key}`, `average/${key}`]) {
      if (tensors.has(name)) tensors.set(name, tensor);
    }
  }
  await session.restore({ ...fresh, tensors });
}
