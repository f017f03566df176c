/** What is measured on a GPU: networks with the batches that are tried, smallest first. */
import { resnet20, resnet50, type Case } from "../bench/train/cases.js";

export interface Series {
  readonly title: string;
  readonly of: Case;
  readonly batches: readonly number[];
}

export const series: readonly Series[] = [
  { title: "CIFAR ResNet-20, 32x32", of: resnet20, batches: [32, 128, 512, 2048] },
  { title: "ResNet-50, 224x224", of: resnet50, batches: [8, 32, 64, 128] },
];

/** The same on sizes that a GPU in software gets through, to try the script itself. */
export const tinySeries: readonly Series[] = [
  { title: "CIFAR ResNet-20, 32x32", of: resnet20, batches: [1, 2] },
];

/** One measurement, which a process of its own makes. */
export interface GpuJob {
  readonly of: Case;
  readonly batch: number;
  /** The kernels of TensorFlow.js instead of ours. */
  readonly stock: boolean;
  readonly device?: string;
  /** How long steps are timed, after those that compile shaders. */
  readonly seconds: number;
}

export interface Measured {
  readonly imagesPerSecond: number;
  readonly steps: number;
  /** Until the first step's metrics were there: opening, and compiling shaders. */
  readonly secondsToFirst: number;
  /** What the backend's buffers take on the GPU. */
  readonly megabytes: number;
}
