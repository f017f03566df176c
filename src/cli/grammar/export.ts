/** `resnetc export`: one spec in, a file for another runtime. */
import { Option } from "commander";
import type { AddCommand } from "./command.js";
import { collect, place, set, wholeNumber } from "./options.js";

const examples = `
onnx: one file with the network and its weights, in standard operators of ONNX
alone. It takes a batch of any size, and images of every size that the spec
admits, already normalised; it gives logits.

safetensors: the weights alone, by the names and in the layout of the graph, or
with --names torchvision as torchvision's resnets load them: conv1.weight,
layer2.0.downsample.0.weight, fc.bias. --names cifar is for the published
networks for CIFAR in PyTorch that say linear for fc and shortcut for
downsample, and pad the channels on both sides where nothing projects.

The metadata of both has the names of the classes and the mean and std of a
checkpoint's recipe.

Examples:
  resnetc export specs/quickstart.resnet --to onnx \\
    --checkpoint runs/quickstart/best.safetensors
  resnetc export specs/resnet50.resnet --to onnx -o resnet50.onnx --layout nhwc
  resnetc export specs/resnet50.resnet --to safetensors --names torchvision
`;

export const addExport: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("export")
    .description("write a network and its weights for other runtimes")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .addOption(new Option("--to <format>", "what to write").choices(exportFormats))
    .option("-o, --output <file>", "where to write; build/NETWORK.FORMAT where left out", place)
    .option("--checkpoint <file>", "the weights of a checkpoint instead of fresh ones")
    .option("--weights <file>", "weights of other programs: safetensors, .pth, model.json")
    .option("--seed <n>", "what fresh weights are drawn from; 0 where left out", wholeNumber)
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
      ).choices(["graph", "torchvision", "cifar"]),
    )
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (spec: string, options: object) => {
      finish(await (await load.tensor()).exportCommand(spec, options, terminal));
    });
};

/** What a network can be exported to; `api/export.ts` is not loaded for a check. */
const exportFormats = ["onnx", "safetensors"];
