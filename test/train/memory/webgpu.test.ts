/** The engine webgpu leaves memory where it was, on the GPU for tests. */
import { testDevice, testWebgpu } from "../../engines/webgpu/device.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(testWebgpu, testDevice);
