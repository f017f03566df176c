/** The files that `fixtures.py` wrote with PyTorch, and what is in them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NamedTensor } from "../../../../src/engines/engine.js";
import { graphOf } from "../../../graph/checked.js";
import { unpacked, type Packed } from "../../../packed-tensor.js";

/** The path of one of the files. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** The network that the weights are of. */
export const network = graphOf(`
import { Basic } from "std/blocks"
network Net {
  input 8x8x3
  stem { conv 3x3, 2 -> batchnorm -> relu }
  stage conv2: 1 x Basic(4), /2
  head classify { globalavgpool -> dense 3 }
}`);

const recorded = JSON.parse(readFileSync(fixture("expected.json"), "utf8")) as unknown as {
  readonly images: Packed;
  readonly logits: Packed;
  readonly tensors: Readonly<Record<string, Packed>>;
};

/** (N, H, W, C) */
export const images = unpacked(recorded.images);
/** Those that PyTorch gave for `images`. */
export const logits = unpacked(recorded.logits);
/** The weights by their names there, in their order. */
export const tensors: ReadonlyMap<string, NamedTensor> = new Map(
  Object.entries(recorded.tensors).map(([name, packed]) => [name, unpacked(packed)]),
);
