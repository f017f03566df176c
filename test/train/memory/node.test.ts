/** The engine node leaves memory where it was. */
import { node } from "../../../src/engines/node.js";
import { staysFlat } from "./flat-memory.js";

staysFlat(node);
