/** `resnetc profile`: a spec in, where the time of a step goes. */
import type { AddCommand } from "./command.js";
import { atLeastOne, collect, deviceOption, engineOption, set } from "./options.js";

const examples = `
Runs a few training steps on images of random numbers; no data set is needed.

Examples:
  resnetc profile specs/resnet-cifar10.resnet#ResNet20
  resnetc profile specs/resnet18.resnet --batch 8 --engine wasm --steps 2
`;

export const addProfile: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("profile")
    .description("where the time and memory of a training step go")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--recipe <name>", "whose step, where the file has several recipes")
    .option("--batch <n>", "images per step", atLeastOne)
    .option("--steps <n>", "how many steps to measure; 5 where left out", atLeastOne)
    .option(
      "--at <size>",
      "the size of a symbolic input, such as 224x224; the recipe's where left out",
    )
    .option("--with <setting=value>", "any value of the recipe", collect)
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (spec: string, options: object) => {
      finish(await (await load.tensor()).profileCommand(spec, options, terminal));
    });
};
