/**
 * What the reference says of an operation in words, beyond what the operation says of itself. Both
 * tables are exhaustive: a new operation without its row does not compile.
 */
import type { OpName } from "../../src/ops/attributes.js";

interface OperationWords {
  readonly shape: string;
  readonly parameters: string;
  readonly macs: string;
  /** The defaults of arguments that may be left out. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** Operations that the language's constructs make, with the construct that makes each. */
export const constructWords = {
  input: "`input`",
  add: "`residual` with any shortcut but `none`; `branches sum`",
  concat: "`branches concat`",
  multiply: "`gate`",
  subsample: "`shortcut pad`, where the residual has a stride",
  padchannels: "`shortcut pad`, where the residual widens",
  droppath: "a recipe's `droppath`, in training alone",
} as const satisfies Partial<Record<OpName, string>>;

const window =
  "H becomes floor((H + 2p - k) / s) + 1 for kernel k, stride s and padding p; W likewise";
const same = "as it comes in";
const none = "none";

const stride = "1";
const pad = "k // 2 for odd k, 0 for even k";

const pool: OperationWords = {
  shape: `a map; ${window}; with \`ceil: true\` the division rounds up, and a last window must still begin inside the map or its near padding; the channels stay`,
  parameters: none,
  macs: "not counted",
  defaults: { stride, pad, ceil: "`false`" },
};

const activation: OperationWords = {
  shape: same,
  parameters: none,
  macs: "not counted",
  defaults: {},
};

export const operationWords = {
  conv: {
    shape:
      "a map; H becomes floor((H + 2p - d (k - 1) - 1) / s) + 1 for kernel k, stride s, padding p and dilation d; W likewise; as many channels as filters. The channels on both sides must divide into the groups",
    parameters:
      "kernel of k x k x (channels in / groups) x channels out; a bias of as many numbers as channels out if `bias: true`",
    macs: "k x k x (channels in / groups) x channels out x height out x width out",
    defaults: {
      stride,
      pad: "d (k - 1) / 2 for odd k, 0 for even k",
      dilation: "1",
      groups: "1",
      bias: "`false`",
    },
  },
  batchnorm: {
    shape: same,
    parameters:
      "scale and shift, 2 x channels; the moving mean and variance are state, and not counted as parameters",
    macs: "not counted",
    defaults: { epsilon: "1e-5", momentum: "0.9", gamma: "1" },
  },
  relu: activation,
  sigmoid: activation,
  maxpool: pool,
  avgpool: pool,
  globalavgpool: {
    shape: "a map of any size becomes the vector of its channels",
    parameters: none,
    macs: "not counted",
    defaults: {},
  },
  flatten: {
    shape: "a map of one known size H x W x C becomes a vector of H x W x C numbers",
    parameters: none,
    macs: "not counted",
    defaults: {},
  },
  dense: {
    shape: "a vector of any length becomes a vector of `channels` numbers",
    parameters: "channels in x channels out, and a bias of channels out unless `bias: false`",
    macs: "channels in x channels out",
    defaults: { bias: "`true`" },
  },
  dropout: { ...activation, defaults: {} },
  upsample: {
    shape: "a map; H and W are multiplied by the factor, the channels stay",
    parameters: none,
    macs: "not counted",
    defaults: {},
  },
} as const satisfies Readonly<Record<Exclude<OpName, keyof typeof constructWords>, OperationWords>>;
