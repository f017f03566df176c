/**
 * Batch normalisation (Ioffe and Szegedy 2015) with its gradient in closed form. Stock tf.layers
 * composes it of a dozen broadcasting operations, each of which the tape keeps.
 */
import {
  add,
  keep,
  mul,
  neg,
  onesLike,
  reshape,
  rsqrt,
  square,
  sub,
  tidy,
  zerosLike,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { channelMeans, scaleChannels } from "./channels.js";
import { applyLean } from "./lean-layers.js";
import {
  hasChannelKernels,
  normaliseGradientsOnDevice,
  normaliseOnDevice,
} from "./webgpu/channel-kernels.js";

export interface BatchStatistics {
  readonly mean: Tensor1D;
  /** The biased variance, as TensorFlow keeps it; PyTorch's moving variance is the unbiased one. */
  readonly variance: Tensor1D;
}

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta with the batch's own statistics over all axes
 * but the last. The statistics are kept for the caller, who disposes of them.
 */
export function normaliseBatch(
  x: Tensor,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
): { readonly y: Tensor; readonly statistics: BatchStatistics } {
  let statistics: BatchStatistics | undefined;
  const y = applyLean([asMap(x), gamma, beta], (inputs) => {
    const [map, scale, shift] = inputs as [Tensor4D, Tensor1D, Tensor1D];
    if (hasChannelKernels()) {
      const { y, mean, variance } = normaliseOnDevice(map, scale, shift, epsilon);
      statistics = { mean: keep(mean), variance: keep(variance) };
      return {
        value: y,
        saved: [map, scale, mean, variance],
        gradients: (dy, saved) => {
          const [x, gamma, mean, variance] = saved as [Tensor4D, Tensor1D, Tensor1D, Tensor1D];
          const of = { mean, variance };
          return normaliseGradientsOnDevice(dy as Tensor4D, x, gamma, of, epsilon);
        },
      };
    }
    const mean = keep(channelMeans(map));
    const centred = scaleChannels(map, onesLike(scale), neg(mean));
    const variance = keep(tidy(() => channelMeans(square<Tensor4D>(centred))));
    statistics = { mean, variance };
    const inverse = rsqrt<Tensor1D>(add<Tensor1D>(variance, epsilon));
    return {
      value: scaleChannels(centred, mul<Tensor1D>(scale, inverse), shift),
      saved: [map, scale, mean, inverse],
      gradients: (dy, saved) => batchGradients(dy as Tensor4D, saved),
    };
  });
  if (statistics === undefined) throw new Error("the forward pass did not run");
  return { y: likeInput(y, x), statistics };
}

/**
 * With m values per channel and xhat = (x - mean) inverse (Ioffe and Szegedy 2015, section 3):
 * dbeta = sum dy, dgamma = sum dy xhat,
 * dx = gamma inverse (dy - dbeta / m - xhat dgamma / m).
 */
function batchGradients(dy: Tensor4D, saved: readonly Tensor[]): Tensor[] {
  const [x, gamma, mean, inverse] = saved as [Tensor4D, Tensor1D, Tensor1D, Tensor1D];
  const values = x.size / gamma.size;
  const centred = scaleChannels(x, onesLike(gamma), neg(mean));
  const meanDy = channelMeans(dy);
  const meanDyCentred = tidy(() => channelMeans(mul<Tensor4D>(dy, centred)));
  const scale = mul<Tensor1D>(gamma, inverse);
  const slope = neg<Tensor1D>(mul<Tensor1D>(scale, mul(meanDyCentred, square(inverse))));
  const alongX = scaleChannels(centred, slope, zerosLike(slope));
  // The maps are the largest tensors of a step; holding one less here is felt in its peak.
  centred.dispose();
  const alongDy = scaleChannels(dy, scale, neg<Tensor1D>(mul<Tensor1D>(scale, meanDy)));
  const dx = add(alongDy, alongX);
  return [dx, mul(mul(meanDyCentred, inverse), values), mul(meanDy, values)];
}

/** The same with given (moving) statistics, as one scale and one shift per channel. */
export function normaliseWith(
  x: Tensor,
  gamma: Tensor1D,
  beta: Tensor1D,
  { mean, variance }: BatchStatistics,
  epsilon: number,
): Tensor {
  return tidy(() => {
    const scale = mul<Tensor1D>(gamma, rsqrt<Tensor1D>(add<Tensor1D>(variance, epsilon)));
    const shift = sub<Tensor1D>(beta, mul(mean, scale));
    return likeInput(scaleChannels(asMap(x), scale, shift), x);
  });
}

/** The same in a training step, where only the gradient for x is asked for: dx = scale dy. */
export function normaliseFrozen(
  x: Tensor,
  gamma: Tensor1D,
  beta: Tensor1D,
  moving: BatchStatistics,
  epsilon: number,
): Tensor {
  const y = applyLean([asMap(x)], ([map]) => {
    const scale = mul<Tensor1D>(gamma, rsqrt<Tensor1D>(add<Tensor1D>(moving.variance, epsilon)));
    const shift = sub<Tensor1D>(beta, mul(moving.mean, scale));
    return {
      value: scaleChannels(map as Tensor4D, scale, shift),
      saved: [scale],
      gradients: (dy, [factor]) => [
        scaleChannels(dy as Tensor4D, factor as Tensor1D, zerosLike(factor as Tensor1D)),
      ],
    };
  });
  return likeInput(y, x);
}

/** A vector per image counts as a 1x1 map. */
function asMap(x: Tensor): Tensor4D {
  if (x.rank === 4) return x as Tensor4D;
  return reshape(x, [x.shape[0] ?? 1, 1, 1, x.size / (x.shape[0] ?? 1)]);
}

/** Reshapes only where it must: the tape would keep the operand of a reshape. */
function likeInput(y: Tensor, x: Tensor): Tensor {
  return x.rank === 4 ? y : reshape(y, x.shape);
}
