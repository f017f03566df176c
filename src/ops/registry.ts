/** The list of all operations, exhaustive over `OpName`, and the questions that are asked of it. */
import type { TensorType } from "../shapes/index.js";
import type { OpAttributes, OpName } from "./attributes.js";
import { batchnorm } from "./batchnorm.js";
import { conv } from "./conv.js";
import { dense } from "./dense.js";
import { dropout, droppath, relu, sigmoid } from "./elementwise.js";
import { input } from "./input.js";
import { add, concat, multiply } from "./merge.js";
import type { Operation, ParameterDefinition } from "./operation.js";
import { avgpool, globalavgpool, maxpool } from "./pool.js";
import { flatten, padchannels, subsample, upsample } from "./resample.js";

export const operations: { readonly [K in OpName]: Operation<K> } = {
  input,
  conv,
  batchnorm,
  relu,
  sigmoid,
  maxpool,
  avgpool,
  globalavgpool,
  flatten,
  dense,
  dropout,
  droppath,
  upsample,
  subsample,
  padchannels,
  add,
  concat,
  multiply,
};

/** The names that a spec can write, in the order of the documentation. */
export const writtenOperations: readonly OpName[] = (Object.keys(operations) as OpName[]).filter(
  (name) => operations[name].written,
);

/** Whether `name` is an operation that a spec can write. */
export function isWrittenOperation(name: string): name is OpName {
  return Object.hasOwn(operations, name) && operations[name as OpName].written;
}

/** The parameters of one operation, in their canonical order. */
export function parametersOf<K extends OpName>(
  op: K,
  attributes: OpAttributes[K],
  operands: readonly TensorType[],
): readonly ParameterDefinition[] {
  const operation: Operation<K> = operations[op];
  return operation.parameters(attributes, operands);
}
