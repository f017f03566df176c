/** The number formats of safetensors that are read as float32, and their little-endian bytes as such. */

interface Dtype {
  readonly bytes: number;
  /** The value at a place of the bytes. */
  readonly read: (view: DataView, at: number) => number;
}

/** What can be read: narrower formats exactly, float64 rounded to the nearest float32. */
const dtypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ["F32", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["F64", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  ["F16", { bytes: 2, read: (view, at) => halfValue(view.getUint16(at, true)) }],
  ["BF16", { bytes: 2, read: brainFloat }],
]);

export const readableDtypes: readonly string[] = [...dtypes.keys()];

/** Bytes of one number; undefined where the format is not one of `readableDtypes`. */
export function bytesOfDtype(dtype: string): number | undefined {
  return dtypes.get(dtype)?.bytes;
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** A number that only float64 can hold, in a file that is whole. */
export class Float32RangeError extends Error {
  override readonly name = "Float32RangeError";
}

/**
 * Little-endian numbers as float32: the very bytes where they are that already and so aligned, else a copy.
 *
 * @param name of their tensor.
 * @throws RangeError for a format that is not readable. @throws Float32RangeError where they are beyond float32.
 */
export function floatsOf(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  const width = Float32Array.BYTES_PER_ELEMENT;
  if (dtype !== "F32" || !littleEndian || bytes.byteOffset % width !== 0) {
    const values = toFloat32(dtype, bytes);
    if (dtype === "F64") refuseBeyond(name, values, bytes);
    return values;
  }
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / width);
}

/** @param values what the bytes of a tensor of float64 have become. */
function refuseBeyond(name: string, values: Float32Array, bytes: Uint8Array): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = view.getFloat64(place * 8, true);
  if (!Number.isFinite(value)) return;
  throw new Float32RangeError(`${name} has ${value}, which is beyond the range of float32`);
}

/** A copy of little-endian numbers as float32. @throws RangeError for a format that is not readable. */
export function toFloat32(dtype: string, bytes: Uint8Array): Float32Array {
  const known = dtypes.get(dtype);
  if (known === undefined) throw new RangeError(`${dtype} is no readable format`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / known.bytes }, (_, i) =>
    known.read(view, i * known.bytes),
  );
}

/** IEEE 754 binary16: a sign, five bits of exponent with bias 15, ten of fraction. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brainFloat(view: DataView, at: number): number {
  const whole = new DataView(new ArrayBuffer(4));
  whole.setUint16(2, view.getUint16(at, true), true);
  return whole.getFloat32(0, true);
}
