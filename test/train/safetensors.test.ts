import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NamedTensor } from "../../src/engines/engine.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type TensorFile,
} from "../../src/train/safetensors.js";

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A file with this JSON as its header, and `data` bytes of zeros. */
function fileOf(header: unknown, data = 0): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return joined([length, text, new Uint8Array(data)]);
}

const tensor = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
  .chain((shape): fc.Arbitrary<NamedTensor> => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = fc.float32Array({ minLength: count, maxLength: count });
    return values.map((data) => ({ shape, data }));
  });

const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "1", ""),
  fc.string({ unit: "binary", maxLength: 12 }).filter((key) => key !== "__metadata__"),
);

const anyFile: fc.Arbitrary<TensorFile> = fc.record({
  metadata: fc.array(fc.tuple(name, fc.string({ unit: "binary" }))).map((pairs) => new Map(pairs)),
  tensors: fc.array(fc.tuple(name, tensor)).map((pairs) => new Map(pairs)),
});

/** Bits, not values, so that NaN and -0 count. */
function bitsOf(file: TensorFile): unknown {
  const tensors = [...file.tensors].map(([key, { shape, data }]) => [
    key,
    [...shape],
    [...new Uint8Array(data.slice().buffer)],
  ]);
  const sorted = (pairs: unknown[][]) => pairs.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return { metadata: sorted([...file.metadata]), tensors: sorted(tensors) };
}

describe("the safetensors format", () => {
  test("keeps every bit, name and string, wherever in memory the file lies", () => {
    fc.assert(
      fc.property(anyFile, fc.nat({ max: 7 }), (file, offset) => {
        const bytes = joined(encodeSafetensors(file));
        const moved = Buffer.alloc(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        expect(bitsOf(decodeSafetensors(bytes))).toEqual(bitsOf(file));
        expect(bitsOf(decodeSafetensors(moved))).toEqual(bitsOf(file));
      }),
    );
  });

  test("is the published layout, to the byte", () => {
    const tensors = new Map([["a", { shape: [2], data: Float32Array.of(1, -2) }]]);
    const bytes = joined(encodeSafetensors({ metadata: new Map([["k", "v"]]), tensors }));
    const json = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = json.padEnd(80);
    expect(bytes.subarray(0, 8)).toEqual(Uint8Array.of(80, 0, 0, 0, 0, 0, 0, 0));
    expect(new TextDecoder().decode(bytes.subarray(8, 88))).toBe(padded);
    expect([...bytes.subarray(88)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("writes and reads tensors without copying them", () => {
    const data = Float32Array.of(1, 2, 3);
    const chunks = encodeSafetensors({
      metadata: new Map(),
      tensors: new Map([["a", { shape: [3], data }]]),
    });
    expect(chunks[1]?.buffer).toBe(data.buffer);
    const bytes = joined(chunks);
    expect(decodeSafetensors(bytes).tensors.get("a")?.data.buffer).toBe(bytes.buffer);
  });

  test("keeps counters of 64 bits beside the floats", () => {
    const integers = new Map([["n", { shape: [], data: BigInt64Array.of(-(2n ** 60n)) }]]);
    const tensors = new Map([["a", { shape: [1], data: Float32Array.of(1) }]]);
    const bytes = joined(encodeSafetensors({ metadata: new Map(), tensors, integers }));
    expect(decodeSafetensors(bytes)).toEqual({ metadata: new Map(), tensors, integers });
  });

  test.each([
    ["F16", [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c], [1, -2, 2 ** -24, Infinity]],
    ["BF16", [0x80, 0x3f, 0x00, 0xc0, 0x49, 0x40, 0x80, 0xff], [1, -2, 3.140625, -Infinity]],
    ["F64", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], [1.5]],
  ])("reads %s as float32", (dtype, bytes, values) => {
    const shape = [values.length];
    const header = { a: { dtype, shape, data_offsets: [0, bytes.length] } };
    const file = fileOf(header, bytes.length);
    file.set(bytes, file.length - bytes.length);
    const data = Float32Array.from(values);
    expect(decodeSafetensors(file).tensors.get("a")).toEqual({ shape, data });
  });

  test("refuses a file cut at any place", () => {
    const tensors = new Map([["a", { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]);
    const bytes = joined(encodeSafetensors({ metadata: new Map(), tensors }));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(SafetensorsError);
    }
  });

  test("never throws anything but its own error, whatever the bytes", () => {
    const mutated = fc.tuple(anyFile, fc.nat(), fc.nat({ max: 255 })).map(([file, at, value]) => {
      const bytes = joined(encodeSafetensors(file));
      bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated), (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 500 },
    );
  });

  const f32 = (shape: unknown, offsets: unknown) => ({
    dtype: "F32",
    shape,
    data_offsets: offsets,
  });
  test.each<[string, unknown, number, string]>([
    ["no JSON", "{oops", 0, "its header is not JSON"],
    ["no object", "[1]", 0, "its header is not a JSON object"],
    ["metadata of numbers", { __metadata__: { a: 1 } }, 0, "its metadata a is not a string"],
    ["two tensors of one name", '{"a":{},"\\u0061":{}}', 0, "two tensors of the name a"],
    ["two shapes of a tensor", '{"a":{"shape":[1],"shape":[2]}}', 0, "two values of shape"],
    ["no dtype", { a: { shape: [1], data_offsets: [0, 4] } }, 4, "tensor a has no dtype"],
    ["another dtype", { a: { ...f32([1], [0, 4]), dtype: "U8" } }, 4, 'dtype "U8", not one of F32'],
    ["a negative extent", { a: f32([-1], [0, 4]) }, 4, "not a list of whole numbers"],
    ["one offset", { a: f32([1], [4]) }, 4, "does not have two offsets"],
    ["offsets of another length", { a: f32([2], [0, 4]) }, 4, "[2], 8 bytes, but offsets 0, 4"],
    ["offsets out of range", { a: f32([2], [0, 8]) }, 4, "cut short: 4 of 8 bytes"],
    ["a hole", { a: f32([1], [4, 8]) }, 8, "begins at 4, not at 0"],
    ["an overlap", { a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, 8, "b begins at 4, not at 8"],
    ["bytes left over", { a: f32([1], [0, 4]) }, 6, "2 bytes follow its last tensor"],
    ["sizes beyond all numbers", { a: f32([2 ** 53 - 1, 2 ** 53 - 1], [0, 4]) }, 4, "bytes, but"],
  ])("refuses %s", (_, header, data, message) => {
    expect(() => decodeSafetensors(fileOf(header, data))).toThrow(message);
  });

  test("names may come again in another object, and as values", () => {
    const names = new Map([
      ["a", "a"],
      ["dtype", "{"],
      ["shape", ":"],
    ]);
    const tensors = new Map(
      ["dtype", "shape"].map((key) => [key, { shape: [0], data: new Float32Array() }]),
    );
    const bytes = joined(encodeSafetensors({ metadata: names, tensors }));
    expect(decodeSafetensors(bytes)).toEqual({ metadata: names, tensors });
  });

  test("refuses a header that is longer than any real one without looking for it", () => {
    const bytes = new Uint8Array(16).fill(0xff);
    expect(() => decodeSafetensors(bytes)).toThrow("more than any real one");
  });

  test("refuses to write a shape that does not fit its values", () => {
    const tensors = new Map([["a", { shape: [3], data: new Float32Array(2) }]]);
    expect(() => encodeSafetensors({ metadata: new Map(), tensors })).toThrow("2 values for [3]");
  });
});
