/** What the words of the language mean, one line each, for hover and completion. */
import type { Measure } from "../../check/measures.js";
import type { ShortcutKind } from "../../check/value.js";

/** The words that the grammar reserves or knows at one place. */
export const wordDocs: Readonly<Record<string, string>> = {
  import: 'takes blocks and networks from another file: `import { Basic } from "std/blocks"`',
  from: "goes on from a named place: `from conv3`",
  as: "names the value at this point, so that `from` can take it up again",
  input: "the shape of an image: `input 224x224x3`, or `input [H, W, 3]` for any size",
  stem: "what stands before the first stage",
  stage: "a named row of blocks: `stage conv3: 4 x Basic(128), /2`; the stride goes to the first",
  head: "what makes the network's answer; it does not change the value that goes on below it",
  residual:
    "H(x) = F(x) + x: the chain F, and `shortcut`, which says how x is brought to its shape",
  shortcut:
    "how x is brought to the shape of F(x): identity, project, project always, pad, none or a chain",
  branches: "chains that begin at one value and are added or joined: `branches concat { {…} {…} }`",
  gate: "multiplies the value by what the chain makes of it (squeeze-and-excitation)",
  expect: "a unit test of the architecture, which every check holds the network to",
  where: "conditions that the parameters or sizes must meet",
  block: "a chain with parameters, used by its name as a step",
  network: "a network: an input, stages and heads; or an instance of one, `network A = B(…)`",
  train: "a recipe: how a network is trained",
  for: "the network that a recipe trains",
  x: "as many of the block, one after the other: `4 x Basic(128)`",
  always: "`project always`: a projection also where identity would do (option C of the paper)",
};

export const shortcutDocs: Readonly<Record<ShortcutKind, string>> = {
  identity: "x itself; an error where the shapes differ",
  project:
    "x itself where the shapes agree, otherwise a 1x1 convolution and batchnorm (option B of the paper)",
  "project always": "a 1x1 convolution and batchnorm everywhere (option C of the paper)",
  pad: "every stride-th position, and zeros for missing channels: no parameters (option A of the paper)",
  none: "no shortcut: the residual alone, as in the plain networks of the paper's Table 2",
};

export const mergeDocs: Readonly<Record<string, string>> = {
  sum: "adds the branches, which must be of one shape",
  concat: "joins the channels of the branches, which must be of one height and width",
};

export const measureDocs: Readonly<Record<Measure, string>> = {
  params: "how many trainable numbers the network has",
  macs: "multiply-adds of convolutions and dense layers for one image: `macs(at: 224x224)`",
  memory: "bytes of all outputs in float32: `memory(at: 224x224, batch: 32)`",
  receptive_field: "pixels of the input that one position of the last map sees, per axis",
  output: "the shape of a head's answer: `output(classify) == 1000`",
};

export const functionDocs: Readonly<Record<string, string>> = {
  min: "the smallest of its numbers: `min(a, b, …)`",
  max: "the largest of its numbers: `max(a, b, …)`",
  floor: "the whole number at or below: `floor(a)`",
  ceil: "the whole number at or above: `ceil(a)`",
  round: "the nearest whole number: `round(a)`",
  len: "how many items a list has: `len(depths)`",
  sum: "the sum of a list of numbers: `sum(depths)`",
};
