/** Convolutions and pools in stock layers, exact for every padding, stride and rounding they accept. */
import { layersCanGroup, poolWay } from "../../graph/engine-limits.js";
import {
  bothSides,
  exactMode,
  mapWindow,
  zeroSides,
  type BothSides,
  type MapWindow,
} from "../../graph/window-padding.js";
import { initializers, layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { ConvAttributes, Pair, PoolAttributes } from "../../ops/attributes.js";
import { GroupedConv2D } from "./grouped-conv.js";
import { only, type Place } from "./place.js";
import { unsupported, type Unsupported } from "./unsupported.js";
type Mode = "valid" | "same";
/**
 * tf.layers ignores `groups` without a word, so it is never passed on: one group is a convolution, as
 * many groups as channels are a depthwise one, and others are a layer of our own, which no file can have.
 */
export function lowerConv(place: Place<"conv">): SymbolicTensor | Unsupported {
  const { node } = place;
  const { x, type } = only(place);
  const attributes = node.attributes;
  if (place.stock && !layersCanGroup(type.channels, attributes.groups)) {
    return unsupported(
      `a convolution of ${type.channels} channels in ${attributes.groups} groups is not among the ` +
        "stock layers; only 1 group, or as many groups as input channels, are",
      "write the network for other runtimes, in which it runs: `resnetc export --to onnx`; or " +
        `\`groups: 1\` or \`groups: ${type.channels}\``,
    );
  }
  // tf.conv2d takes a stride or a dilation, not both: compute every row, then keep every s-th.
  const both = !isOne(attributes.stride) && !isOne(attributes.dilation);
  const stride: Pair = both ? [1, 1] : attributes.stride;
  const window = { ...attributes, stride };
  const windows = mapWindow(type, window, attributes.dilation, false);
  const mode = exactMode(windows);
  const padded = mode === undefined ? withZeros(place, x, zerosAround(windows)) : x;
  const filtered = place.apply(
    convLayer({ ...attributes, stride }, mode ?? "valid", place.name(), type.channels),
    padded,
  );
  return both ? subsample(place, filtered, attributes.stride) : filtered;
}

/** @throws RangeError where their number is not known, as it always is of a window that rounds down. */
function zerosAround(windows: MapWindow): BothSides {
  const padding = bothSides(windows, zeroSides);
  if (padding === undefined) throw new RangeError("a convolution's padding is always known");
  return padding;
}

function withZeros(
  place: Place<"conv"> | Place<"maxpool"> | Place<"avgpool">,
  x: SymbolicTensor,
  padding: BothSides,
): SymbolicTensor {
  return place.apply(layers.zeroPadding2d({ padding, name: place.name("pad") }), x);
}

function convLayer(
  attributes: ConvAttributes,
  padding: Mode,
  name: string,
  inputs: number,
): layers.Layer {
  const common = {
    kernelSize: [...attributes.kernel] as [number, number],
    strides: [...attributes.stride] as [number, number],
    dilationRate: [...attributes.dilation] as [number, number],
    useBias: attributes.bias,
    padding,
    name,
  };
  if (attributes.groups === 1) {
    return layers.conv2d({
      ...common,
      filters: attributes.channels,
      kernelInitializer: initializers.heNormal({}),
    });
  }
  if (layersCanGroup(inputs, attributes.groups)) {
    return layers.depthwiseConv2d({ ...common, depthMultiplier: attributes.channels / inputs });
  }
  return new GroupedConv2D({ ...attributes, padding, name });
}

/** Zeros may stand for padding only where nothing is below them; otherwise see `atEveryPosition`. */
export function lowerMaxPool(place: Place<"maxpool">): SymbolicTensor | Unsupported {
  const { nonNegative } = place;
  return (
    lowerPool(place, (pool) => layers.maxPooling2d(pool)) ??
    unsupported(
      nonNegative
        ? "how far the windows of this maximum reach beyond its map depends on the input's size"
        : "stock layers pad a maximum with zeros, and its input may be negative",
      `${nonNegative ? "" : "put a `relu` before the pool, or "}choose \`pad:\` below half of the window and no \`ceil\``,
    )
  );
}

/** 'same' leaves padding out of the count, as the language does; zeros would count. */
export function lowerAvgPool(place: Place<"avgpool">): SymbolicTensor | Unsupported {
  return (
    lowerPool(place, (pool) => layers.averagePooling2d(pool)) ??
    unsupported(
      "stock layers would count the padding of this average",
      "choose `pad:` below half of the window, or an input size that the windows cover evenly",
    )
  );
}

/** @param layer makes the pool; undefined where no way to compute it is exact. */
function lowerPool(
  place: Place<"maxpool"> | Place<"avgpool">,
  layer: (pool: PoolArguments) => layers.Layer,
): SymbolicTensor | undefined {
  const { x, type } = only(place);
  const { op, attributes } = place.node;
  const way = poolWay(op, attributes, type, place.nonNegative);
  const pooled = (mode: Mode, of: SymbolicTensor): SymbolicTensor =>
    place.apply(layer(poolArguments(attributes, mode, place.name())), of);
  switch (way?.kind) {
    case "padded":
      return pooled(way.mode, x);
    case "zeros":
      return pooled("valid", withZeros(place, x, way.padding));
    case "cropped":
      return atEveryPosition(place, way.cropping, layer);
    case undefined:
      return undefined;
  }
}

type PoolArguments = Parameters<typeof layers.maxPooling2d>[0];

function poolArguments(attributes: PoolAttributes, padding: Mode, name: string): PoolArguments {
  return {
    poolSize: [...attributes.kernel] as [number, number],
    strides: [...attributes.stride] as [number, number],
    padding,
    name,
  };
}

/**
 * The pool at every position with 'same', whose padding neither wins nor counts, then the rows and
 * columns that the wanted windows are centred on.
 */
function atEveryPosition(
  place: Place<"maxpool"> | Place<"avgpool">,
  cropping: BothSides,
  layer: (pool: PoolArguments) => layers.Layer,
): SymbolicTensor {
  const { attributes } = place.node;
  const everywhere = { ...attributes, stride: [1, 1] as const };
  const pooled = place.apply(layer(poolArguments(everywhere, "same", place.name())), only(place).x);
  const cropped = cropping.flat().some((rows) => rows > 0)
    ? place.apply(layers.cropping2D({ cropping, name: place.name("crop") }), pooled)
    : pooled;
  return isOne(attributes.stride) ? cropped : subsample(place, cropped, attributes.stride);
}

/** Every stride-th row and column: an average over one value. */
function subsample(
  place: Place<"conv"> | Place<"maxpool"> | Place<"avgpool">,
  x: SymbolicTensor,
  stride: Pair,
): SymbolicTensor {
  return place.apply(subsampleLayer(stride, place.name("subsample")), x);
}

/** The layer that keeps every stride-th row and column, from the first. */
export function subsampleLayer(stride: Pair, name: string): layers.Layer {
  return layers.averagePooling2d({
    poolSize: [1, 1],
    strides: [...stride] as [number, number],
    padding: "valid",
    name,
  });
}

function isOne(pair: Pair): boolean {
  return pair[0] === 1 && pair[1] === 1;
}
