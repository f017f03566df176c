/**
 * TensorBoard's own reader of event files, where there is one: in the Python of RESNETC_PYTHON, or `python3`.
 * Where there is none, `tensorboardPython` is undefined and a line on the console says so.
 */
import { execFileSync } from "node:child_process";
import { pythonWith } from "../python.js";

export const tensorboardPython: string | undefined = pythonWith(
  "tensorboard",
  "tensorboard.backend.event_processing.event_accumulator",
);

const script = `
import json, sys
from tensorboard.backend.event_processing import event_accumulator
accumulator = event_accumulator.EventAccumulator(
    sys.argv[1], size_guidance={event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0}
)
accumulator.Reload()
print(json.dumps({
    "scalars": {
        tag: [[event.step, event.value] for event in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    },
    "texts": {
        tag: accumulator.Tensors(tag)[-1].tensor_proto.string_val[0].decode()
        for tag in accumulator.Tags()["tensors"]
    },
    "plugins": {
        tag: accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        for tag in accumulator.Tags()["tensors"]
    },
}))
`;

export interface Reading {
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, value: number])[]>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly plugins: Readonly<Record<string, string>>;
}

/** What TensorBoard reads in a folder. */
export function readOfficially(folder: string): Reading {
  if (tensorboardPython === undefined) throw new Error("there is no Python with tensorboard");
  const text = execFileSync(tensorboardPython, ["-c", script, folder], { encoding: "utf8" });
  return JSON.parse(text) as Reading;
}
