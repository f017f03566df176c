/**
 * Puts into TensorFlow.js's registries the gradients that it lacks, has wrong or has slow: for wasm and webgpu
 * both kernels of a convolution and that of a max pool; for every backend dilated and depthwise
 * convolutions, averages over padding, and enlargements. Stock gradients stay in use wherever they are right.
 */
import {
  AvgPool,
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  getBackend,
  getGradient,
  getKernel,
  Identity,
  MaxPoolGrad,
  registerGradient,
  registerKernel,
  ResizeNearestNeighbor,
  unregisterKernel,
  type GradFunc,
  type KernelConfig,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
// Registers the stock gradients, which tfjs-core alone does not.
import "@tensorflow/tfjs-layers";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { filterGradient, inputGradient, type Convolution } from "./convolution-gradients.js";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise-gradients.js";
import { channelKernels, registerChannelKernels } from "./webgpu/channel-kernels.js";
import { elementKernels, registerElementKernels } from "./webgpu/element-kernels.js";
import { filterGradientOnDevice } from "./webgpu/filter-gradient.js";
import { maxPoolGradientOnDevice } from "./webgpu/max-pool-gradient.js";
import { orderProducts, productKernels } from "./webgpu/ordered-products.js";
import {
  correctAverage,
  maxPoolGradient,
  repeatGradient,
  type PoolInfo,
} from "./pool-gradients.js";

type Shape4D = [number, number, number, number];
type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type StockGradient = (
  dy: Tensor | Tensor[],
  saved: Tensor[],
  attributes: NamedAttrMap,
) => ReturnType<GradFunc>;

const registered = new Set<string>();
const stockGradients = new Map<string, StockGradient>();

/**
 * Registers what `backend` lacks. To be called whenever a package of TensorFlow.js has been loaded: the union
 * package, on which the native ones stand, registers the stock gradients once more.
 */
export function registerGradients(backend: string): void {
  overrideGradients();
  if (registered.has(backend)) return;
  if (backend === "wasm") registerWasmKernels();
  if (backend === "webgpu") registerWebgpuKernels();
  registered.add(backend);
}

/** What webgpu had before, so that the two can be measured side by side. */
const stockWebgpu: KernelConfig[] = [];

/** Puts the stock kernels of webgpu back, to measure what ours gain. */
export function restoreStockKernels(): void {
  for (const kernelName of [...channelKernels, ...elementKernels])
    unregisterKernel(kernelName, "webgpu");
  for (const stock of stockWebgpu) {
    unregisterKernel(stock.kernelName, "webgpu");
    registerKernel(stock);
  }
}

/** What a pool's kernel and gradient have in common. */
function poolGeometry(attributes: NamedAttrMap | undefined, inputShape: Shape4D): PoolInfo {
  return backend_util.computePool2DInfo(
    inputShape,
    attributes?.["filterSize"] as number | [number, number],
    attributes?.["strides"] as number | [number, number],
    1,
    attributes?.["pad"] as Pad,
    attributes?.["dimRoundingMode"] as "floor" | "round" | "ceil" | undefined,
  );
}

/** The input gradient as a convolution, whose kernel is the faster one. */
function registerInputGradient(backendName: "wasm" | "webgpu"): void {
  registerKernel({
    kernelName: Conv2DBackpropInput,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = tensors(inputs);
      const shape = attrs?.["inputShape"] as Shape4D;
      return inputGradient(dy, filter, shape, geometry(attrs, shape, filter.shape));
    },
  });
}

/**
 * The backend's own gradient of a filter has one thread per weight, its means one per image and channel,
 * its gradient of an input no shared memory, and its max pool another choice among equals.
 */
function registerWebgpuKernels(): void {
  const backendName = "webgpu";
  const replaced = [Conv2DBackpropInput, Conv2DBackpropFilter, MaxPoolGrad];
  for (const kernelName of [...replaced, ...productKernels]) {
    stockWebgpu.push(getKernel(kernelName, backendName));
  }
  for (const kernelName of replaced) unregisterKernel(kernelName, backendName);
  orderProducts();
  registerChannelKernels();
  registerElementKernels();
  registerInputGradient(backendName);
  registerKernel({
    kernelName: Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = tensors(inputs);
      const shape = attrs?.["filterShape"] as Shape4D;
      const convolution = geometry(attrs, x.shape, shape);
      return filterGradientOnDevice(backend as WebGPUBackend, x, dy, shape, convolution);
    },
  });
  registerKernel({
    kernelName: MaxPoolGrad,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { input, dy } = inputs as unknown as Record<"input" | "dy", Tensor4D>;
      const info = poolGeometry(attrs, input.shape);
      return maxPoolGradientOnDevice(backend as WebGPUBackend, input, dy, info);
    },
  });
}

function registerWasmKernels(): void {
  for (const kernelName of [Conv2DBackpropInput, Identity, MaxPoolGrad]) {
    if (getKernel(kernelName, "wasm") !== undefined) unregisterKernel(kernelName, "wasm");
  }
  registerInputGradient("wasm");
  registerKernel({
    kernelName: Identity,
    backendName: "wasm",
    // The stock kernel copies, and the tape clones all that it keeps: half of the memory in training.
    kernelFunc: ({ inputs, backend }) => {
      const { x } = inputs as unknown as { readonly x: TensorInfo };
      (backend as KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
  registerKernel({
    kernelName: MaxPoolGrad,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { input, dy } = inputs as unknown as Record<"input" | "dy", Tensor4D>;
      return maxPoolGradient(input, dy, poolGeometry(attrs, input.shape));
    },
  });
  registerKernel({
    kernelName: Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = tensors(inputs);
      const shape = attrs?.["filterShape"] as Shape4D;
      return filterGradient(x, dy, shape, geometry(attrs, x.shape, shape));
    },
  });
}

/** The engine hands kernels its tensors, though their type says only what is sure on any backend. */
function tensors(inputs: NamedTensorInfoMap): Record<"x" | "dy" | "filter", Tensor4D> {
  return inputs as unknown as Record<"x" | "dy" | "filter", Tensor4D>;
}

/** Strides, dilations and near padding as numbers, from a kernel's attributes. */
function geometry(
  attributes: NamedAttrMap | undefined,
  inputShape: Shape4D,
  filterShape: Shape4D,
  depthwise = false,
): Convolution {
  const info = backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    attributes?.["strides"] as number | [number, number],
    (attributes?.["dilations"] ?? 1) as number | [number, number],
    attributes?.["pad"] as Pad,
    attributes?.["dimRoundingMode"] as "floor" | "round" | "ceil" | undefined,
    depthwise,
  );
  return {
    stride: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
  };
}

function overrideGradients(): void {
  overrideConvolutions();
  const average = stockGradient(AvgPool);
  registerGradient({
    kernelName: AvgPool,
    inputsToSave: ["x"],
    gradFunc: (dy, saved, attributes) => {
      const [x] = saved as [Tensor4D];
      const info = poolGeometry(attributes, x.shape);
      const { top, bottom, left, right } = info.padInfo;
      // TensorFlow itself leaves padding out of the count.
      const exact = getBackend() === "tensorflow" || top + bottom + left + right === 0;
      const corrected = exact ? dy : correctAverage(dy as Tensor4D, info);
      return average(corrected, saved, attributes);
    },
  });
  const resize = stockGradient(ResizeNearestNeighbor);
  registerGradient({
    kernelName: ResizeNearestNeighbor,
    inputsToSave: ["images"],
    gradFunc: (dy, saved, attributes) => {
      const [images] = saved as [Tensor4D];
      const [, height, width] = (dy as Tensor4D).shape;
      const factor = [height / images.shape[1], width / images.shape[2]] as const;
      const whole = factor.every(Number.isInteger) && attributes["alignCorners"] !== true;
      if (!whole) return resize(dy, saved, attributes);
      return { images: () => repeatGradient(dy as Tensor4D, factor) };
    },
  });
}

function overrideConvolutions(): void {
  const conv = stockGradient(Conv2D);
  registerGradient({
    kernelName: Conv2D,
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, saved, attributes) => {
      if (isUndilated(attributes)) return conv(dy, saved, attributes);
      const [x, filter] = saved as [Tensor4D, Tensor4D];
      const convolution = geometry(attributes, x.shape, filter.shape);
      return {
        x: () => inputGradient(dy as Tensor4D, filter, x.shape, convolution),
        filter: () => filterGradient(x, dy as Tensor4D, filter.shape, convolution),
      };
    },
  });
  const depthwise = stockGradient(DepthwiseConv2dNative);
  registerGradient({
    kernelName: DepthwiseConv2dNative,
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, saved, attributes) => {
      const hasKernel = getKernel(DepthwiseConv2dNativeBackpropFilter, getBackend()) !== undefined;
      if (hasKernel && isUndilated(attributes)) return depthwise(dy, saved, attributes);
      const [x, filter] = saved as [Tensor4D, Tensor4D];
      const convolution = geometry(attributes, x.shape, filter.shape, true);
      return {
        x: () => depthwiseInputGradient(dy as Tensor4D, filter, x.shape, convolution),
        filter: () => depthwiseFilterGradient(x, dy as Tensor4D, filter.shape, convolution),
      };
    },
  });
}

/** The gradient as it was before ours took its place. */
function stockGradient(kernelName: string): StockGradient {
  const stock = stockGradients.get(kernelName) ?? getGradient(kernelName)?.gradFunc;
  if (stock === undefined) throw new Error(`TensorFlow.js has no gradient for ${kernelName}`);
  stockGradients.set(kernelName, stock);
  return stock;
}

function isUndilated(attributes: NamedAttrMap): boolean {
  const dilations = attributes["dilations"] ?? 1;
  return [dilations].flat().every((dilation) => dilation === 1);
}
