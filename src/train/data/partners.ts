/** Images of a batch combined with their partners, in place. */

/**
 * Goes along the cycles of a permutation, so that one image aside is all that is kept.
 *
 * @param images of `stride` values each.
 * @param combine is given where an image begins, and its partner's values as they were.
 */
export function withPartners(
  images: Float32Array,
  stride: number,
  partners: Uint32Array,
  combine: (at: number, partner: Float32Array) => void,
): void {
  const done = new Uint8Array(partners.length);
  for (let first = 0; first < partners.length; first++) {
    if (done[first] === 1) continue;
    const kept = images.slice(first * stride, (first + 1) * stride);
    for (let image = first; done[image] !== 1;) {
      done[image] = 1;
      const partner = partners[image] ?? 0;
      combine(image * stride, partner === first ? kept : images.subarray(partner * stride));
      image = partner;
    }
  }
}
