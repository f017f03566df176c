/** A network of a spec with its weights, in a session of an engine, for programs that ask it for logits. */
import { setImmediate } from "node:timers/promises";
import { isUint8Array } from "node:util/types";
import { bracketed } from "../diagnostics/lists.js";
import type { Batch, EngineName, NamedTensor } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Preprocessing, Recipe } from "../recipe/recipe.js";
import { areFinite } from "../engines/finite.js";
import { TrainingError } from "../train/errors.js";
import { elementCount } from "../shapes/index.js";
import { checkImageShape } from "../train/fit.js";
import { classifyImage, type Candidate } from "../train/predict.js";
import { publishedSteps } from "../train/weights/image-steps.js";
import { changedSettings } from "./changed-settings.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { numberNames } from "./class-names.js";
import { overridesOf } from "./data-argument.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import type { WeightReport } from "./given-weights.js";
import {
  networkWeights,
  weightOptions,
  type NetworkWeights,
  type WeightOptions,
} from "./network-weights.js";
import { checkSpec, openNetwork } from "./spec.js";
import { engineOptions, openNetworkSession } from "./trained.js";

export interface LoadOptions extends SpecOptions, WeightOptions {
  /** How images become what the network takes, as the language writes it: `"{ resize 64 -> normalize … }"`. */
  readonly preprocess?: string | undefined;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  /** A GPU by a part of its name; the engine's own choice where left out. */
  readonly device?: string | undefined;
  /** Ends the loading by throwing the signal's reason; a network that is loaded has nothing more of it. */
  readonly signal?: AbortSignal | undefined;
}

const loadOptions: OptionTable<LoadOptions> = {
  ...specOptions,
  ...weightOptions,
  ...engineOptions,
  preprocess: "text",
  signal: "signal",
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
   * network does not take images of that shape, or a logit is not finite. @throws EngineError where a number of the images
   * is NaN or infinite.
   */
  logits(
    images: Float32Array,
    shape: readonly [number, number, number, number],
  ): Promise<Readonly<Record<string, NamedTensor>>>;
  /** How `classify` prepares images; absent where nothing says it. */
  readonly preprocess?: readonly Preprocessing[];
  /**
   * The classes of one image, the likeliest first, by the last head. Many may be asked for at once.
   *
   * @param image a file's path, or its bytes.
   * @param options `top` classes are named; 5 where left out.
   * @throws DataError where it cannot be decoded. @throws UsageError where nothing says how images are prepared, or it is
   * disposed of. @throws TrainingError where the network does not take what the image comes to.
   */
  classify(
    image: string | Uint8Array,
    options?: { readonly top?: number | undefined },
  ): Promise<readonly Candidate[]>;
  /** Gives back what the engine holds, once what was asked before is answered; nothing can be asked after. */
  dispose(): void;
}

/**
 * Loads the network of a spec, `FILE` or `FILE#Network`, with weights from a file or a checkpoint, or with
 * fresh ones of a seed. It must be disposed of.
 *
 * @throws SpecError, UsageError as for the spec. @throws CheckpointError if the weights cannot be read or
 * are another network's. @throws EngineError where no engine can run it. @throws the reason of `signal` once it is
 * aborted.
 */
export async function loadNetwork(spec: string, options: LoadOptions = {}): Promise<LoadedNetwork> {
  checkOptions("loadNetwork", options, loadOptions);
  const { signal } = options;
  signal?.throwIfAborted();
  const { graph } = openNetwork(spec, request(options));
  const found = await networkWeights(graph, options);
  signal?.throwIfAborted();
  const { weights, report, classes } = found;
  const preprocess = preparation(spec, graph, options, found);
  const { engine, session } = await openNetworkSession(graph, weights, options);
  if (signal?.aborted === true) {
    session.dispose();
    signal.throwIfAborted();
  }
  let disposed = false;
  let asked = 0;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    if (disposed) {
      throw new UsageError(
        `${graph.name} was disposed of, and gives no answers any more`,
        "ask before `dispose()`, or load it again",
      );
    }
    asked += 1;
    try {
      const answer = await question();
      // Engines that compute in this thread would keep whoever asks in a loop from everything else.
      await setImmediate();
      return answer;
    } finally {
      asked -= 1;
      if (disposed && asked === 0) session.dispose();
    }
  };
  return {
    graph,
    engine,
    ...(report && { weights: report }),
    ...(classes && { classes }),
    ...(preprocess && { preprocess }),
    logits: (images, shape) =>
      ask(async () => {
        checkBatch(graph, images, shape);
        const heads = await session.predict(images, shape);
        for (const [name, { data }] of heads) refuseNotFinite(name, data);
        return Object.fromEntries(heads);
      }),
    classify: (image, options = {}) =>
      ask(async () => {
        checkImage(image);
        checkOptions("classify", options, { top: "count" });
        if (preprocess === undefined) throw unprepared(graph);
        const names = classes ?? numberNames(graph);
        const { top } = options;
        return classifyImage(image, {
          session,
          graph,
          recipe: { preprocess },
          classes: names,
          top,
        });
      }),
    dispose() {
      if (disposed) return;
      disposed = true;
      if (asked === 0) session.dispose();
    },
  };
}

/**
 * How images are prepared: as the caller says; as the weights say; for a file of weights as a recipe of the spec, where
 * it has one for the network; or as who published such weights. @throws SpecError
 */
function preparation(
  spec: string,
  graph: Graph,
  { preprocess: given, weights, ...options }: LoadOptions,
  { preprocess: said, report }: Pick<NetworkWeights, "preprocess" | "report">,
): readonly Preprocessing[] | undefined {
  if (given !== undefined) {
    const overrides = overridesOf({ recipe: { preprocess: given } });
    return changedSettings<Partial<Recipe>>({}, overrides).preprocess;
  }
  if (said !== undefined) return said;
  const recipes = weights === undefined ? [] : checkSpec(spec, request(options)).recipes;
  const [own, another] = recipes.filter(({ network }) => network === graph.name);
  if (own !== undefined && another === undefined) return own.preprocess;
  return report?.names === "torchvision" ? publishedSteps(graph) : undefined;
}

/** @throws TrainingError where a head's logits are not all finite. */
function refuseNotFinite(head: string, logits: Float32Array): void {
  if (areFinite(logits)) return;
  throw new TrainingError(
    `the head ${head} gives logits that are not finite`,
    "the weights are damaged, or the images are not normalised as in training",
  );
}

/** @throws UsageError where it is neither a path nor bytes. */
function checkImage(image: unknown): void {
  refuseEmpty({ image });
  if (typeof image === "string" || isUint8Array(image)) return;
  throw new UsageError(
    "the image is neither a path nor a Uint8Array of a file's bytes",
    "give `await readFile(path)`, or the path; `logits` takes numbers",
  );
}

function unprepared({ name }: Graph): UsageError {
  return new UsageError(
    `nothing says how images become what ${name} takes`,
    'load it with `preprocess: "{ resize 64 -> normalize mean: 0.5, std: 0.25 }"`, or with weights that say it: ' +
      "a checkpoint, or an export of one",
  );
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
