/**
 * The resnetc inside the extension: all that reads specs. What runs tensors needs packages with binaries, which an
 * extension does not carry.
 */
import { UsageError } from "../../../src/api/errors.js";
import { run } from "../../../src/cli/main.js";

void run({
  tool: () => import("../../../src/cli/tool-commands.js"),
  tensor: () => {
    const message = "the resnetc inside the extension checks specs, and runs no networks";
    return Promise.reject(new UsageError(message, "npm install resnetc"));
  },
});
