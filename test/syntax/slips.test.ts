import { expect, test } from "vitest";
import { read } from "./reading.js";

/** A spec with nothing wrong in it. */
const spec = `import { Basic } from "std/blocks"

network Quick(classes = 4) {
  input 32x32x3

  stem { conv 3x3, 16, /2 -> batchnorm -> relu }

  stage conv2: 1 x Basic(16)
  stage conv3: 2 x Basic(32), /2

  head classify {
    globalavgpool
    dense classes
  }

  expect {
    params > 7
  }
}

block Own(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}

train quick for Quick {
  data shapes(size: 32, classes: 4)
  augment { flip -> crop 32, pad: 4 }
  optimizer sgd(0.1, momentum: 0.9)
  batch 64
  epochs 4
}
`;

const stageOfBlock =
  "a stage is one step, which it may repeat: make a block of the chain, `block Name(width, stride = 1) { … }`, and call that, `stage conv2: 3 x Name(64)`";
const noLoops = "there are no loops: a count repeats a step, `3 x Block(64)`";
const noConditions = "no value depends on a condition: make it a parameter, which every call gives";

/** What is written, what is written instead, the one finding with its line, and its help. */
const slips: readonly (readonly [string, string, string, string | undefined])[] = [
  [
    "conv 3x3, 16, /2",
    "conv 3x3 16, /2",
    "6: expected `,`, `->` or a new line, found `16`",
    "arguments are parted by `,`, operations by `->` or a new line",
  ],
  [
    "conv 3x3, 16, /2",
    "conv 3x3, 16 /2",
    "6: expected `,`, `->` or a new line, found `/`",
    "the stride is an argument of its own: `, /2`; a division is written `a / b`",
  ],
  [
    "2 x Basic(32), /2",
    "2 x Basic(32) /2",
    "9: expected `,` or a new line, found `/`",
    "the stride is an argument of its own: `, /2`; a division is written `a / b`",
  ],
  [
    "16, /2",
    "16, stride = 2",
    "6: expected `,`, `->` or a new line, found `=`",
    "a named argument is written with a colon: `stride: value`",
  ],
  [
    "16, /2",
    "16, stride 2",
    "6: expected `,`, `->` or a new line, found `2`",
    "a named argument is written with a colon: `stride: 2`",
  ],
  [
    "conv 3x3, 16, /2",
    "conv(3x3, 16, bias true)",
    "6: expected `,` or `)`, found `true`",
    "a named argument is written with a colon: `bias: true`",
  ],
  [
    "2 x Basic(32), /2",
    "2 x Basic(32, option project), /2",
    "9: expected `,` or `)`, found `project`",
    "a named argument is written with a colon: `option: project`",
  ],
  [
    "2 x Basic(32), /2",
    "2 x Basic(32), stride 2",
    "9: expected `,` or a new line, found `2`",
    "a named argument is written with a colon: `stride: 2`",
  ],
  [
    "momentum: 0.9",
    "momentum 0.9",
    "33: expected `,` or `)`, found `0.9`",
    "a named argument is written with a colon: `momentum: 0.9`",
  ],
  [
    "stem { conv 3x3, 16, /2 -> batchnorm -> relu }",
    "stem { from input -> relu }",
    "6: expected a name, found `input`, which is a word of the language",
    "`input` is a word of the language and no place: `branches` that begin with the input pass it on by `{}`; a step behind it is named `… as s1` and taken up by `from s1`",
  ],
  [
    "stem { conv 3x3, 16, /2 -> batchnorm -> relu }",
    "stem { branches sum { { from input } {} } }",
    "6: expected a name, found `input`, which is a word of the language",
    "`input` is a word of the language and no place: `branches` that begin with the input pass it on by `{}`; a step behind it is named `… as s1` and taken up by `from s1`",
  ],
  [
    "conv 3x3, 16",
    "conv 3 x 3, 16",
    "6: expected `,`, `->` or a new line, found `x`",
    "dimensions are written without spaces: `3x3`",
  ],
  [
    "  shortcut project\n",
    "",
    "25: expected `shortcut`, found the end of the line",
    "a residual is followed by its shortcut: `shortcut project`, or `shortcut none`",
  ],
  [
    "shortcut project",
    "shortcut",
    "26: expected `identity`, `project`, `pad`, `none` or `{ … }`, found the end of the line",
    "a residual is written `residual { … } shortcut project`",
  ],
  [
    "stage conv2: 1",
    "stage conv2 1",
    "8: expected `:`, found `1`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  [
    "stage conv2: 1",
    "stage 1",
    "8: expected a name, found `1`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  [
    "stem { conv",
    "stem conv",
    "6: expected `{`, found `conv`",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "augment { flip -> crop 32, pad: 4 }",
    "augment\n    flip -> crop 32, pad: 4\n    mixup 0.2\n  }",
    "32: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "relu }",
    "relu",
    "6: this brace is never closed",
    "it most likely ends with line 6: put a `}` there",
  ],
  [
    "classes = 4) {",
    "classes = 4)",
    "3: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "    dense classes\n  }",
    "    dense classes",
    "11: this brace is never closed",
    "it most likely ends with line 13: put a `}` there",
  ],
  [
    "    params > 7\n  }\n",
    "    params > 77\n",
    "16: this brace is never closed",
    "it most likely ends with line 17: put a `}` there",
  ],
  [
    "  }\n}\n\nblock",
    "  }\n\nblock",
    "3: this brace is never closed",
    "it most likely ends with line 18: put a `}` there",
  ],
  [
    "  relu\n}",
    "  relu",
    "21: this brace is never closed",
    "it most likely ends with line 27: put a `}` there",
  ],
  [
    "conv 3x3, width -> batchnorm\n  }",
    "conv 3x3, width -> batchnorm",
    "22: this brace is never closed",
    "it most likely ends with line 24: put a `}` there",
  ],
  [
    "residual {",
    "residual",
    "22: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "head classify {",
    "head classify",
    "11: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "expect {",
    "expect",
    "16: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "for Quick {",
    "for Quick",
    "30: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "epochs 4\n}",
    "epochs 4",
    "30: this brace is never closed",
    "it most likely ends with line 35: put a `}` there",
  ],
  [
    "pad: 4 }",
    "pad: 4",
    "32: this brace is never closed",
    "it most likely ends with line 32: put a `}` there",
  ],
  [
    "    dense classes\n  }",
    "    dense classes\n  }\n  }",
    "15: this brace closes nothing",
    "delete it",
  ],
  ["epochs 4\n}", "epochs 4\n}\n}", "37: this brace closes nothing", "delete it"],
  [
    "stem { conv",
    "stem { { conv",
    "6: this brace is never closed",
    "it stands here twice: delete it",
  ],
  [
    "momentum: 0.9",
    "momentum = 0.9",
    "33: expected `,` or `)`, found `=`",
    "a named argument is written with a colon: `momentum: value`",
  ],
  [
    "classes = 4",
    "classes: 4",
    "3: expected `,` or `)`, found `:`",
    "a default is written with `=`: `classes = value`",
  ],
  [
    "conv 3x3, width -> batchnorm\n",
    "conv 3x3, width -> batchnorm;\n",
    "24: `;` has no meaning here",
    "a new line ends an operation; leave the `;` out",
  ],
  [
    "batchnorm -> relu }",
    "batchnorm; relu }",
    "6: `;` has no meaning here",
    "operations are joined by `->`",
  ],
  [
    "batchnorm -> relu }",
    "batchnorm -> relu; }",
    "6: `;` has no meaning here",
    "a new line ends an operation; leave the `;` out",
  ],
  [
    "32x32x3\n\n",
    "32x32x3; ",
    "4: `;` has no meaning here",
    "a new line ends an item, rather than `;`",
  ],
  [
    "batch 64\n",
    "batch 64;",
    "34: `;` has no meaning here",
    "a new line ends an item, rather than `;`",
  ],
  [
    "sgd(0.1, momentum",
    "sgd(0.1; momentum",
    "33: `;` has no meaning here",
    "what stands in brackets is parted by `,`",
  ],
  [
    "  batch 64",
    "  # the batch\n  batch 64",
    "34: `#` has no meaning here",
    "a comment begins with `//`",
  ],
  ["  batch 64", "  batch 64 # small", "34: `#` has no meaning here", "a comment begins with `//`"],
  [
    "  batch 64",
    "  /* small */ batch 64",
    "34: `/*` has no meaning here",
    "a comment begins with `//`",
  ],
  [
    '"std/blocks"',
    "'std/blocks'",
    "1: `'std/blocks'` has no meaning here",
    'a text stands in straight double quotes: `"std/blocks"`',
  ],
  [
    '"std/blocks"',
    '"std/blocks',
    "1: this text is not closed: its line ends before a second quote",
    'close it with `"`',
  ],
  [
    '"std/blocks"',
    "std/blocks",
    "1: expected a text in quotes, found `std`",
    'an import is written `import { Basic } from "std/blocks"`',
  ],
  [
    "import { Basic } from",
    "import Basic from",
    "1: expected `{`, found `Basic`",
    'an import is written `import { Basic } from "std/blocks"`',
  ],
  [
    'import { Basic } from "std',
    'import { Basic } "std',
    '1: expected `from`, found `"std/blocks"`',
    'an import is written `import { Basic } from "std/blocks"`',
  ],
  [
    "Own(width,",
    "Own(input,",
    "21: expected `,` or `)`, found `input`, which is a word of the language",
    "`input` cannot be a name",
  ],
  [
    "block Own",
    "block stage",
    "21: expected a name, found `stage`, which is a word of the language",
    "`stage` cannot be a name",
  ],
  [
    "train quick for",
    "train head for",
    "30: expected a name, found `head`, which is a word of the language",
    "`head` cannot be a name",
  ],
  [
    "head classify",
    "head head",
    "11: expected `{`, found `head`, which is a word of the language",
    "what belongs to it stands in braces: `{ … }`",
  ],
  ["stage conv2:", "stge conv2:", "8: expected `stage`, found `stge`", "did you mean `stage`?"],
  [
    "network Quick",
    "netwrok Quick",
    "3: expected `network`, found `netwrok`",
    "did you mean `network`?",
  ],
  ["block Own", "blok Own", "21: expected `block`, found `blok`", "did you mean `block`?"],
  ["train quick", "trian quick", "30: expected `train`, found `trian`", "did you mean `train`?"],
  ["head classify", "hed classify", "11: expected `head`, found `hed`", "did you mean `head`?"],
  ["expect {", "expct {", "16: expected `expect`, found `expct`", "did you mean `expect`?"],
  [
    "residual {",
    "residul {",
    "22: expected `residual`, found `residul`",
    "did you mean `residual`?",
  ],
  [
    "shortcut project",
    "shortcutt project",
    "26: expected `shortcut`, found `shortcutt`",
    "did you mean `shortcut`?",
  ],
  ["import {", "improt {", "1: expected `import`, found `improt`", "did you mean `import`?"],
  ["stage conv2:", "Stage conv2:", "8: expected `stage`, found `Stage`", "did you mean `stage`?"],
  [
    "train quick for Quick",
    "train quick Quick",
    "30: expected `for`, found `Quick`",
    "a recipe is written `train name for Network { … }`",
  ],
  [
    "train quick for Quick",
    "train for Quick",
    "30: expected `for`, found `Quick`",
    "a recipe is written `train name for Network { … }`",
  ],
  [
    "  batch 64",
    "  batch: 64",
    "34: expected a value or `{ … }`, found `:`",
    "a setting is written without it: `batch value`",
  ],
  [
    "  batch 64",
    "  batch = 64",
    "34: expected a value or `{ … }`, found `=`",
    "a setting is written without it: `batch value`",
  ],
  [
    "sgd(0.1, momentum: 0.9)",
    "sgd(0.1, momentum: 0.9",
    "33: expected `,` or `)`, found the end of the line",
    "close it with `)`",
  ],
  [
    "Basic(16)",
    "Basic(16",
    "8: expected `,` or `)`, found the end of the line",
    "close it with `)`",
  ],
  ["stride = 1) {", "stride = 1 {", "21: expected `,` or `)`, found `{`", "close it with `)`"],
  ["Basic(16)", "Basic 16)", "8: expected `,` or a new line, found `)`", undefined],
  [
    "conv 3x3, width -> batchnorm\n",
    "conv 3x3, width batchnorm\n",
    "24: expected `,`, `->` or a new line, found `batchnorm`",
    "arguments are parted by `,`, operations by `->` or a new line",
  ],
  [
    "    globalavgpool\n    dense classes",
    "    globalavgpool dense classes",
    "12: expected `,`, `->` or a new line, found `classes`",
    "arguments are parted by `,`, operations by `->` or a new line",
  ],
  [
    "batchnorm -> relu }",
    "batchnorm, relu }",
    "6: expected `->` or a new line, found `,`",
    "operations are joined by `->`",
  ],
  ["batchnorm -> relu }", "batchnorm => relu }", "6: `=>` has no meaning here", "write `->`"],
  ["batchnorm -> relu }", "batchnorm | relu }", "6: `|` has no meaning here", "write `->`"],
  [
    "batchnorm -> relu }",
    "batchnorm -> }",
    "6: expected an operation, found `}`",
    "an operation follows `->`; leave the arrow out where the chain ends",
  ],
  [
    "stem { conv",
    "stem { -> conv",
    "6: expected an operation, found `->`",
    "a chain begins with an operation; leave the arrow out",
  ],
  [
    "conv 3x3, 16, /2",
    "conv 3x3,, 16, /2",
    "6: expected an argument, found `,`",
    "an argument follows `,`; leave the comma out behind the last one",
  ],
  [
    "conv 3x3, 16, /2 ->",
    "conv 3x3, 16, ->",
    "6: expected an argument, found `->`",
    "an argument follows `,`; leave the comma out behind the last one",
  ],
  ["16, /2", "16, /", "6: expected a value, found `->`", "a stride is written `/2`"],
  [
    "32x32x3",
    "32 x 32 x 3",
    "4: expected `where` or a new line, found `x`",
    "dimensions are written without spaces: `3x3`",
  ],
  [
    "32x32x3",
    "32, 32, 3",
    "4: expected `where` or a new line, found `,`",
    "an input is written `input 224x224x3` or `input [H, W, 3]`",
  ],
  [
    "32x32x3",
    "(32, 32, 3)",
    "4: expected `)`, found `,`",
    "an input is written `input 224x224x3` or `input [H, W, 3]`",
  ],
  [
    "1 x Basic(16)",
    "1 Basic(16)",
    "8: expected a name, found `1`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  [
    "2 x Basic(32)",
    "2 * Basic(32)",
    "9: expected a name, found `2`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  ["1 x Basic(16)", "{ Basic(16) }", "8: expected a name, found `{`", stageOfBlock],
  [
    "params > 7",
    "params = 77",
    "17: expected an operator or a new line, found `=`",
    "equality is written `==`",
  ],
  [
    "32x32x3",
    "[H, W, 3] where H % 32 = 0",
    "4: expected `where` or a new line, found `=`",
    "equality is written `==`",
  ],
  [
    "stride = 1) {",
    "stride = 1) where width % 8 = 0 {",
    "21: expected `{`, found `=`",
    "equality is written `==`",
  ],
  [
    "stride = 1) {",
    "stride = 1) where (width % 8 = 0) {",
    "21: expected `)`, found `=`",
    "equality is written `==`",
  ],
  [
    "stride = 1) {",
    "stride = 1) where round(a = width) == 8 {",
    "21: expected `,` or `)`, found `=`",
    "a named argument is written with a colon: `a: value`",
  ],
  [
    "stem { conv 3x3",
    "stem { x = conv 3x3",
    "6: expected `,`, `->` or a new line, found `=`",
    "steps follow each other without names; one that is taken up again with `from x` is named behind: `… as x`",
  ],
  [
    "  relu\n}",
    "  relu -> out = conv 3x3, width\n}",
    "27: expected `,`, `->` or a new line, found `=`",
    "steps follow each other without names; one that is taken up again with `from out` is named behind: `… as out`",
  ],
  [
    "  relu\n}",
    "  half = (width / 2)\n}",
    "27: expected `,`, `->` or a new line, found `=`",
    "a value has its name as a parameter: `block Name(half = value) { … }`",
  ],
  ["stem {", "stem: {", "6: expected `{`, found `:`", "its `{` follows without `:`"],
  [
    "head classify {",
    "head classify: {",
    "11: expected `{`, found `:`",
    "its `{` follows without `:`",
  ],
  ["residual {", "residual = {", "22: expected `{`, found `=`", "its `{` follows without `=`"],
  [
    "network Quick(classes = 4) {",
    "network Quick(classes = 4): {",
    "3: expected `{`, found `:`",
    "its `{` follows without `:`",
  ],
  [
    "input 32x32x3",
    "input: 32x32x3",
    "4: expected a value, found `:`",
    "an input is written without it: `input 224x224x3`",
  ],
  [
    "2 x Basic(32)",
    "2 x Basic(64 // 2)",
    "9: expected `,` or `)`, found the end of the line",
    "`//` begins a comment, which takes in what closes it; a division is written `a / b`, and one that rounds down `floor(a / b)`",
  ],
  [
    "conv 3x3, 16, /2 -> batchnorm -> relu }",
    "conv 3x3, 32 // 2 -> batchnorm -> relu }",
    "6: this brace is never closed",
    "`//` begins a comment, which takes in what closes it; a division is written `a / b`, and one that rounds down `floor(a / b)`",
  ],
  [
    "sgd(0.1, momentum: 0.9)",
    "sgd 0.1, momentum: 0.9 // a rate",
    "33: expected a new line, found `0.1`",
    "arguments stand in parentheses: `sgd(0.1, momentum: 0.9)`",
  ],
  [
    "sgd(0.1, momentum: 0.9)",
    "sgd { rate: 0.1, momentum 0.9 }",
    "33: expected a new line, found `{`",
    "arguments stand in parentheses: `sgd(rate: 0.1, momentum: 0.9)`",
  ],
  [
    "sgd(0.1, momentum: 0.9)",
    "sgd { 0.1 }",
    "33: expected a new line, found `{`",
    "arguments stand in parentheses, with a comma between them: `sgd(…)`",
  ],
  [
    "{ flip -> crop 32, pad: 4 }",
    "{ flip -> normalize mean [0.5, 0.4, 0.3], std: 0.2 }",
    "32: expected `]`, found `,`",
    "a named argument is written with a colon: `mean: [0.5, 0.4, 0.3]`",
  ],
  [
    "{ flip -> crop 32, pad: 4 }",
    "{\n    normalize mean [0.5, 0.4, 0.3], std: 0.2\n  }",
    "33: expected `]`, found `,`",
    "a named argument is written with a colon: `mean: [0.5, 0.4, 0.3]`",
  ],
  [
    "batch 64",
    "schedule step [2, 3]",
    "34: expected `]`, found `,`",
    "arguments stand in parentheses: `step([2, 3])`",
  ],
  [
    "batch 64",
    "freeze stem",
    "34: expected a value or `{ … }`, found `stem`, which is a word of the language",
    'the names of places stand in quotes: `["stem"]`',
  ],
  [
    "batch 64",
    "freeze [stem, conv2]",
    "34: expected `,` or `]`, found `stem`, which is a word of the language",
    'the names of places stand in quotes: `["stem", "conv2"]`',
  ],
  [
    "batch 64",
    "freeze [stem",
    "34: expected `,` or `]`, found `stem`, which is a word of the language",
    'the names of places stand in quotes: `["stem"]`',
  ],
  [
    "batch 64",
    "rates within(head: 1, conv2: 0.5)",
    "34: expected `,` or `)`, found `head`, which is a word of the language",
    'the places come first, and then their factors: `within(["head", "conv2"], [1, 0.5])`',
  ],
  [
    "{ flip -> crop 32, pad: 4 }",
    "[flip, crop 32, pad: 4]",
    "32: expected `,` or `]`, found `32`",
    "a chain stands in braces: `{ flip -> crop 32, pad: 4 }`",
  ],
  [
    "{ flip -> crop 32, pad: 4 }",
    "flip -> crop 32, pad: 4",
    "32: expected a new line, found `->`",
    "a chain stands in braces: `{ flip -> crop 32, pad: 4 }`",
  ],
  [
    "1 x Basic(16)",
    "conv 3x3, 16 -> relu",
    "8: expected `,` or a new line, found `->`",
    stageOfBlock,
  ],
  ["conv2: 1 x Basic(16)", "conv2 { Basic(16) }", "8: expected `:`, found `{`", stageOfBlock],
  [
    "2 x Basic(32)",
    "Basic(32) x 2",
    "9: expected `,` or a new line, found `x`",
    "the count stands first: `2 x Basic(32)`",
  ],
  [
    "2 x Basic(32)",
    "Basic(32)*2",
    "9: expected `,` or a new line, found `*`",
    "the count stands first: `2 x Basic(32)`",
  ],
  [
    "  relu\n}",
    "  for i in [1, 2] { relu }\n}",
    "27: expected `,`, `->` or a new line, found `in`",
    noLoops,
  ],
  [
    "  relu\n}",
    "  while width { relu }\n}",
    "27: expected `,`, `->` or a new line, found `{`",
    noLoops,
  ],
  [
    "  relu\n}",
    "  if (width > 8) { relu }\n}",
    "27: expected `,`, `->` or a new line, found `{`",
    "there is no `if`: what differs is a parameter, whose value can be a block, `block Name(Unit = Basic) { … }`",
  ],
  [
    "conv 3x3, width -> batchnorm\n",
    "conv 3x3, width if stride else 8 -> batchnorm\n",
    "24: expected `,`, `->` or a new line, found `if`",
    noConditions,
  ],
  [
    "conv 3x3, width -> batchnorm\n",
    "conv 3x3, stride ? width : 8 -> batchnorm\n",
    "24: `?` has no meaning here",
    noConditions,
  ],
  ["2 x Basic", "2 × Basic", "9: `×` has no meaning here", "write `x`"],
  [
    "Own(width, stride = 1) {",
    "Own(width, stride = 1) where {",
    "21: expected a condition, found `{`",
    "a condition follows `where`, such as `where width % 4 == 0`",
  ],
  [
    "block Own(",
    "block (",
    "21: expected a name, found `(`",
    "a block is written `block Name(width, stride = 1) { … }`",
  ],
  [
    "block Own(width, stride = 1) {",
    "block Own(width, stride = 1)\n",
    "21: expected `{`, found the end of the line",
    "what belongs to it stands in braces: `{ … }`",
  ],
  [
    "block Own(",
    "class Own(",
    "21: expected `import`, `block`, `network` or `train`, found `class`",
    "a file holds nothing but imports, blocks, networks and recipes",
  ],
  [
    "Own(width, stride = 1)",
    "Own(width stride = 1)",
    "21: expected `,` or `)`, found `stride`",
    "what stands in brackets is parted by `,`",
  ],
  ["momentum: 0.9", "momentum: .9", "33: `.9` has no meaning here", "write `0.9`"],
  [
    "input 32x32x3",
    "input [H, W, 3",
    "4: expected `,` or `]`, found the end of the line",
    "close it with `]`",
  ],
  [
    "input 32x32x3",
    "input [H, W, 3] were H % 32 == 0",
    "4: expected `where` or a new line, found `were`",
    "did you mean `where`?",
  ],
  [
    "stage conv2:",
    "stage 2:",
    "8: expected a name, found `2`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  [
    "stage conv2:",
    "stage 2conv:",
    "8: expected a name, found `2`",
    "a stage is written `stage conv2: 3 x Bottleneck(64)`",
  ],
  [
    "network Quick",
    "network Quick-Net",
    "3: expected `(`, `{` or `=`, found `-`",
    "names are made of a to z, A to Z, 0 to 9 and `_`",
  ],
  [
    "stage conv2:",
    "stage conv-2:",
    "8: expected `:`, found `-`",
    "names are made of a to z, A to Z, 0 to 9 and `_`",
  ],
  ["16, /2", "$16, /2", "6: `$` has no meaning here", undefined],
  [
    'from "std/blocks"',
    'from "std/blocks";',
    "1: `;` has no meaning here",
    "a new line ends an operation; leave the `;` out",
  ],
  [
    "    conv 3x3, width -> batchnorm\n  }\n  shortcut project",
    "    conv 3x3, width -> batchnorm\n  shortcut project\n  }",
    "25: expected `,`, `->` or a new line, found `shortcut`, which is a word of the language",
    "`shortcut` stands behind the residual's `}`",
  ],
  [
    "  stem { conv 3x3, 16, /2 -> batchnorm -> relu }",
    "  stem {\n    conv 3x3, 16, /2 -> batchnorm -> relu\n",
    "6: this brace is never closed",
    "it most likely ends with line 7: put a `}` there",
  ],
];

test("the spec itself is right", () => {
  expect(read(spec).diagnostics).toEqual([]);
});

test.each(slips)("%j written as %j", (right, wrong, wanted, help) => {
  expect(spec).toContain(right);
  const { diagnostics } = read(spec.replace(right, () => wrong));
  const shown = diagnostics.map(
    ({ message, span }) => `${span?.file.position(span.start).line}: ${message}`,
  );
  expect(shown).toEqual([wanted]);
  expect(diagnostics[0]?.help?.text).toBe(help);
});

test("a change that a help proposes mends the spec", () => {
  let proposed = 0;
  for (const [right, wrong] of slips) {
    const text = spec.replace(right, () => wrong);
    const edits = read(text).diagnostics.flatMap(({ help }) => help?.edits ?? []);
    if (edits.length === 0) continue;
    proposed++;
    const mended = [...edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce(
        (done, { span, text: by }) => done.slice(0, span.start) + by + done.slice(span.end),
        text,
      );
    expect(read(mended).diagnostics, `${right} -> ${wrong}`).toEqual([]);
  }
  expect(proposed).toBeGreaterThan(20);
});
