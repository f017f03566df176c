/** The engine onnx leaves memory where it was. */
import { onnx } from "../../../src/engines/onnx.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(onnx);
