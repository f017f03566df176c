/**
 * How much work a check may be: every operation and every value evaluated counts, over all networks
 * of a file, so that whatever the file asks for, the check ends.
 */

/** How many values a check may evaluate; the largest published families take under a fiftieth. */
export const workLimit = 5_000_000;

/** Thrown where a check comes to more than `workLimit`. */
export class TooMuchWork extends Error {
  override readonly name = "TooMuchWork";
}

export class Budget {
  #spent = 0;

  /** @param limit how much may be spent. */
  constructor(private readonly limit = workLimit) {}

  /** @throws TooMuchWork past the limit. */
  spend(work: number): void {
    this.#spent += work;
    if (this.isExhausted) throw new TooMuchWork();
  }

  get isExhausted(): boolean {
    return this.#spent > this.limit;
  }
}
