/** `resnetc diagram`: one spec in, a picture. */
import { Option } from "commander";
import { collect, set } from "./options.js";
import type { AddCommand } from "./command.js";

const examples = `
Examples:
  resnetc diagram specs/resnet18.resnet -o resnet18.svg
  resnetc diagram specs/resnet50.resnet --view full --format dot > resnet50.dot

Mermaid draws 500 arrows at most, unless its page allows more: the full view of
a larger network is then written with equal blocks as one, if not told --expand.
`;

export const addDiagram: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("diagram")
    .description("the network as a picture: SVG, PNG, Mermaid or DOT")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .option(
      "-o, --output <file>",
      "where to write it: .svg, .png, .mmd and .dot say the format; standard output where left out",
    )
    .addOption(
      new Option("--format <name>", "what to write; svg where nothing says").choices([
        "svg",
        "png",
        "mermaid",
        "dot",
      ]),
    )
    .addOption(
      new Option("--view <name>", "a box for each layer, or for each operation")
        .choices(["stages", "full"])
        .default("stages"),
    )
    .option("--expand", "every block for itself (so in the full view)")
    .option("--no-expand", "equal blocks in a row as one (so in the view of stages)")
    .option("--at <size>", "the size of a symbolic input, such as 224x224")
    .addOption(
      new Option("--direction <name>", "where it goes on to")
        .choices(["down", "right"])
        .default("down"),
    )
    .addOption(
      new Option("--theme <name>", "colours of an SVG; auto follows the reader's screen")
        .choices(["light", "dark", "auto"])
        .default("auto"),
    )
    .option(...set, collect)
    .addHelpText("after", examples)
    .action(async (spec: string, options: object) => {
      finish(await (await load.tool()).diagramCommand(spec, options, terminal));
    });
};
