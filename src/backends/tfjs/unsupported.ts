/** What stock tf.layers cannot express, and what must never happen. */

/** A lowering's answer for a node that stock layers cannot compute exactly. */
export interface Unsupported {
  readonly unsupported: string;
  readonly help?: string;
}

/** @param why a clause that completes "cannot lower NODE: …". @param help what to write instead. */
export function unsupported(why: string, help?: string): Unsupported {
  return help === undefined ? { unsupported: why } : { unsupported: why, help };
}

/** A node of the graph that stock tf.layers cannot compute exactly. */
export class UnsupportedNodeError extends Error {
  override readonly name = "UnsupportedNodeError";
  /** @param node the graph's name of it. @param help what to write instead. */
  constructor(
    readonly node: string,
    reason: string,
    readonly help?: string,
  ) {
    super(`TensorFlow.js cannot run ${node}: ${reason}`);
  }
}

/** A contradiction inside the compiler itself; nothing that a spec can cause. */
export class InternalError extends Error {
  override readonly name = "InternalError";
  constructor(what: string) {
    super(`internal error: ${what}; please report this with the spec that led to it`);
  }
}
