/**
 * A model by which a session learns how many channels the runtime's blocked operators keep together on
 * this processor: it reorders numbers (1, 32, 1, 2), and multiplies them in a blocked convolution.
 */
import { GraphWriter } from "./graph-writer.js";
import type { OnnxModel } from "./model.js";

const channels = 32;

/** Inputs: none. Outputs: `order` and `product`, both (1, 32, 1, 2). */
export function blockProbe(): OnnxModel {
  const g = new GraphWriter();
  const dims = [1, channels, 1, 2];
  const numbers = Float32Array.from({ length: channels * 2 }, (_, i) => i);
  const x = g.constant("float32", dims, numbers, "numbers");
  const order = g.blocked("ReorderInput", [x]);
  const twos = g.constant("float32", [channels, 1, 1, 1], new Float32Array(channels).fill(2));
  const doubled = g.blocked("Conv", [order, twos], { group: channels, kernel_shape: [1, 1] });
  const product = g.blocked("ReorderOutput", [doubled], { channels });
  g.output({ name: "order", type: "float32", dims }, order);
  g.output({ name: "product", type: "float32", dims }, product);
  return g.model("block-probe");
}

/** Channels in a block, by what the model gave; undefined where it is not what blocks give. */
export function blockOf(order: ArrayLike<number>, product: ArrayLike<number>): number | undefined {
  const sound = Array.from(product).every((value, i) => value === 2 * i);
  const block = Array.from(order).indexOf(1);
  // Columns of one channel stand a block apart.
  const blocked = Array.from(order).every((value, place) => value === expected(place, block));
  return sound && blocked && block > 1 ? block : undefined;
}

function expected(place: number, block: number): number {
  const [outer, rest] = [Math.floor(place / (2 * block)), place % (2 * block)];
  return (outer * block + (rest % block)) * 2 + Math.floor(rest / block);
}
