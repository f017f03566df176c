/** Room for decoded images that are read side by side, so that memory does not grow with the size of photographs. */

/** How many bytes of pixels there may be at once. */
const mostBytes = 2 ** 29;

/**
 * Lets in as many as there is room for, were they as large as the largest so far; one by itself always, and at first.
 * Whoever comes first is let in first.
 */
export class ImageRoom {
  #inside = 0;
  /** Of an image, in bytes; not known before the first has left. */
  #largest: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly limit = mostBytes) {}

  /** Waits for a place. */
  async enter(): Promise<void> {
    if (this.#waiting.length === 0 && this.#hasPlace()) this.#inside += 1;
    else await new Promise<void>((letIn) => this.#waiting.push(letIn));
  }

  /** @param bytes of the image's pixels, as it was stored. */
  leave(bytes: number): void {
    this.#inside -= 1;
    this.#largest = Math.max(bytes, this.#largest ?? 0);
    while (this.#waiting.length > 0 && this.#hasPlace()) {
      this.#inside += 1;
      this.#waiting.shift()?.();
    }
  }

  #hasPlace(): boolean {
    if (this.#inside === 0) return true;
    return this.#largest !== undefined && (this.#inside + 1) * this.#largest <= this.limit;
  }
}
