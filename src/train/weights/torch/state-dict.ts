/**
 * Finds the state dictionary in what was saved with PyTorch: the very dictionary of tensors, or the one under a name
 * by which training programs keep it. The weights themselves come before a moving average of them.
 */
import { listed } from "../../../diagnostics/lists.js";
import { CheckpointError } from "../../errors.js";
import { Opaque } from "./pickle.js";
import { modelAdvice, tensorAdvice } from "./python-advice.js";
import { StoredTensor } from "./stored-tensors.js";

export interface StateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** By which it is found in what was saved, outermost first. */
  readonly keys: readonly string[];
  /** What a person should hear of which dictionary was taken. */
  readonly notes: readonly string[];
}

type Dictionary = ReadonlyMap<unknown, unknown>;

/** Where weights are, the likeliest first. */
const weightKeys = ["state_dict", "model_state_dict", "model", "net", "network", "module"];
/** Where moving averages of them are. */
const averageKeys = ["state_dict_ema", "model_ema", "model_ema_state_dict", "ema"];

/** How many dictionaries may stand in each other: a checkpoint, its model, the model's weights. */
const deepest = 3;
const shownKeys = 6;

/**
 * @param saved what a pickle holds.
 * @throws CheckpointError where there is no state dictionary, several, a whole model, or one with tensors of a kind
 * that is not read; each with what to do.
 */
export function findStateDict(path: string, saved: unknown): StateDict {
  const found = new Search(path).find(saved, []);
  if (found !== undefined) {
    const { keys } = found;
    return { keys, tensors: tensorsOf(path, found), notes: notesOf(found) };
  }
  const model = modelIn(saved);
  if (model !== undefined) {
    const what = model.keys.length === 0 ? "is" : `has, as its ${quoted(model.keys)},`;
    throw new CheckpointError(
      `${path} ${what} a whole object of the class ${model.maker}, not weights alone`,
      modelAdvice(path, model.keys),
    );
  }
  throw new CheckpointError(
    `${path} has no state dictionary: ${contentOf(saved)}`,
    "name a file of `torch.save(model.state_dict(), FILE)`",
  );
}

/** A dictionary with tensors. What else is in it, such as numbers and texts, is passed over. */
interface Found {
  readonly dictionary: Dictionary;
  readonly keys: readonly string[];
  /** Whether it is a moving average, or which one was left. */
  readonly average?: "taken" | { readonly left: readonly string[] };
}

/** Looks into no dictionary twice, as one may stand at many places, and in itself. */
class Search {
  /** Whether each has tensors. */
  readonly #known = new Map<Dictionary, boolean>();
  /** Those in which nothing was found. */
  readonly #left = new Set<Dictionary>();

  constructor(private readonly path: string) {}

  /** @param keys by which `value` was found. */
  find(value: unknown, keys: readonly string[]): Found | undefined {
    if (!isDictionary(value) || this.#left.has(value) || keys.length > deepest) return undefined;
    this.#left.add(value);
    const under = (key: string): Found | undefined => this.find(value.get(key), [...keys, key]);
    const average = averageKeys.find((key) => this.#hasTensors(value.get(key)));
    const weights = first(weightKeys, under);
    if (weights !== undefined) {
      return average === undefined
        ? weights
        : { average: { left: [...keys, average] }, ...weights };
    }
    const averaged = first(averageKeys, under);
    if (averaged !== undefined) return { ...averaged, average: "taken" };
    const inside = [...value.keys()].filter(
      (key): key is string => typeof key === "string" && this.#hasTensors(value.get(key)),
    );
    if (inside.length > 1) throw severalIn(this.path, keys, inside);
    if (inside.length === 1) return first(inside, under);
    return this.#hasTensors(value) ? { dictionary: value, keys } : undefined;
  }

  #hasTensors(value: unknown): boolean {
    if (!isDictionary(value)) return false;
    const known = this.#known.get(value) ?? [...value.values()].some(isTensor);
    this.#known.set(value, known);
    return known;
  }
}

function first<T>(keys: readonly string[], find: (key: string) => T | undefined): T | undefined {
  for (const key of keys) {
    const found = find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isDictionary(value: unknown): value is Dictionary {
  return value instanceof Map;
}

/** Of any kind, also one that is not read: sparse, quantized. */
function isTensor(value: unknown): value is StoredTensor | Opaque {
  if (value instanceof StoredTensor) return true;
  return value instanceof Opaque && /^torch\._(utils|tensor)\._rebuild_/.test(value.maker);
}

function notesOf({ keys, average }: Found): readonly string[] {
  if (keys.length === 0) return [];
  if (average === "taken")
    return [`taken from ${quoted(keys)}, a moving average: it has no others`];
  const left =
    average === undefined ? "" : `, and not from the moving average, ${quoted(average.left)}`;
  return [`taken from ${quoted(keys)}${left}`];
}

/** @throws CheckpointError for a tensor of a kind that is not read. */
function tensorsOf(path: string, { dictionary, keys }: Found): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of dictionary) {
    if (typeof name !== "string" || !isTensor(value)) continue;
    if (value instanceof Opaque) {
      throw new CheckpointError(
        `${path} has ${name} as an object of ${value.maker}, not as a plain tensor`,
        tensorAdvice(path, keys),
      );
    }
    tensors.set(name, value);
  }
  return tensors;
}

function severalIn(
  path: string,
  keys: readonly string[],
  inside: readonly string[],
): CheckpointError {
  const [one = ""] = inside;
  return new CheckpointError(
    `${path} has several dictionaries of tensors: ${listed(inside, shownKeys)}`,
    `say which one is meant, as here ${one}: ${tensorAdvice(path, [...keys, one])}`,
  );
}

/** A model that was saved with its class: the whole of it, or where its weights would be. */
function modelIn(
  saved: unknown,
): { readonly keys: readonly string[]; readonly maker: string } | undefined {
  if (saved instanceof Opaque) return { keys: [], maker: saved.maker };
  if (!isDictionary(saved)) return undefined;
  return first([...weightKeys, ...averageKeys], (key) => {
    const value = saved.get(key);
    return value instanceof Opaque ? { keys: [key], maker: value.maker } : undefined;
  });
}

function contentOf(saved: unknown): string {
  if (saved instanceof StoredTensor) return "it is a single tensor";
  if (!isDictionary(saved)) return `it is ${Array.isArray(saved) ? "a list" : "a single value"}`;
  if (saved.size === 0) return "it has nothing at all";
  return `it has ${listed([...saved.keys()].map(String), shownKeys)}`;
}

/** `model` and in it `state_dict` as `model["state_dict"]` is written in words: `model.state_dict`. */
function quoted(keys: readonly string[]): string {
  return `\`${keys.join(".")}\``;
}
