/** Files of weights that other programs write, known by their first bytes, and what to make of each. */

export interface ForeignFormat {
  /** `a file of PyTorch`. */
  readonly what: string;
  /** How it becomes one that is read; absent where it does not. */
  readonly help?: string;
}

const brace = 0x7b;

/** @param first the file's first bytes, at least nine where it has as many. */
export function foreignFormat(path: string, first: Uint8Array): ForeignFormat | undefined {
  const starts = (...bytes: readonly number[]): boolean =>
    bytes.every((byte, at) => first[at] === byte);
  // The first eight bytes of a safetensors file are a number, which may be any of these; JSON comes next.
  if (first[8] === brace) return undefined;
  if (starts(0x89, 0x48, 0x44, 0x46)) return { what: "an HDF5 file, as Keras writes them" };
  if (starts(0x50, 0x4b, 0x03, 0x04)) {
    if (/\.keras$/i.test(path)) return { what: "a file of Keras" };
    if (/\.npz$/i.test(path)) return { what: "a file of NumPy" };
    return { what: "a ZIP archive, as PyTorch writes them", help: fromTorch(path) };
  }
  // Before PyTorch 1.6: a pickle of protocol 2 that begins with torch.serialization.MAGIC_NUMBER.
  if (starts(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46)) {
    return { what: "a file of PyTorch", help: fromTorch(path) };
  }
  return /\.onnx$/i.test(path) ? { what: "an ONNX model" } : undefined;
}

function fromTorch(path: string): string {
  const converted = path.replace(/\.[^./\\]*$/, "") + ".safetensors";
  return (
    "convert it, in Python: `from safetensors.torch import save_file; " +
    `save_file(torch.load(${JSON.stringify(path)}), ${JSON.stringify(converted)})\``
  );
}
