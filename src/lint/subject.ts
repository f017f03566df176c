/**
 * What rules look at: one file's syntax, the sound networks that it declares as checked graphs, and its recipes,
 * each with the way back to where it was written.
 */
import type { CheckResult } from "../check/check.js";
import type { Program, Unit } from "../check/program.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Recipe } from "../recipe/recipe.js";
import type { SourceFile } from "../source/source.js";
import type { TrainDeclaration } from "../syntax/ast.js";
import { chainsOf, type WrittenChain } from "./chains.js";
import { NetworkView } from "./network-view.js";

/** A recipe, the declaration it was read from, and the network that it trains where that is sound. */
export interface RecipeView {
  readonly recipe: Recipe;
  readonly declaration: TrainDeclaration;
  readonly network?: NetworkView;
}

/** A data set that a project's configuration describes, for recipes that read it from a folder. */
export interface DataSetFacts {
  /** How many classes it has. */
  readonly classes?: number;
  /** Mean and standard deviation of its channels, of values from 0 to 1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

/** What a configuration says of the project beside its rules. */
export interface ProjectFacts {
  /** The engines that its networks are meant to run on; empty where it does not say. */
  readonly engines: readonly string[];
  /** Data sets by the folder that recipes name, or by its last part. */
  readonly datasets: Readonly<Record<string, DataSetFacts>>;
}

export interface Subject {
  readonly file: SourceFile;
  /** The file's declarations, comments and names. */
  readonly unit: Unit;
  /** The file with all that it imports. */
  readonly program: Program;
  /** Every chain that the file writes, each before those inside it. */
  readonly chains: readonly WrittenChain[];
  /** The networks and instances that the file declares, where they are sound; none where a rule needs no graph. */
  readonly networks: readonly NetworkView[];
  readonly recipes: readonly RecipeView[];
  readonly project: ProjectFacts;
  /** What the check found: a rule need not say it again. */
  readonly checked: readonly Diagnostic[];
}

/** What rules look at of a checked file. @param whole whether it has no error: else there are no graphs. */
export function subjectOf(
  program: Program,
  { diagnostics, networks, recipes }: CheckResult,
  project: ProjectFacts,
  whole: boolean,
): Subject {
  const { entry } = program;
  const views = networks.flatMap(({ graph }) =>
    graph && whole ? [new NetworkView(graph, program)] : [],
  );
  const trained = recipes.flatMap((recipe): RecipeView[] => {
    const declaration = entry.declarations.find(
      (each) => each.kind === "train" && each.name.text === recipe.name,
    );
    if (!whole || declaration?.kind !== "train") return [];
    const network = views.find(({ graph }) => graph.name === recipe.network);
    return [{ recipe, declaration, ...(network && { network }) }];
  });
  return {
    file: entry.file,
    unit: entry,
    program,
    chains: chainsOf(entry.declarations),
    networks: views,
    recipes: trained,
    project,
    checked: diagnostics,
  };
}
