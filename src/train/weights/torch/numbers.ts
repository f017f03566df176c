/**
 * The numbers of stored tensors, in row-major order. A storage is read when its tensors are made, one after the
 * other, and no more is made of a file than it can hold: neither by tensors that repeat numbers without end, nor by
 * storages that share their bytes.
 */
import { bracketed } from "../../../diagnostics/lists.js";
import type { NamedTensor } from "../../../engines/engine.js";
import { elementCount } from "../../../shapes/index.js";
import { floatsOf } from "../../dtypes.js";
import { CheckpointError } from "../../errors.js";
import { tensorAdvice } from "./python-advice.js";
import type { StateDict } from "./state-dict.js";
import { readableFormats, type Storage, type StoredTensor } from "./stored-tensors.js";
import type { TorchContent } from "./torch-content.js";
import { TorchFileError } from "./torch-file-error.js";

/** Of counters of batches, which are no weights. */
const counterDtype = "torch.int64";
/** Numbers that tensors may have beyond those that fit into their file: small ones that were expanded. */
const spareNumbers = 1 << 20;

/**
 * All tensors but those of int64, which only count.
 *
 * @param size bytes in the file.
 * @throws TorchFileError where a tensor is not within its storage, or the tensors together are more than their file.
 * @throws CheckpointError where numbers are of a format that is not read.
 */
export async function readNumbers(
  path: string,
  size: number,
  { tensors, keys }: Pick<StateDict, "tensors" | "keys">,
  content: TorchContent,
): Promise<ReadonlyMap<string, NamedTensor>> {
  if (content.unread !== undefined) {
    throw new CheckpointError(`${path} ${content.unread}`, tensorAdvice(path, keys));
  }
  const weights = [...tensors].filter(([, { storage }]) => storage.format.dtype !== counterDtype);
  for (const [name, tensor] of weights) {
    refuseOtherFormat(path, keys, name, tensor);
    refuseOutside(name, tensor);
  }
  const groups = byStorage(weights);
  refuseMore(size, groups);
  const read = new Map<string, NamedTensor>();
  for (const { storage, members } of groups) {
    const bytes = await content.bytesOf(storage);
    const [name] = members[0] ?? [""];
    const values = floatsOf(name, storage.format.code ?? "F32", bytes);
    for (const [name, tensor] of members) read.set(name, taken(tensor, values));
  }
  // In the order of the file.
  return new Map(
    weights.flatMap(([name]) => {
      const tensor = read.get(name);
      return tensor === undefined ? [] : [[name, tensor]];
    }),
  );
}

interface Group {
  readonly storage: Storage;
  readonly members: [name: string, tensor: StoredTensor][];
}

/** The tensors of each storage; of one that is seen as two formats, of each of them. */
function byStorage(tensors: readonly (readonly [string, StoredTensor])[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [name, tensor] of tensors) {
    const { storage } = tensor;
    const key = `${storage.format.dtype} ${storage.count} ${storage.key}`;
    const group = groups.get(key) ?? { storage, members: [] };
    groups.set(key, group);
    group.members.push([name, tensor]);
  }
  return [...groups.values()];
}

function refuseOtherFormat(
  path: string,
  keys: readonly string[],
  name: string,
  { storage }: StoredTensor,
): void {
  const { dtype, code } = storage.format;
  if (code !== undefined) return;
  throw new CheckpointError(
    `${path} has ${name} in the format ${dtype}, not one of ${readableFormats.join(", ")}`,
    tensorAdvice(path, keys),
  );
}

function refuseOutside(name: string, { storage, offset, shape, strides }: StoredTensor): void {
  if (elementCount(shape) === 0) return;
  const last = shape.reduce((sum, extent, axis) => sum + (extent - 1) * (strides[axis] ?? 0), 0);
  if (storage.start + offset + last < storage.count) return;
  throw new TorchFileError(
    `its tensor ${name}, ${bracketed(shape)}, is not within its storage of ${storage.count} numbers`,
  );
}

function refuseMore(size: number, groups: readonly Group[]): void {
  const stored = sum(groups.map(({ storage }) => storage.count * storage.format.bytes));
  const made = sum(
    groups.flatMap(({ members }) => members.map(([, { shape }]) => elementCount(shape))),
  );
  if (stored > size) {
    throw new TorchFileError(`its storages would have ${stored} bytes, and it has only ${size}`);
  }
  // A product that is too large for a number may be none at all.
  if (!(made <= size + spareNumbers)) {
    throw new TorchFileError(
      `its tensors would have ${made} numbers, more than a file of ${size} bytes can hold`,
    );
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** A tensor from the numbers of its storage: a part of them where they stand in its order, else a copy. */
function taken(
  { storage, offset, shape, strides }: StoredTensor,
  values: Float32Array,
): NamedTensor {
  const start = storage.start + offset;
  const count = elementCount(shape);
  if (isInOrder(shape, strides)) return { shape, data: values.subarray(start, start + count) };
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = start;
  for (let next = 0; next < count; next++) {
    data[next] = values[from] ?? 0;
    // To the next place, in row-major order.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = (index[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (at < (shape[axis] ?? 0)) {
        index[axis] = at;
        from += stride;
        break;
      }
      index[axis] = 0;
      from -= (at - 1) * stride;
    }
  }
  return { shape, data };
}

/** Whether numbers stand side by side as in row-major order; the stride of a single one does not matter. */
function isInOrder(shape: readonly number[], strides: readonly number[]): boolean {
  return shape.every(
    (extent, axis) => extent <= 1 || strides[axis] === elementCount(shape.slice(axis + 1)),
  );
}
