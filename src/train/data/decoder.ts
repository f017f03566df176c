/**
 * A process that decodes its part of a folder's small images, for whoever started it (`decoders.ts`), and ends with it.
 * Those that cannot be decoded, or have another size, are left out: whoever reads them says what is wrong.
 */
import { once } from "node:events";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { DataError } from "./data-set.js";
import { decodeImage } from "./decode-image.js";
import { frameOf, imagePipe, type DecodingJob } from "./decoder-protocol.js";

/** One is read while another is decoded. */
const sideBySide = 2;
/** So many in a row that are not kept show that the others are not either. */
const mostInVain = 64;

const input = createInterface({ input: process.stdin });
// The other side has ended, or has all that it wants.
input.on("close", () => process.exit());
const out = new Socket({ fd: imagePipe, readable: false, writable: true });
out.on("error", () => process.exit());

const [line] = (await once(input, "line")) as [string];
const { size, paths, part, parts } = JSON.parse(line) as DecodingJob;
let next = 0;
let inVain = 0;

/** @returns whether it is to be kept. */
async function decode(position: number): Promise<boolean> {
  try {
    const { height, width, channels, pixels, deep } = await decodeImage(paths[position] ?? "");
    if (height !== size.height || width !== size.width || channels !== size.channels) return false;
    const frame = frameOf({ index: part + position * parts, deep: deep === true, pixels });
    if (!out.write(frame)) await once(out, "drain");
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

async function decodeAll(): Promise<void> {
  while (next < paths.length && inVain < mostInVain) {
    inVain = (await decode(next++)) ? 0 : inVain + 1;
  }
}

await Promise.all(Array.from({ length: sideBySide }, decodeAll));
out.end(() => process.exit());
