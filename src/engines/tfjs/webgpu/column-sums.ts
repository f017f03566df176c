/**
 * Sums over the rows of matrices, in an order that depends on their shapes alone: many workgroups sum blocks
 * of rows, and one more pass sums the blocks; few rows take that pass alone. TensorFlow.js has one thread per
 * column instead.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { elementCount } from "../../../shapes/index.js";
import { reshaped, runShader, threads, times } from "./program.js";

/** What is summed over the rows of x (rows, columns); `at` is a place in it, `column` its column. */
const forms = {
  values: { inputs: ["x"], terms: ["x[at]"] },
  /** (x - mean)^2 */
  squares: { inputs: ["x", "mean"], terms: ["pow2(x[at] - mean[column])"] },
  /** dy, and dy (x - mean) */
  slopes: { inputs: ["x", "mean", "dy"], terms: ["dy[at]", "dy[at] * (x[at] - mean[column])"] },
} as const;

export type Form = keyof typeof forms;

/** Enough workgroups to keep a large GPU busy, and as many blocks at most: the last pass sums them at once. */
const wantedGroups = 1024;
/** Rows that a thread adds at once, so that it waits for the memory once for all of them. */
const atOnce = 4;

/**
 * @param inputs `x` of any shape whose last axis is the columns, and what else the form sums.
 * @param factor what the sums are multiplied by.
 * @returns (terms, columns), which the caller owns.
 */
export function columnSums(
  backend: WebGPUBackend,
  form: Form,
  inputs: Readonly<Record<string, TensorInfo>>,
  columns: number,
  factor = 1,
): TensorInfo {
  const { inputs: names, terms } = forms[form];
  const given = names.map((name) => [name, inputs[name] as TensorInfo] as const);
  const rows = elementCount(given[0]?.[1].shape ?? []) / columns;
  const isLast = rows <= wantedGroups;
  const width = isLast ? lastWidth(rows) : columns <= 16 ? 16 : columns <= 32 ? 32 : 64;
  const lanes = threads / width;
  const tiles = Math.ceil(columns / width);
  const most = isLast ? 1 : Math.ceil(rows / (atOnce * lanes));
  const blockRows = Math.ceil(rows / Math.min(Math.ceil(wantedGroups / tiles), most));
  const blocks = Math.ceil(rows / blockRows);
  const sums = runShader(backend, {
    key: `columnSums_${form}_${width}`,
    code: () => code(terms, width),
    inputs: Object.fromEntries(given),
    uniforms: { rows, columns, tiles, blocks, blockRows },
    floats: { factor: blocks === 1 ? factor : 1 },
    shape: [blocks, terms.length, columns],
    groups: tiles * blocks,
  });
  if (blocks === 1) return reshaped(sums, [terms.length, columns]);
  const x = reshaped(sums, [blocks, terms.length * columns]);
  const total = columnSums(backend, "values", { x }, terms.length * columns, factor);
  backend.disposeData(sums.dataId);
  return reshaped(total, [terms.length, columns]);
}

/** Columns of a workgroup: the fewer, the more rows it adds side by side. */
function lastWidth(rows: number): 16 | 32 | 64 {
  return rows <= 16 ? 64 : rows <= 64 ? 32 : 16;
}

function code(terms: readonly string[], width: number): string {
  const lanes = threads / width;
  const each = (text: (term: string, number: number) => string): string =>
    terms.map(text).join("\n");
  return `
fn pow2(value : f32) -> f32 { return value * value; }
${each((_, n) => `var<workgroup> lanes${n} : array<f32, ${threads}>;`)}
fn main(index : i32) {
  let thread = i32(localIndex);
  let lane = thread / ${width};
  let block = group() / uniforms.tiles;
  let column = (group() % uniforms.tiles) * ${width} + thread % ${width};
  let end = min((block + 1) * uniforms.blockRows, uniforms.rows);
  ${each((_, n) => `var sum${n} = 0.0;`)}
  if (column < uniforms.columns) {
    var row = block * uniforms.blockRows + lane;
    for (; row + ${(atOnce - 1) * lanes} < end; row += ${atOnce * lanes}) {
      ${times(
        atOnce,
        (i) => `
      let at${i} = (row + ${i * lanes}) * uniforms.columns + column;
      ${each((term, n) => `let term${n}${i} = ${term.replaceAll("[at]", `[at${i}]`)};`)}`,
      )}
      ${each((_, n) => `sum${n} += (term${n}0 + term${n}1) + (term${n}2 + term${n}3);`)}
    }
    for (; row < end; row += ${lanes}) {
      let at = row * uniforms.columns + column;
      ${each((term, n) => `sum${n} += ${term};`)}
    }
  }
  ${each((_, n) => `lanes${n}[thread] = sum${n};`)}
  workgroupBarrier();
  for (var left = ${lanes / 2}; left > 0; left /= 2) {
    if (lane < left) {
      ${each((_, n) => `lanes${n}[thread] += lanes${n}[thread + left * ${width}];`)}
    }
    workgroupBarrier();
  }
  if (lane == 0 && column < uniforms.columns && block < uniforms.blocks) {
    let to = block * ${terms.length} * uniforms.columns + column;
    ${each((_, n) => `result[to + ${n} * uniforms.columns] = lanes${n}[thread] * uniforms.factor;`)}
  }
}
`;
}
