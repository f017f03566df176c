/** `resnetc eval`: a spec or a checkpoint in, its figures. */
import { Option } from "commander";
import type { AddCommand } from "./command.js";
import { collect, recipeOptions, set } from "./options.js";

const examples = `
Examples:
  resnetc eval specs/quickstart.resnet
  resnetc eval --checkpoint runs/quickstart/last.safetensors
  resnetc eval specs/quickstart.resnet --data "shapes(seed: 1)"
  resnetc eval specs/quickstart.resnet --data photos/test
  resnetc eval specs/quickstart.resnet --weights quick.safetensors

Other data than were trained on are evaluated whole where they do not say which
are for validation. --split test takes test/ beside train/ and validation/, and
what CIFAR's authors test on.
`;

export const addEval: AddCommand = (program, { terminal, load, finish }) => {
  recipeOptions(program.command("eval"))
    .description("what a checkpoint is worth on the validation images")
    .argument("[spec]", "FILE.resnet, or FILE.resnet#Network; none with --checkpoint")
    .option("--checkpoint <file>", "the best of the latest run where left out")
    .option("--weights <file>", "weights for the spec's network: safetensors, .pth, model.json")
    .option(...set, collect)
    .option("--run <folder>", "a run elsewhere than in runs/RECIPE")
    .addOption(
      new Option("--split <name>", "which images; validation where left out").choices([
        "validation",
        "train",
        "test",
      ]),
    )
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (spec: string | undefined, options: object) => {
      finish(await (await load.tensor()).evalCommand(spec, options, terminal));
    });
};
