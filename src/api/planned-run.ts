/**
 * What a run is to be, told from its spec, what it is given and, where it goes on, from its checkpoint: all that can be
 * wrong of these is said before an engine or data are opened.
 */
import { dirname, resolve } from "node:path";
import type { SourceHost } from "../check/host.js";
import { bracketed } from "../diagnostics/lists.js";
import type { Graph } from "../graph/graph.js";
import { networkMisfits } from "../recipe/fit/fit.js";
import type { Recipe } from "../recipe/recipe.js";
import { refuse } from "../train/fit.js";
import { fromLast, readRunHead, type RunHead } from "../train/checkpoint.js";
import { checkRunFolder, chooseRunFolder, runFiles } from "../train/run-folder.js";
import type { HeadChoice } from "../train/weights/heads.js";
import { isSameNormalisation } from "../train/weights/image-steps.js";
import type { SpecOptions } from "./check.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { openWeights, type GivenWeights } from "./given-weights.js";
import { defaultRunFolder, resumedRun } from "./run-finder.js";
import { givenToRun, withForgetHelp, type GivenToRun, type RunValues } from "./run-given.js";
import { openRecipe, recipeName, recipeNames } from "./spec.js";

export interface PlanOptions extends SpecOptions, RunValues {
  /** The recipe's name, where the file has several. */
  readonly recipeName?: string | undefined;
  /**
   * A file of weights that a new run starts from: safetensors by the names of the graph, of torchvision or of
   * CIFAR's published networks, a `model.json`, or a checkpoint. Heads that it has not, or that tell
   * other classes apart, start fresh.
   */
  readonly weights?: string | undefined;
  /** Takes a head of those weights as it is, whatever its classes are called, or never. */
  readonly head?: HeadChoice | undefined;
  /** Where the run is kept; `runs/RECIPE` where left out. */
  readonly folder?: string | undefined;
  /**
   * Goes on with the latest run of that folder, or with the run named. What it was given so far, of
   * `parameters`, `recipe` and `data`, it has again, but for what is given anew.
   */
  readonly resume?: boolean | string | undefined;
  /** Leaves out what a run that goes on was given before: the spec, and what is given now, are all that counts. */
  readonly forget?: boolean | undefined;
}

/** What a run is to be, once all is told that needs neither engine nor data. */
export interface PlannedRun extends Pick<GivenToRun, "given" | "kept"> {
  readonly graph: Graph;
  readonly recipe: Recipe;
  /** What a new run starts from, where weights are given. */
  readonly weights: GivenWeights | undefined;
  /** The folder that is asked for; a new run takes the next where it is taken. */
  readonly folder: string;
  readonly resume: boolean;
  /** How a run that goes on was left. */
  readonly before: RunHead | undefined;
}

/**
 * Plans a run, new or going on, without an engine and without its data.
 *
 * @throws SpecError, UsageError, CheckpointError, TrainingError, WriteError for whatever stands against it.
 */
export async function plannedRun(spec: string, options: PlanOptions): Promise<PlannedRun> {
  refuseContradictions(options);
  const { host, folder, resume = false, forget = false, weights, head } = options;
  const named =
    typeof resume === "string" ? await begunIn(resumedRun("", resume), forget) : undefined;
  const name = recipeName(spec, options.recipeName ?? nameIn(spec, named, host), host);
  const base = folder ?? defaultRunFolder(name);
  const begun =
    named ?? (resume === true ? await begunIn(resumedRun(base, true), forget) : undefined);
  const run = begun?.folder ?? base;
  const { parameters, overrides, ...of } = givenToRun(options, begun?.given);
  const { graph, recipe } = withForgetHelp(() =>
    openRecipe(spec, name, { parameters, overrides, fit: true, ...(host && { host }) }),
  );
  refuse(networkMisfits(graph, recipe));
  const opened =
    weights === undefined ? undefined : await startWeights(weights, graph, recipe, head);
  const resumes = begun !== undefined;
  await checkRunFolder(await chooseRunFolder(run, resumes), resumes);
  const planned = { graph, recipe, ...of, before: forget ? undefined : begun, weights: opened };
  return { ...planned, folder: run, resume: resumes };
}

/** Weights to start from; it is noted where the run feeds them other numbers than those that they were trained on. */
async function startWeights(
  path: string,
  graph: Graph,
  recipe: Recipe,
  head: HeadChoice | undefined,
): Promise<GivenWeights> {
  const options = head === "keep" ? keptHead : { freshHeads: true };
  const given = await openWeights(path, graph, { ...options, greyStem: true });
  const theirs = given.preprocess?.filter((step) => step.kind === "normalize") ?? [];
  if (theirs.length === 0 || isSameNormalisation(graph, recipe.preprocess, theirs)) return given;
  const steps = theirs.map(
    ({ mean, std }) => `normalize mean: ${bracketed(mean)}, std: ${bracketed(std)}`,
  );
  const note =
    `images are normalised as ${recipe.name} says, and not as those that the weights were trained on: ` +
    `\`${steps.join(" -> ")}\``;
  return { ...given, report: { ...given.report, notes: [...given.report.notes, note] } };
}

const keptHead = {
  help: "leave out `--head keep`: a head that the file has not, or of another number of classes, starts fresh",
};

/** @throws UsageError where two options cannot both be meant, or one is no value that it takes. */
function refuseContradictions(options: PlanOptions): void {
  const { folder, resume = false, weights, head, forget } = options;
  refuseEmpty({ folder, resume, weights });
  if (typeof resume !== "boolean" && typeof resume !== "string") {
    throw new UsageError(
      `\`resume\` is true, or the folder of a run, not ${JSON.stringify(resume)}`,
      "such as `resume: true`",
    );
  }
  if ((weights !== undefined || head !== undefined) && resume !== false) {
    throw new UsageError(
      "a run that is resumed has its weights",
      `leave out \`--${weights === undefined ? "head" : "weights"}\`, or \`--resume\` to start a new run from weights`,
    );
  }
  if (head !== undefined && weights === undefined) {
    throw new UsageError(
      "`--head` says what becomes of the head of given weights, and there are none",
      "add `--weights FILE`, or leave it out",
    );
  }
  if (forget === true && resume === false) {
    throw new UsageError(
      "`--forget` leaves out what a run was given before, and this is a new one",
      "add `--resume`, or leave it out",
    );
  }
  if (typeof resume === "string" && folder !== undefined && !isRunOf(folder, resume)) {
    throw new UsageError(
      `the run in ${resume} goes on there, not in ${folder}`,
      "leave one of the two folders out",
    );
  }
}

/** Whether a run is named by its folder, or by a file in it. */
function isRunOf(folder: string, resumed: string): boolean {
  return [resolve(resumed), dirname(resolve(resumed))].includes(resolve(folder));
}

/** A run that goes on. */
interface BegunRun extends RunHead {
  readonly folder: string;
}

async function begunIn(folder: string, forget: boolean): Promise<BegunRun> {
  const read = (path: string): Promise<RunHead> => readRunHead(path, { given: !forget });
  return { folder, ...(await fromLast(read, runFiles(folder))) };
}

/** The recipe of a run that is named, where it is one of the spec's. */
function nameIn(
  spec: string,
  begun: BegunRun | undefined,
  host: SourceHost | undefined,
): string | undefined {
  const name = begun?.recipe.name;
  return name !== undefined && recipeNames(spec, host).includes(name) ? name : undefined;
}
