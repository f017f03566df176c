/** The line with which a file of tests ends, as its runner writes it and as it is read. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @returns undefined where a runner did not come to its end. */
export function readClosingLine(output: string): Counts | undefined {
  const found = /^tests: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  if (found === null) return undefined;
  const [passed = 0, failed = 0, skipped = 0] = found.slice(1).map(Number);
  return { passed, failed, skipped };
}
