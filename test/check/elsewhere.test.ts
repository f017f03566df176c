/** Names of PyTorch, torchvision, timm and Keras are told what is the same here, or that nothing is. */
import { describe, expect, test } from "vitest";
import { operationsElsewhere } from "../../src/check/operation-words.js";
import { checkText, found, mended } from "./memory-host.js";

const withStep = (step: string): string => `
network Net {
  input 32x32x3
  stem { conv 3x3, 16 -> ${step} }
  head { globalavgpool -> dense 10 }
}
`;
const withOptimizer = (optimizer: string): string => `
${withStep("relu").replace("dense 10", "dense 4")}
train short for Net {
  data shapes(classes: 4)
  loss crossentropy
  optimizer ${optimizer}
  batch 32
  epochs 1
}
`;

describe("what is the same here is written in its place", () => {
  test.each([
    ["conv2d 3x3, 32, /2", "conv 3x3, 32, /2"],
    ["Conv2D(3x3, 32)", "conv(3x3, 32)"],
    ["BatchNorm2d()", "batchnorm()"],
    ["MaxPool2d 2x2, /2", "maxpool 2x2, /2"],
    ["conv kernel_size: 3, filters: 8, padding: 1", "conv kernel: 3, channels: 8, pad: 1"],
    ["dropout p: 0.5", "dropout rate: 0.5"],
    ["silu", "gate { sigmoid }"],
    ["SiLU(inplace: true) as s -> relu", "gate { sigmoid } as s -> relu"],
    ["conv3x3 16", "conv 3x3, 16"],
    ["conv1x1(16, stride: 2)", "conv(1x1, 16, stride: 2)"],
    ["upsampling2d 2", "upsample 2"],
  ])("%s", (step, own) => {
    expect(mended(withStep(step))).toBe(withStep(own));
  });
});

describe("what is not the same is told, and left as it is", () => {
  test.each([
    ["relu6", "there is none here; `relu` and `sigmoid` are the activations that there are"],
    ["gelu", "there is none here; `relu` and `sigmoid` are the activations that there are"],
    ["PReLU()", "there is none here; `relu` and `sigmoid` are the activations that there are"],
    ["globalmaxpool", "there is none here; `globalavgpool` makes a vector of means"],
    [
      "deconv 2x2, 8, /2",
      "there is none here; `upsample 2 -> conv 3x3, 64` enlarges, and learns as much",
    ],
    ["Conv2d(64, 3)", "here it is written `conv 3x3, 64, /2`"],
    ["BatchNorm2d(64)", "here it is written `batchnorm`"],
    ["MaxPool2d(2)", "here it is written `maxpool 2x2, /2`"],
    ["Linear(512, 10)", "here it is written `dense 10`"],
    ["hardswish", "there is none here; it stands for SiLU, which is `gate { sigmoid }`"],
    [
      "adaptiveavgpool 2",
      "with an output of 1 it is `globalavgpool`; for any other there is none here, and `avgpool` with a stride makes a map smaller",
    ],
    ["maxunpool 2", "there is none here; `upsample 2` is the nearest, which repeats every value"],
    [
      "MaxUnpool2d(2)",
      "there is none here; `upsample 2` is the nearest, which repeats every value",
    ],
    [
      "interpolate 2",
      "`upsample 2` enlarges by a whole factor; to a size of its own there is none here",
    ],
    [
      "resize 224x224",
      "`upsample 2` enlarges by a whole factor; to a size of its own there is none here",
    ],
    ["separable 3x3, 64", "it is two convolutions: `conv 3x3, 64, groups: 64 -> conv 1x1, 128`"],
    [
      "depthwise 3x3",
      "it is `conv` with as many groups as channels come in: `conv 3x3, 64, groups: 64`",
    ],
    ["maxpool2x2", "the window is an argument: `maxpool 2x2`"],
    [
      "conv1d 3, 64",
      "there is none here: a map has a height and a width, and operations are for both",
    ],
    [
      "split 2",
      "there is none here: every branch of `branches` is fed all channels, and a `conv 1x1` takes of them what it needs",
    ],
    ["shuffle", "there is none here; a `conv 1x1` without groups mixes channels of all groups"],
    ["softmax", "the loss has it: a head ends with what goes into it, as in `dense 10`"],
    ["LayerNorm", "there is none here; `batchnorm` is the one normalisation that there is"],
    [
      "Dropout2d 0.3",
      "there is none here; `dropout 0.3` drops numbers one by one, not whole channels",
    ],
    [
      "conv 3x3, in_channels: 16, out_channels: 32",
      "leave it out: what comes in is known from what is before it",
    ],
  ])("%s", (step, help) => {
    expect(found(withStep(step))[0]?.help?.text).toBe(help);
    if (!step.includes("out_channels")) expect(mended(withStep(step))).toBe(withStep(step));
  });

  test.each(["nadam(0.001)", "radam(0.001)", "adamax(0.001)", "rmsprop(0.001)"])("%s", (kind) => {
    const [first, ...more] = found(withOptimizer(kind));
    expect(first?.help).toEqual({ text: "there is none here; `adam` and `adamw` are the nearest" });
    expect(more).toEqual([]);
    expect(mended(withOptimizer(kind))).toBe(withOptimizer(kind));
  });
});

test("a pool of one number per channel is global in a head", () => {
  const text = withStep("relu").replace("globalavgpool", "AdaptiveAvgPool2d(1)");
  expect(mended(text)).toBe(withStep("relu"));
});

test.each(["maxdropout 0.5", "batchnorms", "highupsample 2"])(
  "no safe mend makes another operation of `%s`",
  (step) => {
    expect(mended(withStep(step))).toBe(withStep(step));
  },
);

test.each([
  ["uppsample 2", "upsample 2"],
  ["maxpol 2x2", "maxpool 2x2"],
  ["batchnrom", "batchnorm"],
  ["MaxPool 2x2", "maxpool 2x2"],
])("a slip of spelling is mended: %s", (step, own) => {
  expect(mended(withStep(step))).toBe(withStep(own));
});

test("an input that conditions leave one size of is written as that, where a map of it is flattened", () => {
  const text = withStep("flatten").replace("globalavgpool -> ", "");
  const open = text.replace("32x32x3", "[H, W, 3] where H == 32, W % 32 == 0, W < 64");
  expect(found(open)[0]?.help?.text).toBe(
    "an input of one size is written as that: `input 32x32x3`",
  );
  expect(mended(open)).toBe(text);
});

test("but no comment on its conditions is lost by that", () => {
  const text = withStep("flatten").replace("globalavgpool -> ", "");
  const open = text.replace("32x32x3", "[H, W, 3] where H == 32, // why\n    W == 32");
  const [first] = found(open);
  expect(first?.help).toEqual({ text: "an input of one size is written as that: `input 32x32x3`" });
  expect(mended(open, { unsafe: true })).toBe(open);
});

test.each(["Conv3x3(64)", "Conv3x3 64"])("a capital begins the name of a block: %s", (step) => {
  const own = step.includes("(") ? "conv(3x3, 64)" : "conv 3x3, 64";
  expect(mended(withStep(step))).toBe(withStep(step));
  expect(mended(withStep(step), { unsafe: true })).toBe(withStep(own));
});

test("no mend makes a mean of what is flattened unless it is asked for", () => {
  const text = withStep("flatten").replace("32x32x3", "[H, W, 3]").replace("globalavgpool -> ", "");
  expect(mended(text)).toBe(text);
  expect(mended(text, { unsafe: true })).toBe(text.replace("flatten", "globalavgpool"));
});

describe("a word of the field that is near another", () => {
  const text = `
block Cell(width) {
  residual { conv 3x3, width }
  shortcut project
}
network Net {
  input 32x32x3
  stage one: CELL_NAME(16)
  head { globalavgpool -> dense 10 }
}
`;

  test.each([
    ["Cells", "unsafe"],
    ["Cel", undefined],
    ["cell", undefined],
  ])("%s", (name, applicability) => {
    const [first] = found(text.replace("CELL_NAME", name));
    expect(first?.help?.text).toBe("did you mean `Cell`?");
    expect(first?.help?.applicability).toBe(applicability);
  });
});

test("a padding by its name elsewhere is told in a block that no network calls too", () => {
  for (const [step, code] of [
    ["conv 3x3, width, pad: same", "R0209"],
    ["conv 3x3, width, same", "R0206"],
    ["conv same, width", "R0201"],
    ["maxpool valid, /2", "R0201"],
    ["conv 3x3, width, pad: foo", "R0201"],
  ] as const) {
    const { diagnostics } = checkText(`block W(width) { ${step} }\n`);
    expect([step, diagnostics.map((each) => each.code)]).toEqual([step, [code]]);
  }
  const own = "block W(width, same = 1) { conv 3x3, width, pad: same }\n";
  expect(checkText(own).diagnostics).toEqual([]);
});

test("what mends several lines ends them as the file does", () => {
  const text =
    "network Net {\r\n  input 8x8x3; stem { relu } /* of\r\n  two lines */\r\n  head { globalavgpool -> dense 3 }\r\n}\r\n";
  const after = mended(text);
  expect(after).toContain("input 8x8x3\r\n  stem { relu } // of\r\n  // two lines\r\n");
  expect(after.replaceAll("\r\n", "")).not.toContain("\n");
});

/** Operations of PyTorch, Keras and ONNX, in small letters, as far as they are of networks for images. */
const elsewhere = `
  abs adaptivelogsoftmax adaptivemaxpool1d alphadropout attention average averagepool averagepooling1d avgpool1d
  avgpool3d batchdot batchnorm3d batchnormalization bilinear celu channelshuffle concat constantpad2d conv1d
  conv1dtranspose conv2dlocal conv3d conv3dtranspose convinteger convlstm2d convtranspose3d crelu cropping3d
  deformconv densecrop depthtospace dropout1d dropout3d elu embedding equal expand featurealphadropout flattenall
  fold fractionalmaxpool2d fractionalmaxpool3d gaussiandropout gaussiannoise gelu gemm globallppool globalmaxpool
  globalmaxpooling1d globalmaxpooling3d glu gridsample groupnorm hardshrink hardsigmoid hardswish hardtanh
  instancenorm3d lazyconv2d lazylinear lppool lppool1d lppool2d maskedconv2d matmul maximum maxpool1d maxpool3d
  maxroipool maxunpool maxunpool1d maxunpool2d maxunpool3d meanvariancenorm minimum mish multiheadattention
  normalize padconv2d permute pixelshuffle pixelunshuffle prelu pycelu quickgelu randomcrop reducemean reducesum
  reglu relu6 repeatvector replicationpad2d rescaling resize roialign rrelu selu separableconv1d shrink slice
  softmax2d softmin softplus softshrink softsign spacetodepth spectralnorm split squeeze sum swish syncbatchnorm tanh
  tanhshrink thresholdedrelu tile transpose unflatten unfold unitnorm unpool unsqueeze upsamplebilinear upsampling1d
  upsampling3d weightnorm zeropad1d
`
  .split(/\s+/)
  .filter((name) => name !== "");

test.each(elsewhere)(
  "no safe mend makes another operation of `%s` that is not the same",
  (name) => {
    for (const step of [name, `${name} 2`, `${name} 2x2`, `${name} 3x3, 16`, `${name} 0.5`]) {
      const after = mended(withStep(step));
      const isSame = after === withStep(step) || sameElsewhere(name);
      expect([after, isSame]).toEqual([after, true]);
    }
  },
);

/** Whether a name is known to be one of ours by another name, or a step that is written out. */
function sameElsewhere(name: string): boolean {
  const known = operationsElsewhere[name];
  return known !== undefined && ("own" in known || "whole" in known);
}
