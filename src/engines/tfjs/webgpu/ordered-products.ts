/**
 * Keeps the products of matrices in one order of summation. For few outputs of many terms the backend would
 * let workgroups add to one place as they come, and a run that was resumed would end with other bits.
 */
import {
  _FusedMatMul,
  BatchMatMul,
  Conv2D,
  env,
  FusedConv2D,
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelFunc,
} from "@tensorflow/tfjs-core";
import { elementCount } from "../../../shapes/index.js";

/** The flag that forces a kind of product, and the kind for few outputs that keeps its order. */
const flag = "WEBGPU_MATMUL_PROGRAM_TYPE";
const smallOutput = 2;

/** What TensorFlow.js parts among workgroups has at least 2000 terms, more than 128 outputs, no batch. */
const fewestTerms = 2000;
const fewestOutputs = 128;
/** Tiles of 32 x 32 outputs; up to 32 of them, by the GPU, it may part. */
const mostOutputs = 32 * 32 * 32;

/** The kernels that come to such products. */
export const productKernels: readonly string[] = [BatchMatMul, _FusedMatMul, Conv2D, FusedConv2D];

export function orderProducts(): void {
  for (const kernelName of productKernels) {
    const stock = getKernel(kernelName, "webgpu");
    unregisterKernel(kernelName, "webgpu");
    registerKernel({
      ...stock,
      kernelFunc: (given) => {
        const { batches, terms, outputs } = sizesOf(given);
        const parted =
          batches === 1 &&
          terms >= fewestTerms &&
          outputs > fewestOutputs &&
          outputs <= mostOutputs;
        if (!parted) return stock.kernelFunc(given);
        const before = env().getNumber(flag);
        env().set(flag, smallOutput);
        try {
          return stock.kernelFunc(given);
        } finally {
          env().set(flag, before);
        }
      },
    });
  }
}

interface Sizes {
  readonly batches: number;
  readonly terms: number;
  readonly outputs: number;
}

/** The product that a kernel comes to. A convolution is one without batches where its filter sees all. */
function sizesOf({ inputs, attrs }: Parameters<KernelFunc>[0]): Sizes {
  const { a, b, x, filter } = inputs;
  if (a !== undefined && b !== undefined) {
    const [rows = 1, columns = 1] = a.shape.slice(-2);
    const terms = attrs?.["transposeA"] === true ? rows : columns;
    return {
      batches: Math.max(elementCount(a.shape.slice(0, -2)), elementCount(b.shape.slice(0, -2))),
      terms,
      outputs: (elementCount(a.shape) / terms) * (elementCount(b.shape) / terms),
    };
  }
  const [images = 1, height = 1, width = 1] = x?.shape ?? [];
  const [filterHeight = 1, filterWidth = 1, channels = 1, outputs = 1] = filter?.shape ?? [];
  const whole = filterHeight === height && filterWidth === width;
  return {
    batches: whole ? 1 : images,
    terms: filterHeight * filterWidth * channels,
    outputs: whole ? images * outputs : Math.min(images * height * width * outputs, mostOutputs),
  };
}
