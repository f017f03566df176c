/**
 * The input gradient of a convolution on blocked maps: at stride 1 one convolution with the kernel's taps
 * reversed and its channels swapped; at stride s one such convolution for every residue of a row and a
 * column modulo s (its phase), which only the taps of that residue reach, and whose results interleave
 * (the polyphase form; Dumoulin and Visin 2016, section 4, has the zeros that this leaves out).
 */
import type { Convolution } from "../../../passes/program/primitives.js";
import type { Shape } from "../../../passes/program/value-type.js";
import { elementCount } from "../../../shapes/index.js";
import type { Emitted } from "../emitter.js";
import { axis } from "../form.js";
import { interleave } from "./interleave.js";
import { operand, type Place } from "./row.js";

/** Along one axis, the taps that reach every s-th element from `phase` on, and how they lie on dy. */
interface Phase {
  /** Taps in the order in which they meet dy's rising elements; none for a gradient of zero. */
  readonly taps: readonly number[];
  readonly padding: readonly [number, number];
  /** How many elements of the map have this residue, rounded up alike for all phases. */
  readonly extent: number;
}

/** Undefined where a phase would have to cut dy instead of padding it. */
export function blockedInputGradient(place: Place<"convInputGradient">): Emitted | undefined {
  const { e, attributes, type } = place;
  const { stride, dilation, shape } = attributes;
  if (dilation.some((by, i) => by !== 1 && axis(stride, i) !== 1)) return undefined;
  const [dy, kernel] = [operand(place), operand(place, 1)];
  const [gradientShape, kernelShape] = [e.typeOf(dy).shape, e.typeOf(kernel).shape];
  const phases = ([0, 1] as const).map((i) => {
    const [extent, taps, count] = [shape, kernelShape, gradientShape].map((of) => axis(of, i + 2));
    return phasesOf(attributes, i, extent as number, taps as number, count as number);
  }) as [readonly Phase[], readonly Phase[]];
  if (phases.flat().some(({ padding }) => Math.min(...padding) < 0)) return undefined;

  const swapped = swapChannels(place, kernelShape);
  const parts = phases[0].flatMap((row) =>
    phases[1].map((column) => onePhase(place, swapped, kernelShape, row, column)),
  );
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return { form: "blocked", value: first };
  const extents = [phases[0][0]?.extent ?? 1, phases[1][0]?.extent ?? 1] as const;
  return { form: "blocked", value: interleave(e, parts, stride, extents, type.shape) };
}

/**
 * dx[s i + a] = sum over taps u with u = (a + p) mod s of w[u] dy[i + (a + p - u) / s]; at stride 1 also
 * for a dilation d, as dx[i] = sum over u of w[u] dy[i + p - d u].
 */
function phasesOf(
  { stride, padding, dilation }: Convolution,
  i: 0 | 1,
  extent: number,
  taps: number,
  count: number,
): readonly Phase[] {
  const [s, d, before] = [stride[i], dilation[i], padding[i][0]];
  const each = Math.ceil(extent / s);
  return Array.from({ length: s }, (_, a) => {
    const reaching = Array.from({ length: taps }, (_tap, u) => u).filter(
      (u) => (a + before - d * u) % s === 0,
    );
    const [first, last] = [reaching[0], reaching.at(-1)];
    if (first === undefined || last === undefined) {
      return { taps: [], padding: [0, 0], extent: each };
    }
    const offset = (u: number): number => (a + before - d * u) / s;
    const low = -offset(last);
    const high = each - 1 + offset(first) - (count - 1);
    return { taps: reaching.toReversed(), padding: [low, high], extent: each };
  });
}

/** The kernel's blocks (Cout / b, Cin / b, KH, KW, b of Cout, b of Cin): each block transposed. */
function swapChannels({ e, g, operands }: Place<"convInputGradient">, shape: Shape): string {
  const block = e.block ?? 1;
  const blocks = elementCount(shape) / block ** 2;
  const kernel = e.kernel(operand({ operands }, 1));
  return g.blocked("ReorderInput", [g.view(kernel, [blocks, block, 1, block])]);
}

/** One convolution of dy, (N, Cin, extent, extent), blocked. */
function onePhase(
  { e, g, operands, attributes }: Place<"convInputGradient">,
  swapped: string,
  kernelShape: Shape,
  row: Phase,
  column: Phase,
): string {
  const block = e.block ?? 1;
  const [outputs, inputs, height, width] = [0, 1, 2, 3].map((i) => axis(kernelShape, i)) as [
    number,
    number,
    number,
    number,
  ];
  const dy = operand({ operands });
  const [n] = e.typeOf(dy).shape;
  const taps = [row.taps.length, column.taps.length];
  if (taps.includes(0)) {
    return g.zeros([n ?? 1, inputs, row.extent, column.extent]);
  }
  const [outer, inner] = [outputs / block, inputs / block];
  const places: number[] = [];
  for (let i = 0; i < inner; i++) {
    for (let o = 0; o < outer; o++) {
      for (const u of row.taps) {
        for (const v of column.taps) places.push(((o * inner + i) * height + u) * width + v);
      }
    }
  }
  const blocks = g.view(swapped, [outer * inner * height * width, block * block]);
  const chosen = g.node("Gather", [blocks, g.integers(places)], { axis: 0 });
  const kernel = g.view(chosen, [inputs, outputs, ...taps]);
  return g.blocked("Conv", [e.blocked(dy), kernel], {
    kernel_shape: taps,
    pads: [row.padding[0], column.padding[0], row.padding[1], column.padding[1]],
    dilations: attributes.dilation,
  });
}
