/** What tells how long a kernel takes: a clock round it, or the device's own. */
import { backend } from "@tensorflow/tfjs-core";

/** Begins with a kernel. @returns what ends with it, and gives milliseconds, at once or later. */
export type KernelTimer = () => () => number | Promise<number>;

/** Right where a kernel computes as it is called. */
export const wallTimer: KernelTimer = () => {
  const began = performance.now();
  return () => performance.now() - began;
};

/** Of the WebGPU backend: while there is a list, each shader is a pass of its own with two timestamps. */
interface TimingBackend {
  supportTimestampQuery: boolean;
  activeTimers: { readonly query: Promise<number> }[] | null;
}

/** The clock of the current WebGPU device. Undefined where it has none. */
export function deviceTimer(): KernelTimer | undefined {
  const device = backend() as unknown as TimingBackend;
  if (!device.supportTimestampQuery) return undefined;
  return () => {
    device.activeTimers = [];
    return async () => {
      const queries = (device.activeTimers ?? []).map(({ query }) => query);
      device.activeTimers = null;
      const times = await Promise.all(queries);
      // Some drivers give the end of a pass before its beginning: what it took is then not known.
      return times.reduce((sum, milliseconds) => sum + Math.max(0, milliseconds), 0);
    };
  };
}
