/** The order of the axes of the images that a model takes, and of the maps that it gives. */
import type { Instruction, Program } from "../../passes/program/program.js";
import { replaceInstructions } from "../../passes/rewrites/replacement.js";

/** `nhwc` is the canonical layout of resnetc's images; inside a program maps are (N, C, H, W). */
export type Layout = "nchw" | "nhwc";

/** @param program takes `images` as (N, H, W, C) and gives maps as (N, C, H, W). */
export function withLayout(program: Program, layout: Layout): Program {
  return layout === "nchw" ? withChannelsFirst(program) : withChannelsLast(program);
}

/** Takes the images as they are wanted inside. */
function withChannelsFirst(program: Program): Program {
  const inputs = program.inputs.map((input) => {
    if (input.name !== "images") return input;
    const [n = 1, h = 1, w = 1, c = 1] = input.type.shape;
    return { ...input, type: { ...input.type, shape: [n, c, h, w] } };
  });
  return replaceInstructions({ ...program, inputs }, ({ primitive, operands }) =>
    primitive === "transpose" && operands[0] === "images" ? { value: "images" } : undefined,
  );
}

/** Gives maps as (N, H, W, C). */
function withChannelsLast(program: Program): Program {
  const shapes = new Map(
    [...program.inputs, ...program.instructions].map(({ name, type }) => [name, type.shape]),
  );
  const moved: Instruction[] = [];
  const outputs = program.outputs.map((output) => {
    const [n = 1, c = 1, h, w] = shapes.get(output.value) ?? [];
    if (h === undefined || w === undefined) return output;
    const name = `${output.name}/transpose`;
    const type = { dtype: "f32", shape: [n, h, w, c] } as const;
    const attributes = { permutation: [0, 2, 3, 1] };
    moved.push({ name, primitive: "transpose", attributes, operands: [output.value], type });
    return { ...output, value: name };
  });
  return { ...program, instructions: [...program.instructions, ...moved], outputs };
}
