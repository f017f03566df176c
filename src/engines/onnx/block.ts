/** How many channels a block of the runtime's blocked operators has on this processor, as the runtime itself tells. */
import { blockOf, blockProbe } from "../../backends/onnx/block-probe.js";
import { encodeModel } from "../../backends/onnx/protobuf.js";
import { RuntimeFailure, type RuntimeThread } from "./thread.js";

const model = "block-probe";

/** Undefined where the processor has no blocked operators: standard ones are used there. */
export async function probeBlock(thread: RuntimeThread): Promise<number | undefined> {
  try {
    await thread.ask({ kind: "load", model, bytes: encodeModel(blockProbe()) });
    const results = ["order", "product"];
    const run = { feeds: [], read: [], results };
    const [order, product] = await thread.ask({ kind: "run", model, ...run });
    await thread.ask({ kind: "release", model });
    return blockOf(order?.data ?? [], product?.data ?? []);
  } catch (error) {
    // The runtime refuses operators that it does not have for this processor.
    if (error instanceof RuntimeFailure) return undefined;
    throw error;
  }
}
