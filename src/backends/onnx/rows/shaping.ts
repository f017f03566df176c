/** Operators that move elements; along the axes of blocked maps where those allow it. */
import type { ShapingAttributes } from "../../../passes/program/primitives.js";
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitted } from "../emitter.js";
import { axis, blockedSpatialView } from "../form.js";
import { operand, plainly, type Place, type Row } from "./row.js";

/** A limit beyond every extent. */
const toTheEnd = Number.MAX_SAFE_INTEGER;

export const shaping: { readonly [K in keyof ShapingAttributes]: Row<K> } = {
  reshape: ({ e, g, operands, open }) => {
    // 0 is what the operand has there.
    const dims = open.map((extent) => (typeof extent === "number" ? extent : 0));
    return plainly(g.view(e.plain(operand({ operands })), dims));
  },

  transpose: (place) => {
    const x = place.e.plain(operand(place));
    return plainly(place.g.node("Transpose", [x], { perm: place.attributes.permutation }));
  },

  broadcast: (place) => {
    const { e, attributes } = place;
    const name = operand(place);
    const inner = e.spreadOf(name);
    // Repeated twice is repeated once.
    if (inner?.shape.length === 0) return { spread: inner };
    const { shape } = e.typeOf(name);
    return { spread: { source: e.plain(name), shape, axes: attributes.axes } };
  },

  slice: (place) => {
    const { start, limit, stride } = place.attributes;
    // The runtime does not slice a scalar.
    if (start.length === 0) return plainly(place.e.plain(operand(place)));
    const inBlocks = blockedAxes(place, (block) => {
      const channelsFit = axis(start, 1) % block === 0 && axis(limit, 1) % block === 0;
      return channelsFit && axis(stride, 1) === 1;
    });
    const write = (x: string, from: Shape, to: Shape, by: Shape): string =>
      place.g.node("Slice", [
        x,
        ...[from, to, from.map((_, i) => i), by].map((list) => place.g.integers(list)),
      ]);
    if (inBlocks === undefined) {
      const name = operand(place);
      const open = place.e.openShapeOf(name);
      const to = limit.map((at, i) => (typeof open[i] === "number" ? at : toTheEnd));
      return plainly(write(place.e.plain(name), start, to, stride));
    }
    const { x, view, block, finish } = inBlocks;
    const five = (of: Shape, last: number): Shape => withBlocks(of, block, last);
    return finish(write(place.g.view(x, view), five(start, 0), five(limit, block), [...stride, 1]));
  },

  pad: (place) => {
    const { low, high, interior } = place.attributes;
    const inBlocks = blockedAxes(place, (block) => {
      const channelsFit = axis(low, 1) % block === 0 && axis(high, 1) % block === 0;
      return channelsFit && axis(interior, 1) === 0;
    });
    if (inBlocks === undefined) {
      const x = place.e.plain(operand(place));
      return plainly(
        padBetween(place, x, place.e.typeOf(operand(place)).shape, low, high, interior),
      );
    }
    const { x, view, block, finish } = inBlocks;
    const viewed = place.g.view(x, view);
    const [before, after] = [low, high].map((of) => withBlocks(of, block, 0)) as [Shape, Shape];
    return finish(padBetween(place, viewed, view, before, after, [...interior, 0]));
  },

  concat: (place) => {
    const { e, g, operands, type, attributes } = place;
    const { block } = e;
    const blockable =
      block !== undefined &&
      attributes.axis === 1 &&
      operands.every((name) => e.canBlock(name)) &&
      operands.some((name) => e.formOf(name) === "blocked");
    if (!blockable) {
      return plainly(
        g.node(
          "Concat",
          operands.map((name) => e.plain(name)),
          { axis: attributes.axis },
        ),
      );
    }
    const views = operands.map((name) => g.view(e.blocked(name), e.viewOf(name)));
    return { form: "blocked", value: g.view(g.node("Concat", views, { axis: 1 }), type.shape) };
  },

  upsample,
};

/** The nearest pixel: of a row i of the result, row floor(i / factor). */
function upsample({ e, g, operands, attributes }: Place<"upsample">): Emitted {
  const name = operand({ operands });
  const scales = [1, 1, ...attributes.factor];
  if (e.formOf(name) === "blocked") {
    return { form: "blocked", value: g.blocked("Upsample", [e.blocked(name)], { scales }) };
  }
  const given = g.constant("float32", [4], Float32Array.from(scales), "scales");
  const value = g.node("Resize", [e.plain(name), "", given], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  return plainly(value);
}

/** Extents, starts or paddings of (N, C, H, W) along (N, C / b, H, W, b). */
function withBlocks(of: Shape, block: number, last: number): Shape {
  return [...of.with(1, axis(of, 1) / block), last];
}

interface InBlocks {
  readonly x: string;
  readonly view: Shape;
  readonly block: number;
  readonly finish: (value: string) => { readonly form: "blocked"; readonly value: string };
}

/** The operand as a blocked map of five axes, where it is one already and `fits` holds. */
function blockedAxes(
  place: Place<"slice"> | Place<"pad">,
  fits: (block: number) => boolean,
): InBlocks | undefined {
  const { e, g, type } = place;
  const name = operand(place);
  const { block } = e;
  if (block === undefined || e.formOf(name) !== "blocked" || !fits(block)) return undefined;
  return {
    x: e.blocked(name),
    view: blockedSpatialView(e.typeOf(name).shape, block),
    block,
    finish: (value) => ({ form: "blocked", value: g.view(value, type.shape) }),
  };
}

/** Zeros around the elements, and between them: a row of zeros after each, of which the last is cut. */
function padBetween(
  { g }: Place<"pad">,
  x: string,
  shape: Shape,
  low: Shape,
  high: Shape,
  interior: Shape,
): string {
  let value = x;
  let extents = shape;
  for (const [i, between] of interior.entries()) {
    if (between === 0 || axis(extents, i) === 1) continue;
    const apart = [...extents.slice(0, i + 1), 1, ...extents.slice(i + 1)];
    const pads = [...apart.map(() => 0), ...apart.map((_, j) => (j === i + 1 ? between : 0))];
    const padded = g.node("Pad", [g.view(value, apart), g.integers(pads)]);
    const stretched = extents.with(i, axis(extents, i) * (between + 1));
    extents = stretched.with(i, axis(stretched, i) - between);
    value = g.node("Slice", [
      g.view(padded, stretched),
      g.integers([0]),
      g.integers([axis(extents, i)]),
      g.integers([i]),
    ]);
  }
  const changes = [...low, ...high].some((zeros) => zeros !== 0);
  return changes ? g.node("Pad", [value, g.integers([...low, ...high])]) : value;
}
