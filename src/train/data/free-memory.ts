/** What there is for this process to take. */
import { freemem } from "node:os";

/** In bytes: what is free of the machine, or of what a container may have. */
export function freeMemory(): number {
  const limit = process.constrainedMemory() || Infinity;
  return Math.max(0, Math.min(freemem(), limit - process.memoryUsage.rss()));
}
