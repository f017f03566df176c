/** `resnetc predict`: images in, classes. */
import type { AddCommand } from "./command.js";
import { atLeastOne, collect, deviceOption, engineOption, set } from "./options.js";

const examples = `
Examples:
  resnetc predict specs/quickstart.resnet cat.jpg dog.png
  resnetc predict specs/quickstart.resnet photos "more/*.png"
  resnetc predict --checkpoint runs/quickstart/best.safetensors cat.jpg
  resnetc predict net.resnet --weights resnet50.safetensors cat.jpg
  resnetc predict net.resnet --weights net.safetensors \\
    --with "preprocess={ resize 64 }" cat.jpg

Images are prepared as in the run. With --weights: as --with says, or the file,
or a recipe of the spec, or for the names of torchvision as torchvision does.
`;

export const addPredict: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("predict")
    .description("what a checkpoint takes images for")
    .argument(
      "[spec-or-image...]",
      "a spec first, or none with --checkpoint; then images, folders of them, or patterns",
    )
    .option("--recipe <name>", "which recipe's run, where the file has several")
    .option("--checkpoint <file>", "the best of the latest run where left out")
    .option("--weights <file>", "weights for the spec's network: safetensors, .pth, model.json")
    .option(...set, collect)
    .option("--run <folder>", "a run elsewhere than in runs/RECIPE")
    .option("--with <setting=value>", "any value of the recipe", collect)
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--top <n>", "how many classes to name; 3 where left out", atLeastOne)
    .option("--json", "a line of JSON per image")
    .addHelpText("after", examples)
    .action(async (given: string[], options: object) => {
      finish(await (await load.tensor()).predictCommand(given, options, terminal));
    });
};
