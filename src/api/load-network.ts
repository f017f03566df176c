/** A network of a spec with its weights, in a session of an engine, for programs that ask it for logits. */
import { bracketed } from "../diagnostics/lists.js";
import type { Batch, EngineName, NamedTensor } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { elementCount } from "../shapes/index.js";
import { checkImageShape } from "../train/fit.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import type { WeightReport } from "./given-weights.js";
import { networkWeights, weightOptions, type WeightOptions } from "./network-weights.js";
import { openNetwork } from "./spec.js";
import { engineOptions, openNetworkSession } from "./trained.js";

export interface LoadOptions extends SpecOptions, WeightOptions {
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  /** A GPU by a part of its name; the engine's own choice where left out. */
  readonly device?: string | undefined;
}

const loadOptions: OptionTable<LoadOptions> = {
  ...specOptions,
  ...weightOptions,
  ...engineOptions,
};

export interface LoadedNetwork {
  readonly graph: Graph;
  readonly engine: { readonly name: EngineName; readonly why: string };
  /** What was taken of the file of weights, where one is named. */
  readonly weights?: WeightReport;
  /** A name for each class, where the weights say them. */
  readonly classes?: readonly string[];
  /**
   * Logits (N, classes) of every head by its name. Many may be asked for at once.
   *
   * @param images (N, H, W, C) in row-major order, normalised as in training.
   * @throws UsageError where the numbers are not as many as the shape says, or it is disposed of. @throws TrainingError where the
   * network does not take images of that shape. @throws EngineError where a number is NaN or infinite.
   */
  logits(
    images: Float32Array,
    shape: readonly [number, number, number, number],
  ): Promise<Readonly<Record<string, NamedTensor>>>;
  /** Gives back what the engine holds, once what was asked before is answered; nothing can be asked after. */
  dispose(): void;
}

/**
 * Loads the network of a spec, `FILE` or `FILE#Network`, with weights from a file or a checkpoint, or with
 * fresh ones of a seed. It must be disposed of.
 *
 * @throws SpecError, UsageError as for the spec. @throws CheckpointError if the weights cannot be read or
 * are another network's. @throws EngineError where no engine can run it.
 */
export async function loadNetwork(spec: string, options: LoadOptions = {}): Promise<LoadedNetwork> {
  checkOptions("loadNetwork", options, loadOptions);
  const { graph } = openNetwork(spec, request(options));
  const { weights, report, classes } = await networkWeights(graph, options);
  const { engine, session } = await openNetworkSession(graph, weights, options);
  let disposed = false;
  let asked = 0;
  return {
    graph,
    engine,
    ...(report && { weights: report }),
    ...(classes && { classes }),
    async logits(images, shape) {
      if (disposed) {
        throw new UsageError(
          `${graph.name} was disposed of, and gives no logits any more`,
          "ask before `dispose()`, or load it again",
        );
      }
      checkBatch(graph, images, shape);
      asked += 1;
      try {
        return Object.fromEntries(await session.predict(images, shape));
      } finally {
        asked -= 1;
        if (disposed && asked === 0) session.dispose();
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      if (asked === 0) session.dispose();
    },
  };
}

function isExtent(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function checkBatch(graph: Graph, images: Float32Array, shape: Batch["shape"]): void {
  // What types promise, a program in JavaScript may not keep.
  if (!(images instanceof Float32Array)) {
    throw new UsageError("the images are no Float32Array", "give `Float32Array.from(numbers)`");
  }
  if (!Array.isArray(shape) || shape.length !== 4 || !shape.every(isExtent)) {
    throw new UsageError(
      `the shape of a batch is four whole numbers above 0, not ${JSON.stringify(shape) ?? "undefined"}`,
      "give [N, H, W, C], such as [1, 224, 224, 3]",
    );
  }
  checkImageShape(graph, shape, "the images are", "program");
  const size = elementCount(shape);
  if (images.length === size) return;
  throw new UsageError(
    `a batch of shape ${bracketed(shape)} has ${size} numbers, not ${images.length}`,
    "give all images in one array, row after row, with the channels last",
  );
}
