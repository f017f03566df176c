/**
 * The engine node on TensorFlow's own library, where this machine has it: `npx resnetc-tensorflow` puts it there.
 * Where it is not, `tensorflow.available` is false and a line on the console says so.
 */
import { startNative } from "../../src/engines/tfjs/native-backend.js";
import { startWasm } from "../../src/engines/tfjs/wasm-backend.js";
import { node, nativePackage } from "../../src/engines/node.js";

export const tensorflow = await node.probe();
if (!tensorflow.available) {
  console.warn(
    `SKIPPED: the engine node is not tested: ${tensorflow.detail} (npx resnetc-tensorflow)`,
  );
}

/** For the titles of tests. */
export const withoutTensorFlow = tensorflow.available
  ? ""
  : " (SKIPPED: the engine node is not here)";

export async function startTensorFlow(): Promise<void> {
  await startNative(nativePackage);
}

/** The backends on which training runs in earnest. */
export const backends: readonly {
  readonly backend: string;
  readonly start: () => Promise<void>;
}[] = [
  { backend: "wasm", start: startWasm },
  ...(tensorflow.available ? [{ backend: "tensorflow", start: startTensorFlow }] : []),
];
