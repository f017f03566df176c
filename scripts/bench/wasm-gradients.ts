/**
 * Measures a convolution's forward pass and both gradients on wasm at batch 8 with 3x3 kernels, beside
 * the input gradient kernel that stock TensorFlow.js has for wasm.
 */
import * as tf from "@tensorflow/tfjs-core";
import { startWasm } from "../../src/engines/tfjs/wasm-backend.js";

export interface GradientRow {
  readonly layer: string;
  /** 2 * multiply-adds / time, in 10^9 per second. */
  readonly forward: number;
  readonly stockInputGradient: number;
  readonly inputGradient: number;
  readonly filterGradient: number;
  /** How many times as fast as the stock kernel the input gradient is. */
  readonly ratio: number;
}

const layers = [
  { extent: 32, channels: 16 },
  { extent: 56, channels: 64 },
  { extent: 28, channels: 128 },
  { extent: 14, channels: 256 },
  { extent: 7, channels: 512 },
] as const;

const batch = 8;

/** Wall seconds of the fastest of `repeats` calls. */
function fastest(repeats: number, run: () => tf.Tensor): number {
  let best = Infinity;
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    run().dispose();
    if (i > 0) best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** One row per layer shape of the CIFAR and ImageNet networks. @param tiny the first of them alone. */
export async function benchWasmGradients(tiny: boolean): Promise<readonly GradientRow[]> {
  await import("@tensorflow/tfjs-backend-wasm");
  const stockName = "StockConv2DBackpropInput";
  const stock = tf.getKernel(tf.Conv2DBackpropInput, "wasm");
  tf.registerKernel({ ...stock, kernelName: stockName });
  await startWasm();
  return layers
    .slice(0, tiny ? 1 : layers.length)
    .map(({ extent, channels }) => measure(extent, channels, stockName));
}

function measure(extent: number, channels: number, stockName: string): GradientRow {
  const inputShape: [number, number, number, number] = [batch, extent, extent, channels];
  const filterShape: [number, number, number, number] = [3, 3, channels, channels];
  const x = tf.randomNormal<tf.Rank.R4>(inputShape);
  const dy = tf.randomNormal<tf.Rank.R4>(inputShape);
  const filter = tf.randomNormal<tf.Rank.R4>(filterShape);
  const operations = 2 * batch * extent * extent * 9 * channels * channels;
  const rate = (seconds: number): number => operations / seconds / 1e9;
  const common = { strides: [1, 1], pad: "same", dataFormat: "NHWC" };
  const run = (
    kernel: string,
    inputs: Record<string, tf.Tensor>,
    attributes: Record<string, unknown>,
  ): tf.Tensor =>
    tf.engine().runKernel(kernel, inputs, { ...common, ...attributes } as never) as tf.Tensor;
  const forward = rate(fastest(3, () => tf.conv2d(x, filter, 1, "same")));
  const input = { inputShape };
  const stockRate = rate(fastest(2, () => run(stockName, { dy, filter }, input)));
  const own = rate(fastest(3, () => run(tf.Conv2DBackpropInput, { dy, filter }, input)));
  const filterRate = rate(
    fastest(3, () => run(tf.Conv2DBackpropFilter, { x, dy }, { filterShape })),
  );
  tf.dispose([x, dy, filter]);
  return {
    layer: `${extent}x${extent}x${channels}`,
    forward,
    stockInputGradient: stockRate,
    inputGradient: own,
    filterGradient: filterRate,
    ratio: own / stockRate,
  };
}
