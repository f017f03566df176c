/** Starts the plain JavaScript backend of TensorFlow.js. */
import { enableProdMode, ready, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { startInTurn } from "./backend-start.js";
import { registerGradients } from "./register-gradients.js";

/** Makes cpu the current backend, without the greeting that it prints under Node otherwise. */
export function startCpu(): Promise<void> {
  return startInTurn(async () => {
    enableProdMode();
    registerGradients("cpu");
    await setBackend("cpu");
    await ready();
  });
}
