/**
 * The translation of every operation into tf.layers, one row each: stock ones, with which a saved model opens by
 * `tf.loadLayersModel` and no code of ours. What they cannot compute exactly says so, but for grouped convolutions of
 * models that are not to be saved.
 */
import { initializers, input, layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { OpName } from "../../ops/attributes.js";
import type { TensorType } from "../../shapes/index.js";
import { only, type Lower, type Place } from "./place.js";
import { unsupported } from "./unsupported.js";
import { lowerAvgPool, lowerConv, lowerMaxPool, subsampleLayer } from "./windows.js";

export const lowerings: { readonly [K in OpName]: Lower<K> } = {
  input: (place) => input({ shape: shapeOf(place.node.type), name: place.name() }),

  conv: lowerConv,

  batchnorm: (place) => {
    const { epsilon, momentum, gamma } = place.node.attributes;
    const gammaInitializer = initializers.constant({ value: gamma });
    const name = place.name();
    const layer = layers.batchNormalization({ epsilon, momentum, gammaInitializer, name });
    return place.apply(layer, only(place).x);
  },

  relu: (place) => activation(place, "relu"),
  sigmoid: (place) => activation(place, "sigmoid"),

  maxpool: lowerMaxPool,
  avgpool: lowerAvgPool,

  globalavgpool: (place) =>
    place.apply(layers.globalAveragePooling2d({ name: place.name() }), only(place).x),

  flatten: (place) => place.apply(layers.flatten({ name: place.name() }), only(place).x),

  dense: (place) => {
    const { channels, bias } = place.node.attributes;
    // Uniform over +-1 / sqrt(fan-in): sqrt(3 scale / fan-in) is the bound of the distribution.
    const kernelInitializer = initializers.varianceScaling({
      scale: 1 / 3,
      mode: "fanIn",
      distribution: "uniform",
    });
    const name = place.name();
    const layer = layers.dense({ units: channels, useBias: bias, kernelInitializer, name });
    return place.apply(layer, only(place).x);
  },

  dropout: (place) => {
    const { rate } = place.node.attributes;
    return place.apply(layers.dropout({ rate, name: place.name() }), only(place).x);
  },

  // Of graphs that are trained here, never written: training computes it by itself, and inference leaves it out.
  droppath: (place) => {
    const { rate } = place.node.attributes;
    return place.apply(layers.dropout({ rate, name: place.name() }), only(place).x);
  },

  upsample: (place) => {
    const [height, width] = place.node.attributes.factor;
    const layer = layers.upSampling2d({
      size: [height, width],
      interpolation: "nearest",
      name: place.name(),
    });
    return place.apply(layer, only(place).x);
  },

  subsample: (place) =>
    place.apply(subsampleLayer(place.node.attributes.stride, place.name()), only(place).x),

  padchannels: (place) => {
    const { x, type } = only(place);
    const missing = place.node.attributes.channels - type.channels;
    // With 'channelsFirst' the layer pads the last two axes, here width and channels.
    const layer = layers.zeroPadding2d({
      padding: [
        [0, 0],
        [0, missing],
      ],
      dataFormat: "channelsFirst",
      name: place.name(),
    });
    return place.apply(layer, x);
  },

  add: (place) => place.apply(layers.add({ name: place.name() }), place.inputs),

  concat: (place) =>
    place.apply(layers.concatenate({ axis: -1, name: place.name() }), place.inputs),

  multiply: (place) => {
    const [x, gate] = place.inputs;
    const [type, gateType] = place.types;
    if (x === undefined || gate === undefined || type === undefined || gateType === undefined) {
      return unsupported("a product needs two operands");
    }
    // A gate of rank 4 and extent 1 is broadcast over the map by Multiply itself.
    const isVector = gateType.spatial.length === 0 && type.spatial.length === 2;
    const targetShape = [1, 1, gateType.channels];
    const factor = isVector
      ? place.apply(layers.reshape({ targetShape, name: place.name("gate") }), gate)
      : gate;
    return place.apply(layers.multiply({ name: place.name() }), [x, factor]);
  },
};

/** Keras's shape of a type, without the batch axis; null where an extent is symbolic. */
export function shapeOf(type: TensorType): (number | null)[] {
  const extents = type.spatial.map((extent) => (typeof extent === "number" ? extent : null));
  return [...extents, type.channels];
}

function activation(
  place: Place<"relu"> | Place<"sigmoid">,
  kind: "relu" | "sigmoid",
): SymbolicTensor {
  return place.apply(layers.activation({ activation: kind, name: place.name() }), only(place).x);
}
