/** The engine wasm leaves memory where it was. */
import { wasm } from "../../../src/engines/wasm.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(wasm);
