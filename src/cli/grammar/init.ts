/** `resnetc init`: a folder to begin with. */
import { Option } from "commander";
import type { TemplateName } from "../init/templates.js";
import type { AddCommand } from "./command.js";
import { atLeastOne } from "./options.js";

/** Those of init/templates.ts, which is not loaded for the help. */
const templateNames: readonly TemplateName[] = [
  "quickstart",
  "cifar",
  "imagenet",
  "detection-backbone",
  "segmentation",
];

const help = `
Makes a spec that checks and lints clean, resnet.config.json, a GitHub workflow,
.gitignore and a README. What is there is kept, unless --force is given.

Templates:
  quickstart           a small network that learns drawn shapes in seconds
  cifar                ResNet-20 for CIFAR-10, with the recipe of the paper
  imagenet             ResNet-50 for large images in folders
  detection-backbone   ResNet-50 with a feature pyramid, for any size
  segmentation         a residual U-Net: a class for every pixel

Examples:
  resnetc init my-net
  resnetc init my-net --template imagenet --classes 37 --input 192x192x3
  resnetc init --name Birds --template cifar --classes 5
`;

export const addInit: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("init")
    .description("begin: a spec, a configuration and a workflow")
    .argument("[folder]", "where; the working folder where left out")
    .addOption(
      new Option("--template <name>", "what to begin with")
        .choices(templateNames)
        .default("quickstart"),
    )
    .option("--name <network>", "the network's name; made from the folder's where left out")
    .option("--classes <n>", "how many classes there are", atLeastOne)
    .option("--input <size>", "height, width and channels: 32x32x3")
    .option("--force", "replace files that are there")
    .option("--json", "what was written as JSON")
    .addHelpText("after", help)
    .action(async (folder: string | undefined, options: object) => {
      finish(await (await load.tool()).initCommand(folder, options, terminal));
    });
};
