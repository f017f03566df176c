/**
 * One mistake, one error; several independent mistakes, as many errors. Every line that holds a
 * mistake says so in a comment, `// !CODE`; no other line may raise anything.
 */
import { describe, expect, it, test } from "vitest";
import { check } from "../../src/check/check.js";
import { checkText, codesAndLines, MemoryHost, render } from "./memory-host.js";

/** `R0201:3` for every `// !R0201` on line 3. */
function marked(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(/!(R\d{4})/g)].map(([, code]) => `${code}:${index + 1}`),
    );
}

const cases: Readonly<Record<string, string>> = {
  "names, arguments, shapes and expectations": `
import { Basic } from "std/blocks"
block Slim(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm
  }
  shortcut identity // !R0301
}
network Net(classes = 10) {
  input 32x32x3
  stem { cnov 3x3, 16 -> batchnorm -> relu } // !R0201
  stage conv2: 2 x Basic(16, strid: 1) // !R0205
  stage conv3: 2 x Slim(32), /2
  conv 3x3, 100, groups: 32 // !R0305
  head classify { globalavgpool -> dense clases } // !R0201
}`,
  "an unknown block leaves what follows to be checked": `
import { Basic } from "std/blocks"
network Net {
  input 32x32x3
  Mystery(16, /2) // !R0201
  conv 3x3, 48
  conv 3x3, 64, groups: 5 // !R0305
  residual { conv 3x3, 64, /2 -> batchnorm }
  shortcut identity // !R0301
  residual { conv 3x3, 32 -> batchnorm }
  shortcut pad // !R0307
  conv 3x3, 1.5 // !R0209
  head { dense } // !R0207
}`,
  "the size is unknown after a wrong stride, the channels are not": `
network Net {
  input 8x8x3
  conv 3x3, 16, /0 // !R0209
  conv 9x9, 16, pad: 0
  residual { conv 3x3, 24 }
  shortcut identity // !R0301
  branches sum { { conv 3x3, 8 } { conv 3x3, 9 } } // !R0302
  head { globalavgpool -> dense 10 }
}`,
  "a window larger than the map, and a dense layer on a map": `
network Net {
  input 8x8x3
  conv 9x9, 16, pad: 0 -> relu // !R0303
  conv 3x3, 32, /2 -> relu
  maxpool 2x2, /2 -> maxpool 2x2, /2 -> maxpool 2x2, /2 -> maxpool 2x2, /2
  gate { globalavgpool -> dense 31 } // !R0306
  head first { dense 10 } // !R0304
  head second { globalavgpool -> conv 1x1, 10 } // !R0304
}`,
  recipes: `
network Net {
  input 32x32x3
  head { globalavgpool -> dense 4 }
}
train one for Nett { // !R0201
  data shapes(sise: 32) // !R0205
  optimizer sgd(0.1, momentum: 2) // !R0503
  batch -1 // !R0503
  epochs 2
  epochs 3 // !R0504
  warmup 1 // !R0501
}
train two for Net { // !R0502
  data folder() // !R0207
  augment { flip -> rotate } // !R0201
  optimiser sgd(0.1) // !R0501
  batch 64
}
train one for Net { // !R0202
  data pictures("x") // !R0201
  optimizer adam // !R0207
  batch 64
  epochs 2
}`,
  "places and names given twice": `
network Net {
  input 32x32x3
  conv 3x3, 16 as early
  from late // !R0220
  conv 3x3, 16 as early // !R0202
  from nowhere // !R0201
  conv 3x3, 16 -> relu as late
  stage conv2: 2 x conv 3x3, 16
  stage conv2: 2 x conv 3x3, 17 // !R0202
  head { globalavgpool -> dense 10 }
  head conv2 { globalavgpool -> dense 10 } // !R0202
  head early { globalavgpool -> dense 10 } // !R0202
}`,
  "syntax errors among others": `
block Wide(width) {
  conv 3x3, width -> -> relu // !R0101
  residual { conv 3x3, widht } // !R0201
  shortcut project
}
network Net {
  input 32x32x3
  stem { conv 3x3, 16, groups: 3 } // !R0305
  stage conv2 2 x Wide(16) // !R0101
  from conv2
  stage conv3: 2 x Wide() // !R0207
  head { globalavgpool -> dense 10 }
  expect {
    params 5 // !R0101
    macs <= 1G
  }
}`,
  "what is wrong in an instance is said of the instance": `
import { Basic } from "std/blocks"
network Family(depths, width = 16) where len(depths) == 3, width > 0 {
  input 32x32x3
  stem { conv 3x3, width -> batchnorm -> relu }
  stage conv2: depths[0] x Basic(width)
  stage conv3: depths[1] x Basic(2 * width), /2
  stage conv4: depths[2] x Basic(4 * width), /2
  head { globalavgpool -> dense 10 }
}
network Good = Family([1, 1, 1])
network Short = Family([1, 1]) // !R0210
network Missing = Family(width: 8) // !R0207
network Wrong = Family([1, 1, 1], widht: 8) // !R0205
network Flat = Family([1, 1, 1], width: 0) // !R0210
network Odd = Famly([1, 1, 1]) // !R0201
network Good = Family([2, 2, 2]) { // !R0202
  expect { params == 1 } // !R0401
}`,
  values: `
import { Basic } from "std/blocks"
network Net(list = [16, 32], flag = true) {
  input 32x32x3
  conv 3x3, list[2] // !R0213
  conv 3x3, 16 / 0 // !R0214
  conv 3x3, flag + 1 // !R0212
  conv 3x3, sqrt(16) // !R0201
  conv 3x3, sum(16) // !R0212
  stage conv2: list x Basic(16) // !R0212
  stage conv3: Basic(16, option: 3) // !R0212
  head { globalavgpool -> dense -10 } // !R0209
}`,
  "an input in error": `
network NoInput { // !R0217
  conv 3x3, 16 -> conv 99x99, 16, pad: 0 -> conv 3x3, 10, groups: 3 // !R0305
  head { globalavgpool -> dense 10 }
}
network Flat {
  input 32x32 // !R0212
  conv 3x3, 16, dilation: 1.5 // !R0209
  head { globalavgpool -> dense 10 }
}
network Symbolic {
  input [H, W, 3] where H == W // !R0221
  conv 3x3, 16 -> conv 5x5, 16, pad: 0
  residual { conv 3x3, 8 }
  shortcut identity // !R0301
  head { globalavgpool -> dense 10 }
}
network Empty {
  input [H, W, 3] where H > 8, H < 4, W >= 8 // !R0222
  conv 5x5, 16, pad: 0, stride: "two" // !R0209
  head { globalavgpool -> dense 10 }
}
network Headless { // !R0219
  input 32x32x3
  conv 3x3, 16
}`,
  imports: `
import { Basic, Nothing } from "std/blocks" // !R0204
import { Wide } from "./wide" // !R0001
import { Basc } from "std/blocks" // !R0204
network Net {
  input 32x32x3
  Wide(16, 17, 18)
  Nothing(3) -> Basc(16) -> Basic(16)
  residual { conv 3x3, 16 -> conv 3x3, 24 }
  shortcut identity // !R0301
  head { globalavgpool -> dense 10 }
}`,
  "calls in a circle": `
block Loop(width) {
  conv 3x3, width -> Loop(width) // !R0211
}
block Deep(width) {
  residual { Loop(width) -> conv 3x3, width }
  shortcut project
  conv 3x3, width, groups: 0 // !R0209
}
network Net {
  input 32x32x3
  Deep(16)
  head { globalavgpool -> dense 10 }
}`,
  "a repetition without end": `
import { Basic } from "std/blocks"
network Net {
  input 32x32x3
  stage conv2: 1_000_000_000 x Basic(16) // !R0601
  stage conv3: 2 x Basic(32, /2, stride: 3) // !R0208
  conv 3x3, 33, groups: 2 // !R0305
  head { globalavgpool -> dense 10 }
}`,
  expectations: `
network Net {
  input 32x32x3
  head classify { globalavgpool -> dense 10 }
  expect {
    params == 41 // !R0401
    macs == 30
    parameters == 40 // !R0201
    output(classfy) == 10 // !R0201
    output == 10
    memory(at: 16x16) < 1 // !R0404
    receptive_field // !R0402
  }
}`,
  "wrong arguments of blocks raise nothing inside them": `
block Pair(Inner, width, groups = 1, stride = 1) {
  residual {
    Inner(width, groups)
    conv 3x3, width, /stride, groups: groups
  }
  shortcut identity
}
block Unit(width, groups) {
  conv 3x3, width, groups: groups
}
network Net {
  input 32x32x16
  Pair(Unit, 16, groups: 1 / 0) // !R0214
  Pair(Unti, 16) // !R0201
  Pair(Unit, 16, group: 3) // !R0205
  Pair(Unit, Unit) // !R0209
  Pair(Unit) // !R0207
  Pair(Unit, 16, 1, 1, 1) // !R0206
  Pair(3, 16) // !R0215
  head { globalavgpool -> dense 10 }
}`,
};

test.each([
  ["conv 3x3, 16, strides: 2", "a stride is written behind a slash: `/2`"],
  ["conv 3x3, 16, pad: 1, padding: 1", "it takes `kernel`"],
])("an argument that is none of another name: `%s`", (step, help) => {
  const { diagnostics } = checkText(
    `network Net {\n  input 8x8x3\n  stem { ${step} }\n  head { globalavgpool -> dense 4 }\n}`,
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["R0205"]);
  expect(diagnostics[0]?.help?.text).toContain(help);
});

describe("one mistake, one error", () => {
  it.each(Object.entries(cases))("%s", (_title, text) => {
    const { diagnostics } = checkText(text);
    expect(codesAndLines(diagnostics).sort(), render(diagnostics)).toEqual(marked(text).sort());
  });
});

test("a network by the name of its file is the one that is meant", () => {
  const text = `
network ResNet5 { // !R0201
  input [H, W, 3]
  head { globalavgpool -> dense 4 }
}
train it for ResNet50 {
  data shapes(size: 32)
  optimizer sgd(1)
  batch 1
  epochs 1
}`;
  const path = "nets/resnet50-small.resnet";
  const { diagnostics } = check(path, new MemoryHost({ [path]: text }));
  expect(codesAndLines(diagnostics)).toEqual(marked(text));
  expect(codesAndLines(checkText(text).diagnostics)).toEqual(["R0201:6"]);
  // Every spec ends with `.resnet`.
  const [declared, used] = ["network ResNets", "for ResNet "];
  const plural = text.replace("network ResNet5", declared).replace("for ResNet50 ", used);
  expect(codesAndLines(checkText(plural).diagnostics)).toEqual(["R0201:6"]);
});
