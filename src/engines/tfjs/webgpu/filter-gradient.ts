/**
 * A convolution's gradient for its filter as a product of matrices in shared memory: patches of the input,
 * transposed, times the gradient of the output. Filters are small and pixels many, so the pixels are parted
 * among workgroups and their results summed, always in the same order.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { Convolution } from "../convolution-gradients.js";
import { columnSums } from "./column-sums.js";
import { reshaped, runShader, threads, times } from "./program.js";

type Shape4D = readonly [number, number, number, number];

/** Weights of a workgroup's tile, for one output channel; pixels that it holds at once. */
const tileRows = 64;
const tilePixels = 16;
/** A thread computes weights this far apart, so that neighbours write neighbours. */
const spacing = 16;

/** Enough workgroups to keep a large GPU busy, and not too few pixels for each. */
const wantedGroups = 1024;
const fewestTiles = 4;

/**
 * @param x (N, H, W, Cin). @param dy (N, OH, OW, Cout).
 * @returns (KH, KW, Cin, Cout), which the caller owns.
 */
export function filterGradientOnDevice(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  { stride, dilation, before }: Convolution,
): TensorInfo {
  const [height, width, inputs, outputs] = filterShape;
  const [batch, inHeight, inWidth] = x.shape as unknown as Shape4D;
  const [, outHeight, outWidth] = dy.shape as unknown as Shape4D;
  const rows = height * width * inputs;
  const pixels = batch * outHeight * outWidth;
  const tileColumns = outputs <= 16 ? 16 : outputs <= 32 ? 32 : 64;
  const rowTiles = Math.ceil(rows / tileRows);
  const columnTiles = Math.ceil(outputs / tileColumns);
  const tiles = Math.ceil(pixels / tilePixels);
  const wanted = Math.ceil(wantedGroups / (rowTiles * columnTiles));
  const partTiles = Math.max(fewestTiles, Math.ceil(tiles / wanted));
  const parts = Math.ceil(tiles / partTiles);
  const products = runShader(backend, {
    key: `filterGradient_${tileColumns}`,
    code: () => code(tileColumns),
    inputs: { x, dy },
    uniforms: {
      rows,
      outputs,
      inputs,
      filterWidth: width,
      batch,
      inHeight,
      inWidth,
      outHeight,
      outWidth,
      strideHeight: stride[0],
      strideWidth: stride[1],
      dilationHeight: dilation[0],
      dilationWidth: dilation[1],
      top: before[0],
      left: before[1],
      rowTiles,
      columnTiles,
      parts,
      partTiles,
    },
    shape: [parts, rows, outputs],
    groups: parts * rowTiles * columnTiles,
  });
  if (parts === 1) return reshaped(products, filterShape);
  const partial = reshaped(products, [parts, rows * outputs]);
  const sum = columnSums(backend, "values", { x: partial }, rows * outputs);
  backend.disposeData(products.dataId);
  return reshaped(sum, filterShape);
}

/** How much each thread of a workgroup loads of a tile, and the weights that it computes. */
interface TileShares {
  readonly tileColumns: number;
  readonly patchLoads: number;
  readonly slopeLoads: number;
  readonly rowsEach: number;
  readonly columnsEach: number;
}

function code(tileColumns: number): string {
  const shares: TileShares = {
    tileColumns,
    patchLoads: (tileRows * tilePixels) / threads,
    slopeLoads: (tileColumns * tilePixels) / threads,
    rowsEach: tileRows / spacing,
    columnsEach: tileColumns / spacing,
  };
  return `
var<workgroup> patches : array<f32, ${tileRows * tilePixels}>;
var<workgroup> slopes : array<f32, ${tileColumns * tilePixels}>;
fn main(index : i32) {
  let thread = i32(localIndex);
  let columnTile = group() % uniforms.columnTiles;
  let rest = group() / uniforms.columnTiles;
  let rowTile = rest % uniforms.rowTiles;
  let part = rest / uniforms.rowTiles;
  let outRow = thread / ${spacing};
  let outColumn = thread % ${spacing};
  let pixels = uniforms.batch * uniforms.outHeight * uniforms.outWidth;
  var first = part * uniforms.partTiles * ${tilePixels};

${beginCode(shares)}

  for (var tile = 0; tile < uniforms.partTiles; tile += 1) {
${loadCode(shares)}
    first += ${tilePixels};
    workgroupBarrier();
${sumCode(shares)}
    workgroupBarrier();
  }
${storeCode(shares)}
}
`;
}

/** Where the pixels that a thread loads begin, and its sums at zero. */
function beginCode({ patchLoads, rowsEach, columnsEach }: TileShares): string {
  return `  // All patches that a thread loads are seen through one weight.
  let weight = rowTile * ${tileRows} + thread % ${tileRows};
  let channel = weight % uniforms.inputs;
  let tap = weight / uniforms.inputs;
  let tapTop = tap / uniforms.filterWidth * uniforms.dilationHeight - uniforms.top;
  let tapLeft = tap % uniforms.filterWidth * uniforms.dilationWidth - uniforms.left;
  ${times(
    patchLoads,
    (n) => `
  let pixel${n} = first + (thread + ${n * threads}) / ${tileRows};
  var column${n} = pixel${n} % uniforms.outWidth;
  var row${n} = pixel${n} / uniforms.outWidth % uniforms.outHeight;
  var image${n} = pixel${n} / uniforms.outWidth / uniforms.outHeight;`,
  )}
  ${times(rowsEach, (i) => times(columnsEach, (j) => `var sum${i}${j} = 0.0;`))}`;
}

/** Loads a tile's patches and slopes into shared memory, and moves on to the pixels of the next. */
function loadCode({ tileColumns, patchLoads, slopeLoads }: TileShares): string {
  return `    ${times(
    patchLoads,
    (n) => `
    {
      let y = row${n} * uniforms.strideHeight + tapTop;
      let z = column${n} * uniforms.strideWidth + tapLeft;
      var value = 0.0;
      if (weight < uniforms.rows && image${n} < uniforms.batch &&
          y >= 0 && y < uniforms.inHeight && z >= 0 && z < uniforms.inWidth) {
        value = x[((image${n} * uniforms.inHeight + y) * uniforms.inWidth + z) * uniforms.inputs + channel];
      }
      patches[thread + ${n * threads}] = value;
      column${n} += ${tilePixels};
      while (column${n} >= uniforms.outWidth) {
        column${n} -= uniforms.outWidth;
        row${n} += 1;
        if (row${n} == uniforms.outHeight) {
          row${n} = 0;
          image${n} += 1;
        }
      }
    }`,
  )}
    ${times(
      slopeLoads,
      (n) => `
    {
      let pixel = first + (thread + ${n * threads}) / ${tileColumns};
      let output = columnTile * ${tileColumns} + (thread + ${n * threads}) % ${tileColumns};
      var value = 0.0;
      if (pixel < pixels && output < uniforms.outputs) {
        value = dy[pixel * uniforms.outputs + output];
      }
      slopes[thread + ${n * threads}] = value;
    }`,
    )}`;
}

/** Adds the products of a tile to the sums. */
function sumCode({ tileColumns, rowsEach, columnsEach }: TileShares): string {
  return `    for (var k = 0; k < ${tilePixels}; k += 1) {
      ${times(rowsEach, (i) => `let patch${i} = patches[k * ${tileRows} + outRow + ${i * spacing}];`)}
      ${times(
        columnsEach,
        (j) => `let slope${j} = slopes[k * ${tileColumns} + outColumn + ${j * spacing}];`,
      )}
      ${times(rowsEach, (i) => times(columnsEach, (j) => `sum${i}${j} += patch${i} * slope${j};`))}
    }`;
}

/** Writes the sums, where there are such weights. */
function storeCode({ tileColumns, rowsEach, columnsEach }: TileShares): string {
  return `  ${times(rowsEach, (i) =>
    times(
      columnsEach,
      (j) => `
  {
    let row = rowTile * ${tileRows} + outRow + ${i * spacing};
    let output = columnTile * ${tileColumns} + outColumn + ${j * spacing};
    if (part < uniforms.parts && row < uniforms.rows && output < uniforms.outputs) {
      result[(part * uniforms.rows + row) * uniforms.outputs + output] = sum${i}${j};
    }
  }`,
    ),
  )}`;
}
