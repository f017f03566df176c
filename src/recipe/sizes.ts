/** The height and width of training images as a pure function of the epoch, so that a resumed run goes on exactly. */
import type { Sizes } from "./recipe.js";

/** Height and width in pixels. */
export type Extents = readonly [height: number, width: number];

/**
 * The size of training images in `epoch` (from 0), where they are `whole` at the end. Growing sizes are in
 * proportion r = (start + (s - start) epoch / until) / s of the whole, whose shorter side is s: each extent x
 * becomes min(x, by max(1, round(r x / by))). From epoch `until` on they are whole (progressive resizing;
 * Howard 2018, and Tan and Le 2021, "EfficientNetV2", section 4).
 */
export function sizeAt(sizes: Sizes, epoch: number, whole: Extents): Extents {
  if (sizes.kind === "fixed" || epoch >= sizes.until) return whole;
  const { start, until, by } = sizes;
  const shorter = Math.min(...whole);
  const share = (start + ((shorter - start) * epoch) / until) / shorter;
  const [height, width] = whole;
  const scaled = (extent: number): number =>
    Math.min(extent, by * Math.max(1, Math.round((share * extent) / by)));
  return [scaled(height), scaled(width)];
}

/** Every size of the first `epochs` epochs with the first epoch (from 0) that has it, in order. */
export function sizesOver(
  sizes: Sizes,
  epochs: number,
  whole: Extents,
): readonly { readonly epoch: number; readonly size: Extents }[] {
  const last = sizes.kind === "fixed" ? 0 : Math.min(sizes.until, epochs - 1);
  const found: { epoch: number; size: Extents }[] = [];
  for (let epoch = 0; epoch <= last; epoch++) {
    const size = sizeAt(sizes, epoch, whole);
    const before = found.at(-1)?.size;
    if (before?.[0] !== size[0] || before[1] !== size[1]) found.push({ epoch, size });
  }
  return found;
}
