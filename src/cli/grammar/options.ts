/** What options of several commands read, and the options that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    const least = value < 0 ? ", 0 or more" : "";
    throw new InvalidArgumentError(`It must be a whole number${least}.`);
  }
  return value;
}

export function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("It must be 1 or more.");
  return value;
}

export function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) {
    throw new InvalidArgumentError("It must be a number of minutes, 0 or more.");
  }
  return value;
}

/** Where several files, or one that is no text, are written. */
export function place(text: string): string {
  if (text !== "-") return text;
  throw new InvalidArgumentError(
    "Nothing of it goes to standard output; `./-` is a place of that name.",
  );
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export const set = [
  "--set <name=value>",
  "a value for a parameter of the network; may be repeated",
] as const;

const engineNames = ["auto", "node-gpu", "webgpu", "onnx", "node", "wasm", "cpu"];

const onGpu = "webgpu is for any GPU, node-gpu for NVIDIA's with CUDA";

/** What people seek by another name, in a sentence. */
const enginesElsewhere: Readonly<Record<string, string>> = {
  cuda: onGpu,
  directml: "webgpu is for any GPU, by Direct3D 12 on Windows",
  gpu: onGpu,
  metal: "webgpu is for any GPU, by Metal on a Mac",
  mps: "webgpu is for any GPU, by Metal on a Mac",
  onnxruntime: "here it is onnx",
  ort: "here it is onnx",
  tensorflow: "here it is node, or node-gpu with CUDA",
  tf: "here it is node, or node-gpu with CUDA",
  tpu: `there is none for TPUs; ${onGpu}`,
  vulkan: "webgpu is for any GPU, by Vulkan on Linux",
  webgl: "here it is webgpu",
};

function engineName(text: string): string {
  if (engineNames.includes(text)) return text;
  const key = text.toLowerCase();
  const meant = Object.hasOwn(enginesElsewhere, key)
    ? `${enginesElsewhere[key]}; it takes`
    : "Allowed choices are";
  throw new InvalidArgumentError(`${meant} ${engineNames.join(", ")}.`);
}

export function engineOption(): Option {
  return new Option("--engine <name>", "auto takes the best there is")
    .choices(engineNames)
    .argParser(engineName)
    .default("auto");
}

export function deviceOption(): Option {
  return new Option("--device <name>", "a GPU by a part of its name; see `resnetc engines`");
}

/** Options that change the recipe. */
export function recipeOptions(command: Command): Command {
  return command
    .option("--recipe <name>", "which recipe, where the file has several")
    .addOption(engineOption())
    .addOption(deviceOption())
    .option("--data <path>", 'a folder of CIFAR files or of images, or a call: "shapes(size: 32)"')
    .option("--batch <n>", "images per step")
    .option("--seed <n>", "what every random choice follows from")
    .option("--with <setting=value>", "any value of the recipe: optimizer.momentum=0.8", collect);
}
