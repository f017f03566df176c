/**
 * The official `onnx` package of Python, where there is one: the Python of RESNETC_PYTHON, or `python3`.
 * Where there is none, `onnxPython` is undefined and a line on the console says so.
 */
import { execFileSync } from "node:child_process";
import { python, pythonWith } from "../../python.js";

export const onnxPython: string | undefined = pythonWith("onnx", "onnx");

const script = `
import json, sys, onnx
answers = []
for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(
        model, check_type=True, strict_mode=True, data_prop=True
    )
    typed = {value.name for value in inferred.graph.value_info}
    typed |= {value.name for value in inferred.graph.output}
    answers.append({
        "ir": model.ir_version,
        "opsets": {each.domain: each.version for each in model.opset_import},
        "metadata": {each.key: each.value for each in model.metadata_props},
        "operators": sorted({node.op_type for node in model.graph.node}),
        "untyped": [name for node in model.graph.node for name in node.output if name not in typed],
    })
print(json.dumps(answers))
`;

/** What the official package reads in a model that its checker and its strict shape inference accept. */
export interface Reading {
  readonly ir: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly operators: readonly string[];
  /** Results whose type the shape inference does not know. */
  readonly untyped: readonly string[];
}

/** @throws Error with what the package says of a file that it does not accept. */
export function readOfficially(files: readonly string[]): readonly Reading[] {
  const given = ["-c", script, ...files];
  const output = execFileSync(onnxPython ?? python, given, { encoding: "utf8" });
  return JSON.parse(output) as readonly Reading[];
}
