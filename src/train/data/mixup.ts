/** Mixup: images of a batch mixed in pairs, with what their targets become. */
import type { Batch } from "../../engines/engine.js";
import { randomBeta } from "../../random/beta.js";
import { randomKey, randomPermutation } from "../../random/random.js";
import { withPartners } from "./partners.js";

/**
 * x_i = l x_i + (1 - l) x_p(i) in place, for a permutation p of the batch and l = max(l', 1 - l') with l'
 * of Beta(alpha, alpha), both following from `key` (Zhang et al. 2018, "mixup: Beyond Empirical Risk
 * Minimization"). A batch of one image is given back as it is.
 */
export function mixBatch(batch: Batch, alpha: number, key: number): Batch {
  const { images, labels } = batch;
  const count = labels.length;
  if (count < 2) return batch;
  const drawn = randomBeta(randomKey(key, "share"), alpha);
  const share = Math.max(drawn, 1 - drawn);
  const partners = randomPermutation(randomKey(key, "partners"), count);
  const stride = images.length / count;
  withPartners(images, stride, partners, (at, partner) => {
    for (let i = 0; i < stride; i++) {
      images[at + i] = share * (images[at + i] ?? 0) + (1 - share) * (partner[i] ?? 0);
    }
  });
  return {
    ...batch,
    mix: { labels: Int32Array.from(partners, (partner) => labels[partner] ?? 0), share },
  };
}
