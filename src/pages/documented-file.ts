/** What the pages are made of: checked files, and where each has its page. */
import type { CheckedNetwork } from "../check/check.js";
import type { Unit } from "../check/program.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { textOf } from "../source/source.js";
import type { NamesOf } from "./source-names.js";

/** A network as its page shows it: its graph, which may be at one size of a symbolic input. */
export interface DocumentedNetwork extends CheckedNetwork {
  /** The graph for every size, where `graph` is at one. */
  readonly symbolic?: Graph;
  /** Why it is not at the size that was asked for: "H = 33 is refused: the nearest sizes are 32 and 64". */
  readonly refused?: string;
}

/** One that could be built. */
export type BuiltNetwork = DocumentedNetwork & { readonly graph: Graph };

export function isBuilt(network: DocumentedNetwork): network is BuiltNetwork {
  return network.graph !== undefined;
}

/** A file that is documented, and what the check found in it. */
export interface DocumentedFile {
  /** How it is shown: `specs/resnet50.resnet`, `std/blocks.resnet`. */
  readonly title: string;
  readonly unit: Unit;
  /** Those that can be built as they stand, in order; none of a file that is only imported. */
  readonly networks: readonly DocumentedNetwork[];
  readonly recipes: readonly Recipe[];
  /** Whether it is here only because others import it. */
  readonly imported: boolean;
}

/** What a page needs to know of the others. */
export interface Site {
  /** The page of each file by its path. */
  readonly pages: ReadonlyMap<string, string>;
  readonly namesOf: NamesOf;
}

/** What a file says of itself at its top, above its imports. */
export function fileDocs({ unit }: DocumentedFile): string {
  const [first] = unit.declarations;
  return first?.kind === "import" ? first.docs : "";
}

/** What an instance is of, as it is written: `CifarResNet(3)`; undefined of a network that is spelt out. */
export function instanceCall({ declarations }: Unit, network: string): string | undefined {
  const declared = declarations.find(
    (each) => each.kind === "instance" && each.name.text === network,
  );
  if (declared?.kind !== "instance") return undefined;
  return textOf(declared.call.span).replace(/\s+/g, " ");
}
