import { expect, it } from "vitest";
import type { Session } from "../../../src/engines/engine.js";
import { explainTraps } from "../../../src/engines/tfjs/out-of-memory.js";
import { startWasm } from "../../../src/engines/tfjs/wasm-backend.js";
import { openSession } from "../../../src/engines/tfjs/session.js";
import { smallResNet } from "../networks.js";

/** A module whose only function is the instruction `unreachable`: a real trap of WebAssembly. */
const trapping = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 4, 1, 96, 0, 0],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 102, 0, 0],
  ...[10, 5, 1, 3, 0, 0, 11],
);

interface Wasm {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: { f(): void } };
}

it("turns a trap into advice and lets everything else through", async () => {
  await startWasm();
  const session = await openSession("wasm", smallResNet());
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
  const { exports } = new Instance(new Module(trapping));
  const broken: Session = {
    ...explainTraps(session),
    initialise: async () => exports.f(),
  };
  await expect(explainTraps(broken).initialise(1)).rejects.toMatchObject({
    name: "EngineError",
    message: "the batch needs more than the 4 GiB of memory that WebAssembly can address",
  });
  await expect(explainTraps(broken).predict(new Float32Array(3), [1, 1, 1, 3])).rejects.toThrow(
    "the images are 1x1x3",
  );
  session.dispose();
});
