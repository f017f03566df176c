/**
 * The outlines of the procedural shapes as signed distances, all of the area of the unit disc (pi),
 * so that neither size nor brightness tells one from another.
 */

/**
 * Distance of (x, y) from the outline, negative inside; exact at straight edges and a lower bound in
 * size elsewhere, which anti-aliasing over one pixel does not need better.
 */
export type Outline = (x: number, y: number) => number;

/** No outline reaches further than this from its centre. */
export const reach = 1.65;

const root3 = Math.sqrt(3);

const circle: Outline = (x, y) => Math.sqrt(x * x + y * y) - 1;

/** Half of the side sqrt(pi). */
const squareHalf = Math.sqrt(Math.PI) / 2;
const square: Outline = (x, y) => Math.max(Math.abs(x), Math.abs(y)) - squareHalf;

/** An equilateral triangle of inradius r has the area 3 sqrt(3) r². */
const triangleInradius = Math.sqrt(Math.PI / (3 * root3));
const triangle: Outline = (x, y) => Math.max(y, (root3 * Math.abs(x) - y) / 2) - triangleInradius;

/** Two bars of length 2l and width 2l / 3, crossed: area 20 l² / 9. */
const crossLong = Math.sqrt((9 * Math.PI) / 20);
const crossShort = crossLong / 3;
const cross: Outline = (x, y) => {
  const [across, along] =
    Math.abs(x) < Math.abs(y) ? [Math.abs(x), Math.abs(y)] : [Math.abs(y), Math.abs(x)];
  return Math.max(across - crossShort, along - crossLong);
};

/** The hole has 0.55 of the radius: area pi a² (1 - 0.55²). */
const ringOuter = 1 / Math.sqrt(1 - 0.55 * 0.55);
const ringInner = 0.55 * ringOuter;
const ring: Outline = (x, y) => {
  const radius = Math.sqrt(x * x + y * y);
  return Math.max(radius - ringOuter, ringInner - radius);
};

/** Five points at radius R and five notches at 0.45 R: area 5 sin(36°) 0.45 R². */
const fifth = Math.PI / 5;
const starTip = Math.sqrt(Math.PI / (5 * Math.sin(fifth) * 0.45));
const notchX = 0.45 * starTip * Math.cos(fifth);
const notchY = 0.45 * starTip * Math.sin(fifth);
const starEdge = Math.hypot(starTip - notchX, notchY);
const star: Outline = (x, y) => {
  const angle = Math.atan2(y, x);
  const folded = Math.abs(angle - 2 * fifth * Math.round(angle / (2 * fifth)));
  const radius = Math.sqrt(x * x + y * y);
  const u = radius * Math.cos(folded);
  const v = radius * Math.sin(folded);
  // The normal of the edge from the tip to the notch, times the way from the tip.
  return ((u - starTip) * notchY + v * (starTip - notchX)) / starEdge;
};

/** A rectangle three times as long as it is wide. */
const barShort = Math.sqrt(Math.PI / 12);
const bar: Outline = (x, y) => Math.max(Math.abs(x) - 3 * barShort, Math.abs(y) - barShort);

/** Half of a disc of radius sqrt(2), about its centroid, which is 4 r / (3 pi) from the flat side. */
const halfRadius = Math.SQRT2;
const halfCentroid = (4 * halfRadius) / (3 * Math.PI);
const halfDisc: Outline = (x, y) => {
  const up = y + halfCentroid;
  return Math.max(Math.sqrt(x * x + up * up) - halfRadius, -up);
};

/** Every shape in the order in which classes take part. */
export const outlines: readonly (readonly [name: string, outline: Outline])[] = [
  ["circle", circle],
  ["square", square],
  ["triangle", triangle],
  ["cross", cross],
  ["ring", ring],
  ["star", star],
  ["bar", bar],
  ["half-disc", halfDisc],
];
