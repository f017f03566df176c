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
import { settingOf, type RunValue } from "../train/given.js";
import { UsageError } from "./errors.js";
import { expressionOf, givenValues, overrideOf, type GivenValues } from "./values.js";

/**
 * The setting `data` that the words `text` mean.
 *
 * @param before what stands before them on a command line.
 * @param kept whether a run that goes on has kept them from before.
 * @throws UsageError where nothing is at the path.
 */
export function dataOverride(text: string, before = "--data", kept = false): RecipeOverride {
  if (isCall(text)) {
    const value = expressionOf({ name: "data", value: text, words: `${before} ${text}`, kept });
    return { setting: "data", value };
  }
  if (kept && !existsSync(text)) {
    throw new UsageError(
      `the data of the run are gone: there is no file or folder ${text}`,
      "put them back, or say where they are now: `--data FOLDER`",
    );
  }
  const kind = kindAt(text, before);
  const place = kept ? givenPaths.run : givenPaths.commandLine;
  const file = new SourceFile(place, `${before} ${text}`);
  const span = file.span(`${before} `.length, file.text.length);
  const path = { kind: "string", value: resolve(text), span } as const;
  const call = {
    callee: { text: kind, span },
    arguments: [{ value: path, slash: false, span }],
    span,
  };
  return { setting: "data", value: { kind: "call", call, span } };
}

/** Words for data that mean the same wherever they are read: their paths are absolute, and a kind is a call. */
export function absoluteData(text: string): string {
  if (text.trim() === "") return text;
  if (!isCall(text)) return resolve(text);
  return absolutePaths(isDataKind(text.trim()) ? `${text.trim()}()` : text);
}

/** The same of a value of the recipe, as the language writes it. */
export function absoluteValue(given: RunValue): RunValue {
  const { name, value, words } = given;
  if (settingOf(name) !== "data" || typeof value !== "string") return given;
  const absolute = absolutePaths(value);
  return {
    name,
    value: absolute,
    ...(words !== undefined && { words: words.replace(value, () => absolute) }),
  };
}

/** All texts of a call for data are paths. */
function absolutePaths(text: string): string {
  return text.replace(/"([^"\r\n]+)"/g, (_, path: string) => `"${resolve(path)}"`);
}

/** What overrides the recipe, `data` included: the whole of it before the arguments of what it comes to. */
export function overridesOf({
  recipe,
  data,
  keptData = false,
}: {
  readonly recipe?: GivenValues | undefined;
  readonly data?: string | undefined;
  readonly keptData?: boolean;
}): RecipeOverride[] {
  const given = givenValues("recipe", recipe).map(overrideOf);
  if (data === undefined) return given;
  const isWhole = ({ setting, argument }: RecipeOverride): boolean =>
    setting === "data" && argument === undefined;
  return [
    ...given.filter(isWhole),
    dataOverride(data, undefined, keptData),
    ...given.filter((override) => !isWhole(override)),
  ];
}

/** Whether the language's call is meant. A kind that needs no path may be named alone. */
function isCall(text: string): boolean {
  const isProcedural = isDataKind(text) && !("path" in dataKinds[text]) && !existsSync(text);
  return isProcedural || (/^[A-Za-z]\w*\s*\(/.test(text) && !existsSync(text));
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
