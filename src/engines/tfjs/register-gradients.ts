/**
 * Puts the gradients of convolutions into TensorFlow.js's registries: both kernels for wasm, which has
 * one slow and one none, and for every backend the gradients of dilated and depthwise convolutions
 * where its own do not exist. Stock gradients stay in use wherever they do.
 */
import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  registerKernel,
  unregisterKernel,
  type GradFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
// Registers the stock gradients, which tfjs-core alone does not.
import "@tensorflow/tfjs-layers";
import { filterGradient, inputGradient, type Convolution } from "./convolution-gradients.js";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise-gradients.js";

type Shape4D = [number, number, number, number];
type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];

const registered = new Set<string>();

/** Registers what `backend` lacks; a second call for the same backend does nothing. */
export function registerGradients(backend: string): void {
  if (registered.has(backend)) return;
  if (registered.size === 0) overrideGradients();
  if (backend === "wasm") registerWasmKernels();
  registered.add(backend);
}

function registerWasmKernels(): void {
  if (getKernel(Conv2DBackpropInput, "wasm") !== undefined) {
    unregisterKernel(Conv2DBackpropInput, "wasm");
  }
  registerKernel({
    kernelName: Conv2DBackpropInput,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = tensors(inputs);
      const shape = attrs?.["inputShape"] as Shape4D;
      return inputGradient(dy, filter, shape, geometry(attrs, shape, filter.shape));
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

function stockGradient(
  kernelName: string,
): (dy: Tensor | Tensor[], saved: Tensor[], attributes: NamedAttrMap) => ReturnType<GradFunc> {
  const stock = getGradient(kernelName);
  if (stock === undefined) throw new Error(`TensorFlow.js has no gradient for ${kernelName}`);
  return stock.gradFunc;
}

function isUndilated(attributes: NamedAttrMap): boolean {
  const dilations = attributes["dilations"] ?? 1;
  return [dilations].flat().every((dilation) => dilation === 1);
}
