/**
 * Which part of a training step a node of the runtime belongs to, and what a convolution computes: nodes
 * bear the name of the program's instruction for which they were written.
 */
import { Instructions } from "../../../src/engines/onnx/program-work.js";
import type { Graph } from "../../../src/graph/graph.js";
import type { OpName } from "../../../src/ops/attributes.js";
import type { Instruction, Program } from "../../../src/passes/program/program.js";

const families: Readonly<Record<OpName, string>> = {
  input: "images to channels first",
  conv: "convolution",
  batchnorm: "batch norm",
  relu: "ReLU",
  sigmoid: "gates",
  maxpool: "pooling",
  avgpool: "pooling",
  globalavgpool: "pooling",
  flatten: "dense and loss",
  dense: "dense and loss",
  dropout: "dropout",
  droppath: "dropout",
  upsample: "upsampling",
  subsample: "shortcuts",
  padchannels: "shortcuts",
  add: "shortcuts",
  concat: "concatenation",
  multiply: "gates",
};

export class Parts {
  readonly #instructions: Instructions;
  readonly #operations: ReadonlyMap<string, OpName>;

  constructor(graph: Graph, program: Program) {
    this.#instructions = new Instructions(program);
    this.#operations = new Map(graph.nodes.map(({ name, op }) => [name, op]));
  }

  /** The instruction for which a node was written. Undefined for what the runtime put in by itself. */
  instructionOf(node: string): Instruction | undefined {
    return this.#instructions.of(node);
  }

  partOf(node: string): string {
    const instruction = this.instructionOf(node);
    if (instruction === undefined) {
      return /^(weights|optimizer)\//.test(node) ? "update" : "not of the program";
    }
    const [scope = "", inner = ""] = instruction.name.split("/");
    if (scope === "gradient") return this.#gradientPart(instruction, inner);
    if (scope === "update" || scope === "schedule") return "update";
    if (scope === "loss") return "dense and loss, forward";
    const operation = this.#operations.get(scope);
    if (operation === undefined) return "metrics and state";
    // A runtime's convolution applies batch norm, adds the shortcut and rectifies at once.
    if (this.#followsAffine(instruction)) return "batch norm (with sum and ReLU), forward";
    return operation === "input" ? families.input : `${families[operation]}, forward`;
  }

  #gradientPart(instruction: Instruction, node: string): string {
    switch (instruction.primitive) {
      case "convInputGradient":
        return "convolution, input gradient";
      case "convKernelGradient":
        return "convolution, kernel gradient";
      case "affine":
        return "batch norm, gradient";
      case "add":
        if (this.#followsAffine(instruction)) return "batch norm, gradient";
        break;
      default:
    }
    const operation = this.#operations.get(node);
    if (instruction.primitive === "add" && operation !== "batchnorm") return "sums of gradients";
    const family = operation === undefined ? "dense and loss" : families[operation];
    return `${family}, gradient`;
  }

  /** Whether it is batch norm's application, or reads it element by element. */
  #followsAffine({ primitive, operands, name }: Instruction): boolean {
    const [scope = ""] = name.split("/");
    if (this.#operations.get(scope) === "batchnorm" || primitive === "affine") return true;
    if (primitive !== "add" && primitive !== "relu") return false;
    return operands.some((operand) => {
      const read = this.#instructions.named(operand);
      return read !== undefined && this.#followsAffine(read);
    });
  }
}

/** 2 x multiply-adds of a convolution or one of its gradients; undefined for anything else. */
export function operationsOf(
  { primitive, operands, type }: Instruction,
  shapeOf: (value: string) => readonly number[],
): number | undefined {
  const [first = "", second = ""] = operands;
  const size = (shape: readonly number[]): number => shape.reduce((all, extent) => all * extent, 1);
  // Every element of the result (or of dy) meets a kernel of (Cin / groups, KH, KW).
  const count = (map: readonly number[], kernel: readonly number[]): number =>
    2 * size(map) * size(kernel.slice(1));
  switch (primitive) {
    case "conv":
      return count(type.shape, shapeOf(second));
    case "convInputGradient":
      return count(shapeOf(first), shapeOf(second));
    case "convKernelGradient":
      return count(shapeOf(second), type.shape);
    default:
      return undefined;
  }
}
