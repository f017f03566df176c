/**
 * Networks whose training steps meet every row of the translation: channels in blocks and not, every
 * shortcut, both pools, groups, dilation, gates, upsampling; and random residual ones.
 */
import type { Graph } from "../../../src/graph/graph.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import { convAttributes, norm, poolAttributes, Sketch } from "../../engines/networks.js";

function convNorm(
  net: Sketch,
  name: string,
  from: string,
  ...given: Parameters<typeof convAttributes>
) {
  return net.add(
    "batchnorm",
    `${name}.norm`,
    norm,
    net.add("conv", name, convAttributes(...given), from),
  );
}

/** Identity, projection and option A shortcuts over channels in blocks; dropout before the head. */
export function wideResNet(): Graph {
  const net = new Sketch();
  net.input(9, 8, 3);
  net.add("relu", "stem", {}, convNorm(net, "stem.conv", "input", 16, 3));
  net.add("maxpool", "pool", poolAttributes(3, 2, 1), "stem");
  net.add("relu", "block1.relu", {}, convNorm(net, "block1.conv1", "pool", 16, 3));
  net.add("add", "block1.add", {}, convNorm(net, "block1.conv2", "block1.relu", 16, 3), "pool");
  net.add("relu", "block1", {}, "block1.add");
  const projection = convNorm(net, "block2.shortcut", "block1", 32, 1, 2);
  net.add("add", "block2.add", {}, convNorm(net, "block2.conv", "block1", 32, 3, 2), projection);
  net.add("relu", "block2", {}, "block2.add");
  net.add("subsample", "block3.subsample", { stride: [2, 2] }, "block2");
  net.add("padchannels", "block3.pad", { channels: 48 }, "block3.subsample");
  net.add("add", "block3.add", {}, convNorm(net, "block3.conv", "block2", 48, 3, 2), "block3.pad");
  net.add("globalavgpool", "squeezed", {}, "block3.add");
  net.add("dropout", "dropped", { rate: 0.3 }, "squeezed");
  net.add("dense", "dense", { channels: 3, bias: true }, "dropped");
  return net.graph("dense");
}

/** Dropout on maps, a gate, average and max pools with and without ceil, concatenation, upsampling, two heads. */
export function branched(channels: number): Graph {
  const net = new Sketch();
  net.input(10, 10, 3);
  net.add("conv", "stem", convAttributes(channels, 3, 1, { bias: true }), "input");
  net.add("dropout", "dropped", { rate: 0.3 }, "stem");
  net.add("batchnorm", "norm", norm, "dropped");
  net.add("relu", "relu", {}, "norm");
  net.add("globalavgpool", "squeeze", {}, "relu");
  net.add("dense", "excite", { channels, bias: true }, "squeeze");
  net.add("sigmoid", "gate", {}, "excite");
  net.add("multiply", "gated", {}, "relu", "gate");
  net.add("avgpool", "average", poolAttributes(3, 2, 1), "gated");
  net.add("maxpool", "largest", poolAttributes(2, 2, 0), "gated");
  net.add("concat", "joined", {}, "average", "largest");
  net.add(
    "conv",
    "dilated",
    convAttributes(channels, 3, 1, { dilation: [2, 2], padding: [2, 2] }),
    "joined",
  );
  net.add("dropout", "dropped2", { rate: 0.1 }, "dilated");
  net.add("upsample", "up", { factor: [2, 2] }, "dropped2");
  net.add("add", "sum", {}, "up", "gated");
  net.add("avgpool", "ceiled", poolAttributes(3, 2, 0, true), "sum");
  net.add("maxpool", "ceiled2", poolAttributes(2, 3, 0, true), "ceiled");
  net.add("flatten", "flat", {}, "ceiled2");
  net.add("dense", "early", { channels: 3, bias: true }, "flat");
  net.add("globalavgpool", "pool", {}, "sum");
  net.add("dense", "late", { channels: 3, bias: false }, "pool");
  return net.graph("early", "late");
}

/** Grouped, depthwise and dilated convolutions, strides of their own per axis, channels of odd counts. */
export function grouped(): Graph {
  const net = new Sketch();
  net.input(9, 9, 3);
  net.add("relu", "stem", {}, convNorm(net, "stem.conv", "input", 24, 3));
  net.add("relu", "halves", {}, convNorm(net, "halves.conv", "stem", 32, 3, 1, { groups: 2 }));
  net.add("relu", "each", {}, convNorm(net, "each.conv", "halves", 32, 3, 2, { groups: 32 }));
  net.add(
    "relu",
    "wide",
    {},
    convNorm(net, "wide.conv", "each", 16, 5, 1, { dilation: [2, 1], padding: [4, 2] }),
  );
  net.add("relu", "uneven", {}, convNorm(net, "uneven.conv", "wide", 10, 3, 1, { stride: [2, 1] }));
  net.add("relu", "odd", {}, convNorm(net, "odd.conv", "uneven", 5, 2, 1, { padding: [1, 0] }));
  net.add("relu", "again", {}, convNorm(net, "again.conv", "odd", 16, 1, 1, { stride: [2, 1] }));
  net.add("globalavgpool", "pool", {}, "again");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

/** A residual network of random widths, windows and shortcuts, activations before or after. */
export function randomResNet(seed: number): Graph {
  let draws = 0;
  const whole = (low: number, high: number): number =>
    low + randomBelow(randomKey("onnx network", seed), draws++, high - low + 1);
  const widths = [16, 16, 32, 6, 24, 10];
  const net = new Sketch();
  net.input(whole(7, 11), whole(7, 11), 3);
  let width = widths[whole(0, widths.length - 1)] ?? 16;
  let from = net.add("conv", "stem", convAttributes(width, 3, 1, { bias: true }), "input");
  for (const block of ["block1", "block2", "block3"]) {
    const before = whole(0, 1) === 1;
    const [stride, dilation] = [whole(1, 3), whole(1, 2)];
    const wider = whole(0, 1) === 1 ? width : (widths[whole(0, widths.length - 1)] ?? 16);
    const groups = wider % 2 === 0 && width % 2 === 0 ? whole(1, 2) : 1;
    const activate = (name: string, x: string): string =>
      net.add("relu", `${name}.relu`, {}, net.add("batchnorm", `${name}.norm`, norm, x));
    const start = before ? activate(`${block}.before`, from) : from;
    const more = { dilation: [dilation, dilation], padding: [dilation, dilation], groups } as const;
    const first = net.add("conv", `${block}.conv1`, convAttributes(wider, 3, stride, more), start);
    const second = convAttributes(wider, 2 * whole(0, 1) + 1);
    let branch = net.add("conv", `${block}.conv2`, second, activate(`${block}.middle`, first));
    if (!before) branch = net.add("batchnorm", `${block}.norm2`, norm, branch);
    let shortcut = from;
    if (
      wider < width ||
      (stride !== 1 && whole(0, 1) === 1) ||
      (wider !== width && whole(0, 1) === 1)
    ) {
      shortcut = net.add("conv", `${block}.shortcut`, convAttributes(wider, 1, stride), start);
    } else {
      if (stride !== 1) {
        shortcut = net.add(
          "subsample",
          `${block}.subsample`,
          { stride: [stride, stride] },
          shortcut,
        );
      }
      if (wider !== width) {
        shortcut = net.add("padchannels", `${block}.pad`, { channels: wider }, shortcut);
      }
    }
    const sum = net.add("add", `${block}.add`, {}, branch, shortcut);
    [from, width] = [before ? sum : net.add("relu", `${block}.after`, {}, sum), wider];
    if (whole(0, 2) === 0) from = net.add("dropout", `${block}.dropout`, { rate: 0.2 }, from);
  }
  net.add("globalavgpool", "pool", {}, from);
  return net.graph(net.add("dense", "dense", { channels: 3, bias: true }, "pool"));
}
