/** Tensors as the Python scripts beside tests write them into JSON. */
import type { NamedTensor } from "../src/engines/engine.js";

export interface Packed {
  readonly shape: readonly number[];
  /** float32, the lowest byte first, as base64. */
  readonly data: string;
}

export function unpacked({ shape, data }: Packed): NamedTensor {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  return { shape, data: new Float32Array(bytes.buffer) };
}
