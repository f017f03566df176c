/** The engine node-gpu leaves memory where it was. */
import { nodeGpu } from "../../../src/engines/node-gpu.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(nodeGpu);
