/** Convolutions and pools in stock layers, exact for every padding, stride and rounding they accept. */
import { layersCanGroup } from "../../graph/engine-limits.js";
import {
  bothSides,
  croppedSides,
  exactMode,
  mapWindow,
  zeroSides,
  type MapWindow,
} from "../../graph/window-padding.js";
import { initializers, layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { ConvAttributes, Pair, PoolAttributes } from "../../ops/attributes.js";
import { GroupedConv2D } from "./grouped-conv.js";
import { only, type Place } from "./place.js";
import { unsupported, type Unsupported } from "./unsupported.js";
type Mode = "valid" | "same";
type Padded = { readonly x: SymbolicTensor; readonly mode: Mode };

/** 'valid' or 'same' where exact, otherwise zeros around the map and 'valid'. */
function padWithZeros(
  place: Place<"conv"> | Place<"maxpool">,
  windows: MapWindow,
): Padded | undefined {
  const { x } = only(place);
  const mode = exactMode(windows);
  if (mode !== undefined) return { x, mode };
  const padding = bothSides(windows, zeroSides);
  if (padding === undefined) return undefined;
  const layer = layers.zeroPadding2d({ padding, name: place.name("pad") });
  return { x: place.apply(layer, x), mode: "valid" };
}

/**
 * tf.layers ignores `groups` without a word, so it is never passed on: one group is a convolution, as
 * many groups as channels are a depthwise one, and others are a layer of our own, which no file can have.
 */
export function lowerConv(place: Place<"conv">): SymbolicTensor | Unsupported {
  const { node } = place;
  const { type } = only(place);
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
  const padded = padWithZeros(place, mapWindow(type, window, attributes.dilation, false));
  if (padded === undefined) throw new RangeError("a convolution's padding is always known");
  const filtered = place.apply(
    convLayer({ ...attributes, stride }, padded.mode, place.name(), type.channels),
    padded.x,
  );
  return both ? subsample(place, filtered, attributes.stride) : filtered;
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
  const windows = poolAxes(place);
  if (place.nonNegative || exactMode(windows) !== undefined) {
    const padded = padWithZeros(place, windows);
    if (padded !== undefined) {
      const pool = poolArguments(place.node.attributes, padded.mode, place.name());
      return place.apply(layers.maxPooling2d(pool), padded.x);
    }
  }
  return (
    atEveryPosition(place, windows, (pool) => layers.maxPooling2d(pool)) ??
    unsupported(
      place.nonNegative
        ? "how far the windows of this maximum reach beyond its map depends on the input's size"
        : "stock layers pad a maximum with zeros, and its input may be negative",
      `${place.nonNegative ? "" : "put a `relu` before the pool, or "}choose \`pad:\` below half of the window and no \`ceil\``,
    )
  );
}

/** 'same' leaves padding out of the count, as the language does; zeros would count. */
export function lowerAvgPool(place: Place<"avgpool">): SymbolicTensor | Unsupported {
  const windows = poolAxes(place);
  const mode = exactMode(windows);
  if (mode !== undefined) {
    const pool = poolArguments(place.node.attributes, mode, place.name());
    return place.apply(layers.averagePooling2d(pool), only(place).x);
  }
  return (
    atEveryPosition(place, windows, (pool) => layers.averagePooling2d(pool)) ??
    unsupported(
      "stock layers would count the padding of this average",
      "choose `pad:` below half of the window, or an input size that the windows cover evenly",
    )
  );
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

function poolAxes(place: Place<"maxpool"> | Place<"avgpool">): MapWindow {
  const { attributes } = place.node;
  return mapWindow(only(place).type, attributes, [1, 1], attributes.ceil);
}

/**
 * The pool at every position with 'same', whose padding neither wins nor counts, then the rows and
 * columns that the wanted windows are centred on.
 */
function atEveryPosition(
  place: Place<"maxpool"> | Place<"avgpool">,
  windows: MapWindow,
  layer: (pool: PoolArguments) => layers.Layer,
): SymbolicTensor | undefined {
  const cropping = bothSides(windows, croppedSides);
  if (cropping === undefined) return undefined;
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
