/**
 * `--data` from a command line or a program: a call as the language writes it, or a path whose kind
 * is told from what lies there.
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RecipeOverride } from "../check/recipe.js";
import { givenPaths } from "../host/node-host.js";
import { dataKinds, isDataKind, type DataKindName } from "../recipe/data-kinds.js";
import { SourceFile } from "../source/source.js";
import { UsageError } from "./errors.js";
import { expressionOf, givenValues, overrideOf, type GivenValues } from "./values.js";

/**
 * The setting `data` that the words `text` mean.
 *
 * @param before what stands before them on a command line.
 * @throws UsageError where nothing is at the path.
 */
export function dataOverride(text: string, before = "--data"): RecipeOverride {
  if (isCall(text)) {
    const value = expressionOf({ name: "data", value: text, words: `${before} ${text}` });
    return { setting: "data", value };
  }
  const kind = kindAt(text, before);
  const file = new SourceFile(givenPaths.commandLine, `${before} ${text}`);
  const span = file.span(`${before} `.length, file.text.length);
  const path = { kind: "string", value: resolve(text), span } as const;
  const call = {
    callee: { text: kind, span },
    arguments: [{ value: path, slash: false, span }],
    span,
  };
  return { setting: "data", value: { kind: "call", call, span } };
}

/** The same words wherever they are read: a path as an absolute one, a call as it is. */
export function absoluteData(text: string): string {
  return isCall(text) || text.trim() === "" ? text : resolve(text);
}

/** What overrides the recipe, `data` included: the whole of it before the arguments of what it comes to. */
export function overridesOf({
  recipe,
  data,
}: {
  readonly recipe?: GivenValues | undefined;
  readonly data?: string | undefined;
}): RecipeOverride[] {
  const given = givenValues("recipe", recipe).map(overrideOf);
  if (data === undefined) return given;
  const isWhole = ({ setting, argument }: RecipeOverride): boolean =>
    setting === "data" && argument === undefined;
  return [
    ...given.filter(isWhole),
    dataOverride(data),
    ...given.filter((override) => !isWhole(override)),
  ];
}

/** Whether the language's call is meant. A kind that needs no path may be named alone. */
function isCall(text: string): boolean {
  const isProcedural = isDataKind(text) && !("path" in dataKinds[text]) && !existsSync(text);
  return isProcedural || /^[A-Za-z]\w*\s*\(/.test(text);
}

/** Which kind of data lies at `path`. */
function kindAt(path: string, before: string): DataKindName {
  const dataHelp = `\`${before}\` takes a folder of images, a CIFAR folder, or a call such as \`shapes(train: 1000)\``;
  if (path.trim() === "") {
    throw new UsageError(`\`${before}\` is empty`, dataHelp);
  }
  if (!existsSync(path)) {
    throw new UsageError(`there is no file or folder ${path}`, dataHelp);
  }
  if (!statSync(path).isDirectory()) {
    const packed = /\.(tar|tgz|zip|tar\.\w+)$/.test(path);
    throw new UsageError(
      `${path} is a file, and data come as a folder`,
      packed ? "unpack it first, and name the folder" : "name the folder that holds it",
    );
  }
  const has = (...names: string[]): boolean => names.some((name) => existsSync(join(path, name)));
  if (has("data_batch_1.bin", "cifar-10-batches-bin")) return "cifar10";
  if (has("fine_label_names.txt", "cifar-100-binary")) return "cifar100";
  return "folder";
}
