/**
 * A max pool's gradient, each output's to the first largest value of its window as on every other engine; the
 * backend's own takes the last.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { PoolInfo } from "../pool-gradients.js";
import { runShader } from "./program.js";

/** Place of the first largest value of every window in its map, row by row. */
const places = `
fn main(index : i32) {
  if (index < uniforms.size) {
    let at = getCoordsFromIndex(index);
    let top = at.y * uniforms.strideHeight - uniforms.top;
    let left = at.z * uniforms.strideWidth - uniforms.left;
    var best = -1;
    var largest = 0.0;
    for (var row = max(top, 0); row < min(top + uniforms.height, uniforms.inHeight); row += 1) {
      for (var column = max(left, 0); column < min(left + uniforms.width, uniforms.inWidth); column += 1) {
        let place = row * uniforms.inWidth + column;
        let seen = (at.x * uniforms.inHeight * uniforms.inWidth + place) * uniforms.channels + at.w;
        let value = x[seen];
        if (best < 0 || value > largest) {
          best = place;
          largest = value;
        }
      }
    }
    result[index] = best;
  }
}
`;

/** The windows that see a place, and of them the gradients of those that took it. */
const gather = `
fn main(index : i32) {
  if (index < uniforms.size) {
    let at = getCoordsFromIndex(index);
    let bottom = at.y + uniforms.top;
    let right = at.z + uniforms.left;
    let firstRow = max(0, (bottom - uniforms.height + uniforms.strideHeight) / uniforms.strideHeight);
    let firstColumn = max(0, (right - uniforms.width + uniforms.strideWidth) / uniforms.strideWidth);
    let lastRow = min(bottom / uniforms.strideHeight, uniforms.outHeight - 1);
    let lastColumn = min(right / uniforms.strideWidth, uniforms.outWidth - 1);
    let place = at.y * uniforms.inWidth + at.z;
    var sum = 0.0;
    for (var row = firstRow; row <= lastRow; row += 1) {
      for (var column = firstColumn; column <= lastColumn; column += 1) {
        let seen = ((at.x * uniforms.outHeight + row) * uniforms.outWidth + column) * uniforms.channels + at.w;
        if (places[seen] == place) {
          sum += dy[seen];
        }
      }
    }
    result[index] = sum;
  }
}
`;

/** @param x the pool's input (N, H, W, C). @param dy the gradient of its output. */
export function maxPoolGradientOnDevice(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: PoolInfo,
): TensorInfo {
  const uniforms = {
    height: info.filterHeight,
    width: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    channels: info.inChannels,
  };
  const taken = runShader(backend, {
    key: "maxPoolPlaces",
    code: () => places,
    inputs: { x },
    uniforms,
    shape: dy.shape,
    dtype: "int32",
  });
  const dx = runShader(backend, {
    key: "maxPoolGradient",
    code: () => gather,
    inputs: { dy, places: taken },
    uniforms,
    shape: x.shape,
  });
  backend.disposeData(taken.dataId);
  return dx;
}
