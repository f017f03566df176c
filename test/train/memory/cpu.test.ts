/** The engine cpu leaves memory where it was. */
import { cpu } from "../../../src/engines/cpu.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(cpu);
