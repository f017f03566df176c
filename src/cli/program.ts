/** The command line's grammar: commands, their options, their help. What they do is elsewhere. */
import { Command, InvalidArgumentError, Option } from "commander";
import { nearest } from "../check/suggestion.js";
import { checkCommand } from "./check-command.js";
import { summaryCommand } from "./summary-command.js";
import type { Terminal } from "./terminal.js";

/** Loads the commands that run tensors, when one of them is called for. */
export type LoadTensorCommands = () => Promise<typeof import("./tensor-commands.js")>;

export interface ProgramParts {
  readonly terminal: Terminal;
  readonly load: LoadTensorCommands;
  /** The command line itself. */
  readonly words: readonly string[];
  /** Takes the exit status of the command that ran. */
  readonly finish: (status: number) => void;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return value;
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("It must be 1 or more.");
  return value;
}

function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const set = [
  "--set <name=value>",
  "a value for a parameter of the network; may be repeated",
] as const;

function engineOption(): Option {
  return new Option("--engine <name>", "auto takes the best there is")
    .choices(["auto", "node-gpu", "webgpu", "onnx", "node", "wasm", "cpu"])
    .default("auto");
}

function deviceOption(): Option {
  return new Option("--device <name>", "a GPU by a part of its name; see `resnetc engines`");
}

/** Options that change the recipe. */
function recipeOptions(command: Command): Command {
  return command
    .option("--recipe <name>", "which recipe, where the file has several")
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--data <path>", 'a folder of CIFAR files or of images, or a call: "shapes(size: 32)"')
    .option("--batch <n>", "images per step")
    .option("--seed <n>", "what every random choice follows from")
    .option("--with <setting=value>", "any value of the recipe: optimizer.momentum=0.8", collect);
}

const examples = {
  program: `
Examples:
  resnetc check specs/*.resnet            is every shortcut sound?
  resnetc summary specs/resnet50.resnet   the network as a table
  resnetc train specs/quickstart.resnet   learn something, now
  resnetc <command> --help                more of one command

A spec is FILE.resnet, or FILE.resnet#Network where a file declares several.
Exit status: 0 fine, 1 something was found, 2 wrong use.
`,
  check: `
Examples:
  resnetc check specs/resnet50.resnet
  resnetc check specs/*.resnet --json
  resnetc check specs/resnet-cifar10.resnet#CifarResNet --set n=4
`,
  summary: `
Examples:
  resnetc summary specs/resnet50.resnet
  resnetc summary specs/resnet-cifar10.resnet#ResNet20 --layers
`,
  compile: `
Writes graph.json (the checked graph) and model.json with its weights, which
tf.loadLayersModel of TensorFlow.js opens without any of resnetc's code.

Examples:
  resnetc compile specs/resnet50.resnet -o build/resnet50
  resnetc compile specs/quickstart.resnet \\
    --checkpoint runs/quickstart/best.safetensors
`,
  export: `
onnx: one file with the network and its weights, in standard operators of ONNX
alone. It takes a batch of any size, and images of every size that the spec
admits, already normalised; it gives logits.

safetensors: the weights alone, by the names and in the layout of the graph, or
with --names torchvision as torchvision's resnets load them, and the published
networks for CIFAR that follow them: conv1.weight, layer2.0.bn1.running_mean.

The metadata of both has the names of the classes and the mean and std of a
checkpoint's recipe.

Examples:
  resnetc export specs/quickstart.resnet --to onnx \\
    --checkpoint runs/quickstart/best.safetensors
  resnetc export specs/resnet50.resnet --to onnx -o resnet50.onnx --layout nhwc
  resnetc export specs/resnet50.resnet --to safetensors --names torchvision
`,
  train: `
Examples:
  resnetc train specs/quickstart.resnet
  resnetc train specs/resnet-cifar10.resnet#ResNet20 --data data/cifar10
  resnetc train specs/quickstart.resnet --epochs 8 --rate 0.05
  resnetc train specs/quickstart.resnet --with optimizer.momentum=0.8
  resnetc train specs/quickstart.resnet --ui
  resnetc train specs/quickstart.resnet --resume
  resnetc train specs/resnet18-cifar10.resnet --weights resnet18.safetensors \\
    --freeze

--ui serves a page of the run while it goes on: curves, confusion matrix and
pictures, at an address that is printed. The same is in the run's report.html
at the end, with --ui or without.

--weights starts a new run from the weights of another: of a checkpoint, of a
model.json, or of a safetensors file by the graph's names or torchvision's.
A head of another number of classes starts fresh.
`,
  profile: `
Runs a few training steps on images of random numbers; no data set is needed.

Examples:
  resnetc profile specs/resnet-cifar10.resnet#ResNet20
  resnetc profile specs/resnet18.resnet --batch 8 --engine wasm --steps 2
`,
  eval: `
Examples:
  resnetc eval specs/quickstart.resnet
  resnetc eval --checkpoint runs/quickstart/last.safetensors
  resnetc eval specs/quickstart.resnet --data "shapes(seed: 1)"
  resnetc eval specs/quickstart.resnet --weights quick.safetensors
`,
  predict: `
Examples:
  resnetc predict specs/quickstart.resnet cat.jpg dog.png
  resnetc predict --checkpoint runs/quickstart/best.safetensors cat.jpg
  resnetc predict net.resnet --weights resnet50.safetensors cat.jpg
`,
} as const;

/** The whole program. Nothing is run until it is parsed. */
export function makeProgram({ terminal, load, words, finish }: ProgramParts): Command {
  const program = new Command("resnetc")
    .description(
      "The compiler for residual networks: proves that every shortcut fits, then trains.",
    )
    .usage("<command> <spec> [options]")
    .helpCommand(false)
    .option("-V, --version", "print the version")
    .showSuggestionAfterError(true)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", examples.program);

  program
    .command("check")
    .description("prove that every shortcut fits, or say what is wrong")
    .argument("<spec...>", "FILE.resnet, or FILE.resnet#Network")
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.check)
    .action(async (specs: string[], options: object) => {
      finish(await checkCommand(specs, options, terminal));
    });

  program
    .command("summary")
    .description("the network as a table, with parameters and costs")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .option("--layers", "one row for every layer")
    .option("--at <size>", "the size of a symbolic input, such as 224x224")
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.summary)
    .action((spec: string, options: object) => finish(summaryCommand(spec, options, terminal)));

  program
    .command("compile")
    .description("write the graph, and a model that TensorFlow.js opens")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .option("-o, --output <folder>", "where to write; build/NETWORK where left out")
    .option("--checkpoint <file>", "the weights of a checkpoint instead of fresh ones")
    .option("--weights <file>", "weights of other programs: safetensors, or a model.json")
    .option("--seed <n>", "what fresh weights are drawn from", wholeNumber)
    .option("--graph-only", "only graph.json, without the model")
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.compile)
    .action(async (spec: string, options: object) => {
      finish(await (await load()).compileCommand(spec, options, terminal));
    });

  program
    .command("export")
    .description("write a network and its weights for other runtimes")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .addOption(
      new Option("--to <format>", "what to write").choices(exportFormats).argParser(exportFormat),
    )
    .option("-o, --output <file>", "where to write; build/NETWORK.FORMAT where left out")
    .option("--checkpoint <file>", "the weights of a checkpoint instead of fresh ones")
    .option("--weights <file>", "weights of other programs: safetensors, or a model.json")
    .option("--seed <n>", "what fresh weights are drawn from", wholeNumber)
    .addOption(
      new Option(
        "--layout <name>",
        "onnx: the order of an image's axes; nchw where left out",
      ).choices(["nchw", "nhwc"]),
    )
    .addOption(
      new Option(
        "--names <whose>",
        "safetensors: the tensors' names; graph where left out",
      ).choices(["graph", "torchvision"]),
    )
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.export)
    .action(async (spec: string, options: object) => {
      finish(await (await load()).exportCommand(spec, options, terminal));
    });

  recipeOptions(program.command("train"))
    .description("train a network by its recipe")
    .argument("[spec]", "FILE.resnet, or FILE.resnet#Network")
    .option("-o, --output <folder>", "where the run is kept; runs/RECIPE where left out")
    .option(...set, collect)
    .option("--epochs <n>", "how often every image is seen")
    .option("--rate <x>", "the optimizer's learning rate; also --lr")
    .addOption(new Option("--lr <x>").hideHelp())
    .option("--weights <file>", "start from these: safetensors, checkpoint or model.json")
    .option("--freeze [places]", "keep all weights but the heads', or those of stem,conv2")
    .option("--resume [run]", "go on with the latest run, or with the one in a folder")
    .option("--checkpoint-minutes <n>", "minutes between checkpoints within an epoch", minutes)
    .option("--ui [port]", "a live page of the run on this machine, at a free port or at this one")
    .option("--json", "events as lines of JSON")
    .addHelpText("after", examples.train)
    .action(async (spec: string | undefined, options: object) => {
      finish(await (await load()).trainCommand(spec, options, terminal, words));
    });

  recipeOptions(program.command("eval"))
    .description("what a checkpoint is worth on the validation images")
    .argument("[spec]", "FILE.resnet, or FILE.resnet#Network; none with --checkpoint")
    .option("--checkpoint <file>", "the best of the latest run where left out")
    .option("--weights <file>", "weights for the spec's network: safetensors or model.json")
    .option(...set, collect)
    .option("--run <folder>", "a run elsewhere than in runs/RECIPE")
    .option("--split <name>", "validation or train", split)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.eval)
    .action(async (spec: string | undefined, options: object) => {
      finish(await (await load()).evalCommand(spec, options, terminal));
    });

  program
    .command("predict")
    .description("what a checkpoint takes images for")
    .argument("<spec-or-image...>", "a spec first, or none with --checkpoint; then images")
    .option("--recipe <name>", "which recipe's run, where the file has several")
    .option("--checkpoint <file>", "the best of the latest run where left out")
    .option("--weights <file>", "weights for the spec's network: safetensors or model.json")
    .option(...set, collect)
    .option("--run <folder>", "a run elsewhere than in runs/RECIPE")
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--top <n>", "how many classes to name; 3 where left out", atLeastOne)
    .option("--json", "a line of JSON per image")
    .addHelpText("after", examples.predict)
    .action(async (given: string[], options: object) => {
      finish(await (await load()).predictCommand(given, options, terminal));
    });

  program
    .command("profile")
    .description("where the time and memory of a training step go")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--recipe <name>", "whose step, where the file has several recipes")
    .option("--batch <n>", "images per step", atLeastOne)
    .option("--steps <n>", "how many steps to measure; 5 where left out", atLeastOne)
    .option("--at <size>", "the size of a symbolic input, such as 224x224")
    .option("--with <setting=value>", "any value of the recipe", collect)
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples.profile)
    .action(async (spec: string, options: object) => {
      finish(await (await load()).profileCommand(spec, options, terminal));
    });

  program
    .command("engines")
    .description("what can run networks here, and how to get the rest")
    .option("--json", "the answer as JSON")
    .action(async (options: object) => {
      finish(await (await load()).enginesCommand(options, terminal));
    });
  return program;
}

/** What a network can be exported to; `api/export.ts` is not loaded for a check. */
const exportFormats = ["onnx", "safetensors"];

function exportFormat(text: string): string {
  if (exportFormats.includes(text)) return text;
  const near = nearest(text, exportFormats);
  const known = `There is: ${exportFormats.join(", ")}.`;
  throw new InvalidArgumentError(near === undefined ? known : `Did you mean ${near}?`);
}

function split(text: string): string {
  if (text === "validation" || text === "train") return text;
  throw new InvalidArgumentError("It must be validation or train.");
}
