import { describe, expect, it } from "vitest";
import { emitProgram } from "../../../src/backends/onnx/emit.js";
import { nchwc } from "../../../src/backends/onnx/graph-writer.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import type { Convolution } from "../../../src/passes/program/primitives.js";
import type { Program, Value } from "../../../src/passes/program/program.js";
import type { Shape } from "../../../src/passes/program/value-type.js";
import { Draw, drawConvolution, type DrawnConvolution } from "./draw.js";
import { block, describeLayouts, differences, runtime, wrongOutputs } from "./runtime.js";

interface Drawn {
  readonly program: Program;
  readonly inputs: ReadonlyMap<string, Tensor>;
}

/** A convolution and both its gradients, of maps that are row-major or, where they can be, blocked. */
function allFaces(b: ProgramBuilder, draw: Draw, { attributes, x, w, y }: DrawnConvolution): void {
  const map = (shape: Shape): Value => {
    const given = draw.input(shape);
    return (shape[1] ?? 0) % 16 === 0 && draw.happens() ? draw.blocked(given) : given;
  };
  const { seed } = draw;
  const [input, kernel, gradient] = [map(x), draw.input(w), map(y)];
  const about = `${seed}: ${describeGeometry({ attributes, x, w, y })}`;
  b.output(`conv ${about}`, b.apply("conv", attributes, input, kernel));
  const [ofInput, ofKernel] = [
    { ...attributes, shape: x },
    { ...attributes, shape: w },
  ];
  b.output(`input gradient ${about}`, b.apply("convInputGradient", ofInput, gradient, kernel));
  b.output(`kernel gradient ${about}`, b.apply("convKernelGradient", ofKernel, input, gradient));
}

function describeGeometry({ attributes, x, w }: DrawnConvolution): string {
  const { stride, padding, dilation, groups }: Convolution = attributes;
  return `x ${x}, w ${w}, stride ${stride}, padding ${padding}, dilation ${dilation}, groups ${groups}`;
}

function programOf(cases: readonly ((b: ProgramBuilder, draw: (seed: number) => Draw) => void)[]) {
  const b = new ProgramBuilder();
  const inputs = new Map<string, Tensor>();
  const draw = (seed: number): Draw =>
    new Draw(b, inputs, seed, (value) => b.output(`${value.name}, also`, value));
  for (const write of cases) write(b, draw);
  return { program: b.build("convolutions"), inputs };
}

const perProgram = 20;

function randomCases(from: number): Drawn {
  const seeds = Array.from({ length: perProgram }, (_, i) => 10_000 + from + i);
  return programOf(
    seeds.map((seed) => (b, draw) => {
      const drawing = draw(seed);
      allFaces(b, drawing, drawConvolution(drawing, 1_000_000));
    }),
  );
}

const unit: Convolution = {
  stride: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilation: [1, 1],
  groups: 1,
};

function geometry(more: Partial<Convolution>, x: Shape, w: Shape, rows: number, columns: number) {
  const y = [x[0] ?? 1, w[0] ?? 1, rows, columns];
  return { attributes: { ...unit, ...more }, x, w, y };
}

const one = [
  [1, 1],
  [1, 1],
] as const;
const three = [
  [3, 3],
  [3, 3],
] as const;

/** What networks are made of, and what lies at the edge of what a program allows. */
const known: readonly DrawnConvolution[] = [
  geometry({ padding: one }, [8, 16, 6, 6], [16, 16, 3, 3], 6, 6),
  geometry({ padding: one, stride: [2, 2] }, [17, 16, 6, 5], [32, 16, 3, 3], 3, 3),
  geometry({ padding: three, stride: [2, 2] }, [2, 3, 13, 12], [16, 3, 7, 7], 7, 6),
  geometry({}, [31, 32, 3, 3], [16, 32, 1, 1], 3, 3),
  geometry({ stride: [2, 2] }, [24, 16, 5, 6], [32, 16, 1, 1], 3, 3),
  geometry({ stride: [3, 3] }, [3, 16, 9, 8], [16, 16, 1, 1], 3, 3),
  geometry({ stride: [3, 2], dilation: [2, 3] }, [2, 16, 9, 9], [16, 16, 3, 2], 2, 3),
  geometry({ padding: one, groups: 16 }, [3, 16, 5, 5], [16, 1, 3, 3], 5, 5),
  geometry({ padding: one, groups: 2 }, [2, 32, 4, 5], [32, 16, 3, 3], 4, 5),
  // Windows that see padding alone, on one side and on all.
  geometry(
    {
      padding: [
        [5, 0],
        [0, 4],
      ] as const,
      stride: [2, 2],
    },
    [2, 16, 3, 3],
    [16, 16, 2, 2],
    4,
    3,
  ),
  geometry(
    {
      padding: [
        [5, 0],
        [5, 0],
      ] as const,
      stride: [9, 9],
    },
    [2, 16, 3, 3],
    [16, 16, 2, 2],
    1,
    1,
  ),
  geometry({ padding: three }, [1, 16, 1, 1], [16, 16, 1, 1], 7, 7),
  geometry({ padding: three, stride: [2, 2] }, [1, 16, 1, 2], [16, 16, 3, 3], 3, 3),
];

const programs = Array.from({ length: 12 }, (_, i) => () => randomCases(i * perProgram));

describeLayouts(
  "in $layout, a convolution and its gradients are the interpreter's:",
  ({ block: of }) => {
    const check = async ({ program, inputs }: Drawn): Promise<void> => {
      const found = await differences(program, inputs, of, expectedOf(program, inputs));
      expect(wrongOutputs(found, 2e-5)).toEqual([]);
    };

    it.each(programs.map((program, i) => [i, program] as const))(
      "20 random ones (%i)",
      (_, program) => check(program()),
    );

    it.each(known.map((each) => [describeGeometry(each), each] as const))("%s", (_, drawn) =>
      check(programOf([(b, draw) => allFaces(b, draw(1), drawn)])),
    );
  },
);

const expected = new Map<string, Map<string, Tensor>>();

/** What the interpreter gives; once for all layouts. */
function expectedOf(program: Program, inputs: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const key = program.outputs.map(({ name }) => name).join();
  const found = expected.get(key) ?? interpret(program, inputs);
  expected.set(key, found);
  return found;
}

describe.skipIf(runtime === undefined || block === undefined)("the fast path", () => {
  it.each([
    ["3x3", known[0]],
    ["3x3, /2", known[1]],
    ["7x7, /2 of an image", known[2]],
    ["1x1", known[3]],
    ["1x1, /2", known[4]],
  ] as const)("of %s has blocked operators alone", (_, drawn) => {
    const { program } = programOf([(b, draw) => allFaces(b, draw(1), drawn as DrawnConvolution)]);
    const { model } = emitProgram(program, { block: block as number });
    const convolutions = model.nodes.filter(({ op }) => op.startsWith("Conv"));
    const image = drawn?.x[1] === 3;
    const plain = convolutions.filter(({ domain }) => domain !== nchwc).map(({ op }) => op);
    // An image's own gradient is not wanted by any training step.
    expect(plain).toEqual(image ? ["ConvTranspose"] : []);
  });
});
