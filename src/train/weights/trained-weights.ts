/** The weights with which a trained network is used. */
import type { NamedTensor, State } from "../../engines/engine.js";

/**
 * The weights of a state by `NODE.PARAMETER`; where its recipe kept a moving average of them, the average
 * in their place.
 */
export function trainedWeights({ tensors }: Pick<State, "tensors">): Map<string, NamedTensor> {
  const prefix = "weights/";
  const weights = new Map<string, NamedTensor>();
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    weights.set(key, tensors.get(`average/${key}`) ?? tensor);
  }
  return weights;
}

/** The state of weights for a session that does not train. */
export function stateOf(weights: ReadonlyMap<string, NamedTensor>, step = 0): State {
  return { step, tensors: new Map([...weights].map(([key, each]) => [`weights/${key}`, each])) };
}
