/** Files of weights that other programs write, known by their first bytes, and what to make of each. */

export interface ForeignFormat {
  /** `a file of PyTorch`. */
  readonly what: string;
  /** What to do with it; absent where there is nothing but to name another file. */
  readonly help?: string;
}

/** How PyTorch saves: as a ZIP archive since 1.6, before as pickles one after the other. */
export type TorchForm = "archive" | "legacy";

const brace = 0x7b;
/** `torch.serialization.MAGIC_NUMBER`, as a pickle of any protocol has it. */
const torchMagic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const zipMagic = [0x50, 0x4b, 0x03, 0x04];
const pickleMagic = 0x80;
/** After the name of the first file of a tar archive, its rights and its dates. */
const tarMagic = { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72] };

/** @param first the file's first bytes, at least 265 where it has as many. */
export function foreignFormat(path: string, first: Uint8Array): ForeignFormat | undefined {
  if (isSafetensors(first)) return undefined;
  const torch = torchForm(path, first);
  if (torch !== undefined) {
    const what =
      torch === "archive" ? "a ZIP archive, as PyTorch writes them" : "a file of PyTorch";
    return { what, help: `give it as weights: \`--weights ${path}\`` };
  }
  if (starts(first, [0x89, 0x48, 0x44, 0x46])) {
    return { what: "an HDF5 file, as Keras writes them" };
  }
  if (starts(first, zipMagic)) return { what: `a file of ${isKeras(path) ? "Keras" : "NumPy"}` };
  if (starts(first, tarMagic.bytes, tarMagic.at)) {
    return { what: "a tar archive", help: "unpack it, and name the file of weights in it" };
  }
  if (first[0] === pickleMagic && (first[1] ?? 0) >= 2 && (first[1] ?? 0) <= 5) {
    return {
      what: "a pickle of Python that PyTorch did not write",
      help: "save the tensors in it with `torch.save(…)`",
    };
  }
  return /\.onnx$/i.test(path) ? { what: "an ONNX model" } : failedDownload(first);
}

/** What comes of a download that brought something else than the file. */
function failedDownload(first: Uint8Array): ForeignFormat | undefined {
  const text = new TextDecoder("latin1").decode(first).trimStart();
  if (/^<(!doctype|html|head|body|\?xml)\b/i.test(text)) {
    return { what: "a web page", help: "download the file itself, not the page that shows it" };
  }
  if (text.startsWith("version https://git-lfs.github.com/")) {
    return { what: "a pointer of Git LFS to a file", help: "`git lfs pull` brings the file" };
  }
  return undefined;
}

/** Which of PyTorch's formats a file has. @param first as for `foreignFormat`. */
export function torchForm(path: string, first: Uint8Array): TorchForm | undefined {
  if (isSafetensors(first)) return undefined;
  if (starts(first, zipMagic)) return isKeras(path) || isNumPy(path) ? undefined : "archive";
  const isLegacy =
    first[0] === pickleMagic && [2, 11].some((start) => starts(first, torchMagic, start));
  return isLegacy ? "legacy" : undefined;
}

/** Its first eight bytes are a number, which may be any that other formats begin with; JSON comes next. */
function isSafetensors(first: Uint8Array): boolean {
  return first[8] === brace;
}

function starts(first: Uint8Array, bytes: readonly number[], start = 0): boolean {
  return bytes.every((byte, at) => first[start + at] === byte);
}

function isKeras(path: string): boolean {
  return /\.keras$/i.test(path);
}

function isNumPy(path: string): boolean {
  return /\.npz$/i.test(path);
}
