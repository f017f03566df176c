/** Prints a tensor program as text, one value a line, for people and for tests. */
import type { Instruction, Program } from "./program.js";
import { printValueType } from "./value-type.js";

/** `name : type = primitive(operands) attributes`, between the inputs and the outputs. */
export function printProgram(program: Program): string {
  const inputs = program.inputs.map(
    ({ name, type }) => `  input ${name} : ${printValueType(type)}`,
  );
  const outputs = program.outputs.map(({ name, value }) => `  output ${name} = ${value}`);
  const body = program.instructions.map((instruction) => `  ${printInstruction(instruction)}`);
  return [`program ${program.name} {`, ...inputs, ...body, ...outputs, "}", ""].join("\n");
}

/** One instruction as text. */
function printInstruction(instruction: Instruction): string {
  const { name, primitive, operands, type } = instruction;
  const attributes = printAttributes(instruction);
  const call = `${primitive}(${operands.join(", ")})`;
  return `${name} : ${printValueType(type)} = ${call}${attributes === "" ? "" : ` ${attributes}`}`;
}

const longestList = 8;

/** The result's type says the shape, so attributes that repeat it are left out, as is what is usual. */
function printAttributes({ primitive, attributes }: Instruction): string {
  if (primitive === "constant") {
    const { values } = attributes;
    const shown = values.slice(0, longestList).join(" ");
    return values.length > longestList ? `${shown} ... (${values.length})` : shown;
  }
  return Object.entries(attributes as Readonly<Record<string, unknown>>)
    .filter(([name, value]) => name !== "shape" && name !== "dtype" && !isUsual(name, value))
    .map(([name, value]) => `${name}=${printAttribute(value)}`)
    .join(" ");
}

function printAttribute(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return `[${value.map(printAttribute).join(",")}]`;
}

function isUsual(name: string, value: unknown): boolean {
  if (name === "groups") return value === 1;
  if (value === false) return true;
  if (name !== "stride" && name !== "dilation" && name !== "interior") return false;
  const usual = name === "interior" ? 0 : 1;
  return Array.isArray(value) && value.every((item) => item === usual);
}
