/**
 * ResNet-20 for CIFAR-10 and ResNet-18 as a person writes them by hand with tf.layers: stock layers, stock
 * batch norm, the paper's shortcuts, softmax at the end. What the compiler's networks are measured against.
 */
import {
  maxPool,
  pad,
  serialization,
  tidy,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";

type Value = layers.SymbolicTensor;

/** Option A of He et al. 2015: every second pixel, and channels of zeros. */
class PaddedShortcut extends layers.layers.Layer {
  static readonly className = "PaddedShortcut";

  constructor(private readonly channels: number) {
    super({});
  }

  override computeOutputShape(shape: layers.Shape | layers.Shape[]): layers.Shape {
    const [n = null, h, w] = shape as layers.Shape;
    return [n, Math.ceil((h ?? 0) / 2), Math.ceil((w ?? 0) / 2), this.channels];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      const c = x.shape.at(-1) ?? 0;
      // A strided slice has no gradient in TensorFlow.js.
      const kept = maxPool(x as Tensor4D, 1, 2, "valid");
      return pad(kept, [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, this.channels - c],
      ]);
    });
  }
}
serialization.registerClass(PaddedShortcut);

const { layers: make, regularizers } = layers;

function apply(layer: layers.layers.Layer, x: Value | Value[]): Value {
  return layer.apply(x) as Value;
}

function convolve(x: Value, filters: number, kernelSize: number, strides: number): Value {
  const kernelRegularizer = regularizers.l2({ l2: 1e-4 });
  const options = { padding: "same", useBias: false, kernelInitializer: "heNormal" } as const;
  const conv = make.conv2d({ filters, kernelSize, strides, kernelRegularizer, ...options });
  return apply(make.batchNormalization(), apply(conv, x));
}

function relu(x: Value): Value {
  return apply(make.activation({ activation: "relu" }), x);
}

function basic(x: Value, filters: number, strides: number, shortcut: (x: Value) => Value): Value {
  const residual = convolve(relu(convolve(x, filters, 3, strides)), filters, 3, 1);
  const changes = strides !== 1 || x.shape.at(-1) !== filters;
  return relu(apply(make.add(), [residual, changes ? shortcut(x) : x]));
}

function classifier(input: Value, x: Value, classes: number): layers.LayersModel {
  const pooled = apply(make.globalAveragePooling2d({}), x);
  const outputs = apply(make.dense({ units: classes, activation: "softmax" }), pooled);
  return layers.model({ inputs: input, outputs });
}

/** 32x32x3, 10 classes. */
function resnet20(): layers.LayersModel {
  const input = layers.input({ shape: [32, 32, 3] });
  let x = relu(convolve(input, 16, 3, 1));
  for (const [stage, filters] of [16, 32, 64].entries()) {
    const shortcut = (value: Value): Value => apply(new PaddedShortcut(filters), value);
    for (let block = 0; block < 3; block++) {
      x = basic(x, filters, stage > 0 && block === 0 ? 2 : 1, shortcut);
    }
  }
  return classifier(input, x, 10);
}

/** 224x224x3, 1000 classes. */
function resnet18(): layers.LayersModel {
  const input = layers.input({ shape: [224, 224, 3] });
  const stem = relu(convolve(input, 64, 7, 2));
  let x = apply(make.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }), stem);
  for (const [stage, filters] of [64, 128, 256, 512].entries()) {
    const strides = stage > 0 ? 2 : 1;
    const shortcut = (value: Value): Value => convolve(value, filters, 1, strides);
    for (let block = 0; block < 2; block++) {
      x = basic(x, filters, block === 0 ? strides : 1, shortcut);
    }
  }
  return classifier(input, x, 1000);
}

export const stockNetworks = { ResNet20: resnet20, ResNet18: resnet18 };
