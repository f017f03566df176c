/**
 * The attributes of every operation: what a node of the graph says beyond its operands. Pairs are
 * [height, width]. All values are plain data.
 */

export type Pair = readonly [number, number];

export interface ConvAttributes {
  /** Output channels (the number of filters). */
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows and columns of zeros on *each* side. */
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  readonly bias: boolean;
}

export interface PoolAttributes {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows and columns on *each* side; they never win a maximum and never count in an average. */
  readonly padding: Pair;
  /** Round the output extent up, so that a last, partial window counts. */
  readonly ceil: boolean;
}

export interface BatchNormAttributes {
  /** Added to the variance before the square root (Ioffe and Szegedy 2015). */
  readonly epsilon: number;
  /** The share of the moving statistics that is kept at each step. */
  readonly momentum: number;
  /** Initial scale: 1, or 0 for the last one of a residual (Goyal et al. 2017). */
  readonly gamma: number;
}

type None = Readonly<Record<string, never>>;

export interface OpAttributes {
  readonly input: None;
  readonly conv: ConvAttributes;
  readonly batchnorm: BatchNormAttributes;
  readonly relu: None;
  readonly sigmoid: None;
  readonly maxpool: PoolAttributes;
  readonly avgpool: PoolAttributes;
  readonly globalavgpool: None;
  readonly flatten: None;
  readonly dense: { readonly channels: number; readonly bias: boolean };
  /** Zeroes a share `rate` of the values in training and scales the rest by 1 / (1 - rate). */
  readonly dropout: { readonly rate: number };
  /**
   * Zeroes whole images of a batch in training, each with probability `rate`, and scales the others by 1 / (1 - rate)
   * (Huang et al. 2016). In no spec: a recipe's `droppath` puts it before sums.
   */
  readonly droppath: { readonly rate: number };
  /** Nearest-neighbour enlargement by a whole factor per axis. */
  readonly upsample: { readonly factor: Pair };
  /** Every stride-th row and column, from the first (option A of He et al. 2015). */
  readonly subsample: { readonly stride: Pair };
  /** Appends channels of zeros up to `channels` (option A of He et al. 2015). */
  readonly padchannels: { readonly channels: number };
  /** Elementwise sum of two or more values of one type. */
  readonly add: None;
  /** Channels of all operands, one after the other. */
  readonly concat: None;
  /** Elementwise product; the second operand may be a vector or a 1x1 map of as many channels (a gate). */
  readonly multiply: None;
}

export type OpName = keyof OpAttributes;
