import * as tf from "@tensorflow/tfjs-core";
import { expect, it, vi } from "vitest";
import { EngineError } from "../../../src/engines/engine.js";
import { startWasm } from "../../../src/engines/tfjs/wasm-backend.js";

interface Allocator {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void };
}

it("starts with SIMD, twice if need be, prints nothing, and hears nothing of what fails elsewhere", async () => {
  const heard = () => [
    process.listenerCount("uncaughtException"),
    process.listenerCount("unhandledRejection"),
  ];
  const before = heard();
  const spies = [vi.spyOn(console, "warn"), vi.spyOn(console, "log"), vi.spyOn(console, "error")];
  await startWasm();
  await startWasm();
  expect(tf.getBackend()).toBe("wasm");
  expect(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")).toBe(true);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  expect(heard()).toEqual(before);
});

it("says that memory is out instead of writing at address zero", async () => {
  await startWasm();
  const { wasm } = tf.backend() as unknown as Allocator;
  const taken: number[] = [];
  const takeAll = (): void => {
    for (let i = 0; i < 4; i++) taken.push(wasm._malloc(1.9e9));
  };
  expect(takeAll).toThrow(EngineError);
  expect(takeAll).toThrow("more than the 4 GiB of memory");
  for (const address of taken) wasm._free(address);
  expect(tf.tidy(() => tf.add([1, 2], [3, 4]).dataSync())).toEqual(Float32Array.of(4, 6));
});
