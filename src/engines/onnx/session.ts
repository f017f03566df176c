/** Opens sessions on ONNX Runtime: with a recipe one that trains, else one that only evaluates and predicts. */
import type { Graph } from "../../graph/graph.js";
import type { Session, SessionOptions } from "../engine.js";
import { checkNetworkSize } from "../network-size.js";
import { stepsPerEpochMissing } from "../session-errors.js";
import { probeBlock } from "./block.js";
import { InferenceSession } from "./inference-session.js";
import { RuntimeThread } from "./thread.js";
import { TrainingSession } from "./training-session.js";

export interface OnnxSessionOptions extends SessionOptions {
  /** Only ONNX's own operators, also where the processor has the blocked ones. */
  readonly standard?: boolean;
}

/** @param library the path of the runtime's entry. @throws EngineError as sessions do. */
export async function openOnnxSession(
  library: string,
  graph: Graph,
  { recipe, stepsPerEpoch, standard = false }: OnnxSessionOptions = {},
): Promise<Session> {
  checkNetworkSize(graph);
  if (recipe !== undefined && stepsPerEpoch === undefined) {
    throw stepsPerEpochMissing();
  }
  const thread = new RuntimeThread(library);
  try {
    if (recipe === undefined || stepsPerEpoch === undefined) {
      return new InferenceSession(thread, graph);
    }
    const block = standard ? undefined : await probeBlock(thread);
    return new TrainingSession(thread, block, graph, recipe, stepsPerEpoch);
  } catch (error) {
    thread.end();
    throw error;
  }
}
