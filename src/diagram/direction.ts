/** Where a picture goes on to: down the page, as the papers' figures do, or to the right. */
export const directions = ["down", "right"] as const;
export type Direction = (typeof directions)[number];
