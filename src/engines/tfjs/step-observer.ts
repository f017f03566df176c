/** Something that is told where in a training step a tfjs engine is. */
export interface StepObserver {
  /** The node's forward pass begins. */
  forward(node: string): void;
  /** The forward pass is over: the loss is computed. */
  loss(): void;
  /** The loss is known, and everything differentiable of the pass is on the tape. */
  differentiated(): void;
  /** The gradients are there: the update is computed. */
  update(): void;
}

/** An observer of the steps of a session, or of some of them. */
export interface SessionObserver extends StepObserver {
  /** Whether it wants to be told of the next step, whose work is then done anew. */
  readonly isWatching: boolean;
}
