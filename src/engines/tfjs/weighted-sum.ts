/** Sums of weighted tensors, which optimizers and moving averages are made of, in as few passes as the backend can. */
import {
  add,
  backend,
  engine,
  getBackend,
  getKernel,
  mul,
  tidy,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { weightedMove, weightedSum as fused } from "./webgpu/element-kernels.js";

/** a x + b y of two tensors of one shape. */
export function weightedSum(a: number, x: Tensor, b: number | Scalar, y: Tensor): Tensor {
  if (isFused()) {
    return typeof b === "number"
      ? (engine().runKernel(fused, { x, y }, { a, b }) as Tensor)
      : (engine().runKernel(fused, { x, y, b }, { a }) as Tensor);
  }
  return tidy(() => add(weighed(a, x), weighed(b, y)));
}

/** a x + (y + c z) of three tensors of one shape. */
function weightedSumOfThree(a: number, x: Tensor, y: Tensor, c: number, z: Tensor): Tensor {
  if (isFused()) return engine().runKernel(fused, { x, y, z }, { a, b: 1, c }) as Tensor;
  return tidy(() => add(weighed(a, x), add(y, weighed(c, z))));
}

/** variable = a variable + b y, where it lies if the backend can. */
export function move(variable: Variable, a: number, b: number | Scalar, y: Tensor): void {
  const inPlace = (): Tensor =>
    typeof b === "number"
      ? engine().runKernel(weightedMove, { x: variable, y }, { a, b })
      : engine().runKernel(weightedMove, { x: variable, y, b }, { a });
  if (canMove(variable)) tidy(() => void inPlace());
  else tidy(() => variable.assign(weightedSum(a, variable, b, y)));
}

/** variable = a variable + (y + c z), where it lies if the backend can. */
export function moveByTwo(variable: Variable, a: number, y: Tensor, c: number, z: Tensor): void {
  if (canMove(variable)) {
    tidy(() => void engine().runKernel(weightedMove, { x: variable, y, z }, { a, b: 1, c }));
  } else {
    tidy(() => variable.assign(weightedSumOfThree(a, variable, y, c, z)));
  }
}

/** What another tensor shares must stay as it is. */
function canMove({ dataId }: Variable): boolean {
  return isFused() && backend().refCount(dataId) === 1;
}

function isFused(): boolean {
  return getKernel(fused, getBackend()) !== undefined;
}

function weighed(weight: number | Scalar, value: Tensor): Tensor {
  return weight === 1 ? value : mul(value, weight);
}
