/** Turns running out of WebAssembly's memory, wherever it is noticed, into an error that a user can act on. */
import { EngineError, type Session } from "../engine.js";

/** The error for a batch that does not fit. */
export function outOfMemory(): EngineError {
  return new EngineError(
    "the batch needs more than the 4 GiB of memory that WebAssembly can address",
    "use a smaller batch (`--batch`) or another engine (`resnetc engines`)",
  );
}

/**
 * The same session, in which a trap of WebAssembly (an allocation inside a kernel that failed, and
 * whose address was then used) becomes `outOfMemory`.
 */
export function explainTraps(session: Session): Session {
  const explain = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      const trapped = error instanceof Error && error.name === "RuntimeError";
      throw trapped ? outOfMemory() : error;
    }
  };
  return {
    initialise: (seed) => explain(session.initialise(seed)),
    step: (batch) => explain(session.step(batch)),
    evaluate: (batch) => explain(session.evaluate(batch)),
    predict: (images, shape) => explain(session.predict(images, shape)),
    state: () => explain(session.state()),
    restore: (state) => explain(session.restore(state)),
    dispose: () => session.dispose(),
  };
}
