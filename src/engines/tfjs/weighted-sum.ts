/** a x + b y, which optimizers and moving averages are made of, in as few passes as the backend can. */
import { add, engine, getBackend, getKernel, mul, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { weightedSum as fused } from "./webgpu/element-kernels.js";

/** Of two tensors of one shape. */
export function weightedSum(a: number, x: Tensor, b: number, y: Tensor): Tensor {
  if (getKernel(fused, getBackend()) !== undefined) {
    return engine().runKernel(fused, { x, y }, { a, b }) as Tensor;
  }
  const weigh = (weight: number, value: Tensor): Tensor =>
    weight === 1 ? value : mul(value, weight);
  return tidy(() => add(weigh(a, x), weigh(b, y)));
}
