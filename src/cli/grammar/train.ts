/** `resnetc train`: a spec or a run in, a run. */
import { Option } from "commander";
import type { AddCommand } from "./command.js";
import { collect, minutes, place, recipeOptions, set } from "./options.js";

const examples = `
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

--resume goes on with what the run was given so far, such as --epochs, --set,
--with, --freeze and --data, but for what is given anew; --forget leaves it out.
--engine, --device, --checkpoint-minutes and --ui are asked for each time, and a
run that was made with -o is named: --resume FOLDER.

--weights starts a new run from the weights of another: of a checkpoint, of a
model.json, or of a safetensors file by any of the names that export gives.
A head that it has not, or that tells other classes apart, starts fresh;
classes in another order are put in that of the data. --head keep takes a head
whatever its classes are called, --head fresh never. For a network of grey
images, the first convolution of one for colours is summed over them.
`;

export const addTrain: AddCommand = (program, { terminal, load, finish }) => {
  recipeOptions(program.command("train"))
    .description("train a network by its recipe")
    .argument("[spec]", "FILE.resnet, or FILE.resnet#Network")
    .option("-o, --output <folder>", "where the run is kept; runs/RECIPE where left out", place)
    .option(...set, collect)
    .option("--epochs <n>", "how often every image is seen")
    .option("--rate <x>", "the optimizer's learning rate; also --lr")
    .addOption(new Option("--lr <x>").hideHelp())
    .option("--weights <file>", "start from these: safetensors, .pth, checkpoint, model.json")
    .addOption(
      new Option(
        "--head <how>",
        "the head of those weights; by its classes where left out",
      ).choices(["keep", "fresh"]),
    )
    .option("--freeze [places]", "keep all weights but the heads', or those of stem,conv2")
    .option("--resume [run]", "go on with the latest run, or with the one in a folder")
    .option("--forget", "with --resume, leave out what the run was given before")
    .option("--checkpoint-minutes <n>", "minutes between checkpoints within an epoch", minutes)
    .option("--ui [port]", "a live page of the run on this machine, at a free port or at this one")
    .option("--json", "events as lines of JSON")
    .addHelpText("after", examples)
    .action(async (spec: string | undefined, options: object) => {
      finish(await (await load.tensor()).trainCommand(spec, options, terminal));
    });
};
