/** `resnetc diff`: what changed between two specs. */
import { collect, set } from "./options.js";
import type { AddCommand } from "./command.js";

const examples = `
A spec at a git revision is FILE@REVISION; the file alone is as it is now.
--git takes A..B, A...B (from where B parted from A), or A against the files as
they are now. With one spec it compares that; with folders, patterns, several
specs or nothing, every spec below them that changed or imports one that did.

Examples:
  resnetc diff specs/resnet18.resnet specs/resnet34.resnet
  resnetc diff specs/resnet18.resnet@HEAD~1 specs/resnet18.resnet
  resnetc diff --git main...HEAD specs/resnet.resnet#ResNet50 --markdown
  resnetc diff --git origin/main --markdown --exit-code
  resnetc diff --git v1.0..v1.1 specs "nets/**/*.resnet"
  resnetc diff --git HEAD net.resnet --checkpoint runs/net/best.safetensors
`;

export const addDiff: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("diff")
    .description("what changed between two specs, or two git revisions")
    .argument("[spec...]", "two of FILE[@REVISION][#Network], or with --git any number")
    .option("--git <range>", "two git revisions, such as HEAD~1..HEAD or main...HEAD")
    .option("--checkpoint <file>", "whether the second takes these weights of the first")
    .option("--at <size>", "the size of a symbolic input, such as 224x224")
    .option(...set, collect)
    .option("--exit-code", "end with 1 where something changed")
    .option("--markdown", "tables for a pull request")
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (specs: string[], options: object) => {
      finish(await (await load.tool()).diffCommand(specs, options, terminal));
    });
};
