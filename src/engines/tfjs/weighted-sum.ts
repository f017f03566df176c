/** Sums of weighted tensors, which optimizers and moving averages are made of, in as few passes as the backend can. */
import {
  add,
  engine,
  getBackend,
  getKernel,
  mul,
  tidy,
  type Scalar,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { weightedSum as fused } from "./webgpu/element-kernels.js";

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
export function weightedSumOfThree(a: number, x: Tensor, y: Tensor, c: number, z: Tensor): Tensor {
  if (isFused()) return engine().runKernel(fused, { x, y, z }, { a, b: 1, c }) as Tensor;
  return tidy(() => add(weighed(a, x), add(y, weighed(c, z))));
}

function isFused(): boolean {
  return getKernel(fused, getBackend()) !== undefined;
}

function weighed(weight: number | Scalar, value: Tensor): Tensor {
  return weight === 1 ? value : mul(value, weight);
}
