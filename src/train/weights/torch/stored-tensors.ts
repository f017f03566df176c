/**
 * The tensors of a pickle of PyTorch, each as a view of a storage, whose numbers stand outside of the pickle. What
 * else a pickle holds is left to the reader of pickles. Sources: torch/_utils.py, `_rebuild_tensor_v2` and the
 * functions beside it; torch/serialization.py, `persistent_load`.
 */
import { isCount, isRecord } from "../../json-values.js";
import { Global, type KnownObjects } from "./pickle.js";
import { TorchFileError } from "./torch-file-error.js";

/** How a number is stored. */
export interface NumberFormat {
  /** As PyTorch calls it: `torch.float32`. */
  readonly dtype: string;
  readonly bytes: number;
  /** As safetensors calls it, where it is one that is read. */
  readonly code?: "F32" | "F64" | "F16" | "BF16";
}

/** Numbers side by side. */
export interface Storage {
  /** By which the file has it. */
  readonly key: string;
  readonly format: NumberFormat;
  /** How many numbers it has. */
  readonly count: number;
  /** From which of them tensors count: not the first where the file says that it is a part of a storage. */
  readonly start: number;
}

/** A tensor: where its numbers stand in a storage, counted in numbers. */
export class StoredTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** By the name of the storage's class. */
const formats: ReadonlyMap<string, NumberFormat> = new Map<string, NumberFormat>([
  ["FloatStorage", { dtype: "torch.float32", bytes: 4, code: "F32" }],
  ["DoubleStorage", { dtype: "torch.float64", bytes: 8, code: "F64" }],
  ["HalfStorage", { dtype: "torch.float16", bytes: 2, code: "F16" }],
  ["BFloat16Storage", { dtype: "torch.bfloat16", bytes: 2, code: "BF16" }],
  ["LongStorage", { dtype: "torch.int64", bytes: 8 }],
  ["IntStorage", { dtype: "torch.int32", bytes: 4 }],
  ["ShortStorage", { dtype: "torch.int16", bytes: 2 }],
  ["CharStorage", { dtype: "torch.int8", bytes: 1 }],
  ["ByteStorage", { dtype: "torch.uint8", bytes: 1 }],
  ["BoolStorage", { dtype: "torch.bool", bytes: 1 }],
  ["ComplexFloatStorage", { dtype: "torch.complex64", bytes: 8 }],
  ["ComplexDoubleStorage", { dtype: "torch.complex128", bytes: 16 }],
  ["QInt8Storage", { dtype: "torch.qint8", bytes: 1 }],
  ["QUInt8Storage", { dtype: "torch.quint8", bytes: 1 }],
  ["QInt32Storage", { dtype: "torch.qint32", bytes: 4 }],
  ["UntypedStorage", { dtype: "torch.uint8", bytes: 1 }],
]);

/** PyTorch's names of the number formats that are read. */
export const readableFormats: readonly string[] = [...formats.values()]
  .filter(({ code }) => code !== undefined)
  .map(({ dtype }) => dtype);

/** Makes the tensors of one file, and knows all storages that they are views of. */
export class TorchObjects implements KnownObjects {
  /** By their keys. */
  readonly storages = new Map<string, Storage>();

  /** A storage is `("storage", class, key, device, count)`; before PyTorch 1.6 with the part behind it that is meant. */
  persistent(id: unknown): unknown {
    if (!Array.isArray(id)) throw strange("refers to what is outside of it by no tuple");
    const [what, kind, key, , count, part] = id as readonly unknown[];
    // The class of a module, with its source.
    if (what === "module") return kind;
    if (what !== "storage" || !(kind instanceof Global) || typeof key !== "string") {
      throw strange("refers to what is outside of it, and is no storage");
    }
    const format = formats.get(kind.path.split(".").at(-1) ?? "");
    if (format === undefined) throw strange(`has a storage of the class ${kind.path}`);
    if (!isCount(count)) throw strange(`has a storage, ${key}, without a length`);
    const storage = { key, format, count, start: 0 };
    if (!this.storages.has(key)) this.storages.set(key, storage);
    const [, start = 0] = Array.isArray(part) ? (part as readonly unknown[]) : [];
    if (!isCount(start)) throw strange(`has a part of a storage, ${key}, without a place`);
    return { ...storage, start };
  }

  call(path: string, given: readonly unknown[]): unknown {
    switch (path) {
      case "collections.OrderedDict":
        return dictionaryOf(given);
      case "torch._utils._rebuild_tensor":
      case "torch._utils._rebuild_tensor_v2":
        return tensorOf(given);
      case "torch._utils._rebuild_tensor_v3":
        return tensorOf(given, given[6]);
      case "torch._utils._rebuild_parameter":
      case "torch._utils._rebuild_parameter_with_state":
      case "torch.Size":
        return given[0];
      default:
        return undefined;
    }
  }
}

function strange(what: string): TorchFileError {
  return new TorchFileError(`its pickle ${what}`);
}

/** Empty, to be filled; or as Python 2 has it, of a list of pairs. */
function dictionaryOf([pairs]: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const pair of Array.isArray(pairs) ? (pairs as readonly unknown[]) : []) {
    if (!Array.isArray(pair)) throw strange("has a dictionary of what are no pairs");
    map.set(pair[0], pair[1]);
  }
  return map;
}

/** @param dtype of newer number formats, whose storages are bytes. */
function tensorOf(given: readonly unknown[], dtype?: unknown): StoredTensor {
  const [storage, offset, shape, strides] = given;
  if (!isStorage(storage)) throw strange("has a tensor without a storage");
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides)) {
    throw strange("has a tensor whose shape, strides or place are no whole numbers");
  }
  if (shape.length !== strides.length) {
    throw strange(`has a tensor with ${shape.length} extents and ${strides.length} strides`);
  }
  const format = dtype instanceof Global ? { dtype: dtype.path, bytes: 1 } : storage.format;
  return new StoredTensor({ ...storage, format }, offset, shape, strides);
}

function isStorage(value: unknown): value is Storage {
  return isRecord(value) && value["format"] !== undefined;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}
