/** What is known of the data sets that recipes read: how many classes they have, and the statistics of their channels. */
import { knownFacts } from "../recipe/data-kinds.js";
import type { DataReference } from "../recipe/recipe.js";
import type { DataSetFacts, ProjectFacts } from "./subject.js";

export interface KnownData extends DataSetFacts {
  /** As a person calls it. */
  readonly name: string;
  /** Height and width of all its images, where they have one size. */
  readonly extent?: number;
}

/** Mean and standard deviation of the training images' channels, of values from 0 to 1. */
export interface Statistics {
  readonly name: string;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** ImageNet's are those that torchvision's published networks were trained with. */
export const knownStatistics: readonly Statistics[] = [
  { name: "ImageNet", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  { name: "CIFAR-10", mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  { name: "CIFAR-100", mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] },
];

/** The data set of a recipe, if something is known of it: by its kind, or by its folder in the configuration. */
export function knownData(data: DataReference, project: ProjectFacts): KnownData | undefined {
  const facts = knownFacts(data);
  if (facts === undefined) return configured(data.path, project);
  const { name, classes, extent } = facts;
  const of = knownStatistics.find((each) => each.name === name) ?? {};
  return { ...of, name, classes, extent };
}

/** The data set that the configuration describes under a folder's path, or under the last parts of it. */
function configured(path: string | undefined, { datasets }: ProjectFacts): KnownData | undefined {
  if (path === undefined) return undefined;
  const plain = path.replaceAll("\\", "/").replace(/\/+$/, "");
  for (const [folder, facts] of Object.entries(datasets)) {
    const wanted = folder.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/+$/, "");
    if (plain === wanted || plain.endsWith(`/${wanted}`)) return { ...facts, name: folder };
  }
  return undefined;
}
