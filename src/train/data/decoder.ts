/**
 * A process that decodes its part of a folder's small images, for whoever started it (`decoders.ts`), and ends with it.
 * Those that cannot be decoded, or have another size, are left out: whoever reads them says what is wrong.
 */
import { Socket } from "node:net";
import { json } from "node:stream/consumers";
import { DataError } from "./data-set.js";
import { frameOf, imagePipe, type DecodingJob } from "./decoder-protocol.js";
import { folderSplit } from "./image-folder.js";

/** One is read while another is decoded. */
const sideBySide = 2;

const { folder, classes, size, part, parts } = (await json(process.stdin)) as DecodingJob;
const split = folderSplit(folder, classes);
const out = new Socket({ fd: imagePipe, readable: false, writable: true });
// Nobody reads any more: the other side has ended.
out.on("error", () => process.exit());

let next = part;
async function decode(): Promise<void> {
  while (next < split.size) {
    const index = next;
    next += parts;
    try {
      const { image } = await split.read(index);
      const { height, width, channels, pixels, deep = false } = image;
      if (height !== size.height || width !== size.width || channels !== size.channels) continue;
      if (!out.write(frameOf({ index, deep, pixels }))) await drained();
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
}

function drained(): Promise<void> {
  return new Promise((resolve) => out.once("drain", resolve));
}

await Promise.all(Array.from({ length: sideBySide }, decode));
out.end();
