/** What a template of `resnetc init` is: a spec with holes, and what fits into them. */

export interface SpecRequest {
  /** The network's name. */
  readonly network: string;
  readonly classes: number;
  /** Height, width and channels; absent for an input of any size that fits. */
  readonly input?: readonly [number, number, number];
}

/** What a recipe reads. */
export interface Data {
  /** From the project's folder. */
  readonly path: string;
  readonly what: string;
}

export interface Template {
  /** One line for the help. */
  readonly about: string;
  /** Absent where the network does not classify. */
  readonly classes?: number;
  /** Absent where it takes any size. */
  readonly input?: readonly [number, number, number];
  /** What has to be there before the network can be trained; absent where it trains as it is. */
  readonly data?: Data;
  /** Whether there is a recipe. */
  readonly trains: boolean;
  /** The spec without its expectations, which are found out by checking it; `EXPECT` is where they go. */
  spec(request: SpecRequest): string;
}

/** Where the expectations go: a line of its own. */
export const expectHole = "  EXPECT\n";

/** `32x32x3` */
export function dimensions(input: readonly number[]): string {
  return input.join("x");
}
