/**
 * The session of a run whose rate falls where it gets no better (`schedule onplateau`). A session's schedule is a
 * function of the step alone, compiled into it; that it falls by what epochs came to happens a few times in a run, and
 * the session is opened anew for it with the state that it had, to the last bit.
 */
import type { Engine, Session } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { rateAfterFalls } from "../recipe/plateau.js";
import type { Recipe } from "../recipe/recipe.js";

export interface RatedSessionOptions {
  readonly engine: Engine;
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
}

export class RatedSession {
  #session: Session | undefined;
  #falls: number;

  private constructor(
    private readonly options: RatedSessionOptions,
    session: Session,
    falls: number,
  ) {
    this.#session = session;
    this.#falls = falls;
  }

  /**
   * @param falls how often the rate has fallen already.
   * @throws EngineError as the engine's `open`.
   */
  static async open(options: RatedSessionOptions, falls: number): Promise<RatedSession> {
    return new RatedSession(options, await opened(options, falls), falls);
  }

  /** The session as it is now; another one after `fallTo`. */
  get session(): Session {
    if (this.#session === undefined) throw new RangeError("the session is disposed of");
    return this.#session;
  }

  /** Goes on with the rate that is left after so many falls. @throws EngineError as the engine's `open`. */
  async fallTo(falls: number): Promise<void> {
    if (falls === this.#falls) return;
    const state = await this.session.state();
    // Two at once may be more than the device has memory for.
    this.dispose();
    this.#session = await opened(this.options, falls);
    this.#falls = falls;
    await this.#session.restore(state);
  }

  dispose(): void {
    this.#session?.dispose();
    this.#session = undefined;
  }
}

function opened(
  { engine, graph, recipe, stepsPerEpoch }: RatedSessionOptions,
  falls: number,
): Promise<Session> {
  const { optimizer, schedule } = recipe;
  const rate = rateAfterFalls(optimizer.rate, schedule, falls);
  return engine.open(graph, {
    recipe: { ...recipe, optimizer: { ...optimizer, rate } },
    stepsPerEpoch,
  });
}
