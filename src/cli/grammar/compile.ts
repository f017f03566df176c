/** `resnetc compile`: one spec in, a folder with its graph and a model. */
import type { AddCommand } from "./command.js";
import { collect, place, set, wholeNumber } from "./options.js";

const examples = `
Writes graph.json (the checked graph) and model.json with its weights, which
tf.loadLayersModel of TensorFlow.js opens without any of resnetc's code.

Examples:
  resnetc compile specs/resnet50.resnet -o build/resnet50
  resnetc compile specs/quickstart.resnet \\
    --checkpoint runs/quickstart/best.safetensors
`;

export const addCompile: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("compile")
    .description("write the graph, and a model that TensorFlow.js opens")
    .argument("<spec>", "FILE.resnet, or FILE.resnet#Network")
    .option("-o, --output <folder>", "where to write; build/NETWORK where left out", place)
    .option("--checkpoint <file>", "the weights of a checkpoint instead of fresh ones")
    .option("--weights <file>", "weights of other programs: safetensors, .pth, model.json")
    .option("--seed <n>", "what fresh weights are drawn from; 0 where left out", wholeNumber)
    .option("--graph-only", "only graph.json, without the model")
    .option(...set, collect)
    .option("--json", "the answer as JSON")
    .addHelpText("after", examples)
    .action(async (spec: string, options: object) => {
      finish(await (await load.tensor()).compileCommand(spec, options, terminal));
    });
};
