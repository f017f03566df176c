/**
 * A picture as SVG that needs nothing else: text as text, in the colours of a theme, with a title and a description
 * for those who do not see it. The same picture gives the same bytes.
 */
import { html as markup, Markup } from "../markup/markup.js";
import type { Diagram, Item } from "./diagram.js";
import type { Direction } from "./direction.js";
import { layOut } from "./layout.js";
import { letters, room } from "./measures.js";
import type { Area, PlacedText, Point, Scene, Shape } from "./scene.js";
import { diagramStyle } from "./svg-style.js";
import { shortened, textWidth } from "./text-width.js";
import { toneName, type ThemeName } from "./theme.js";

export interface SvgOptions {
  readonly direction: Direction;
  readonly theme: ThemeName;
}

/** A whole file. */
export function svg(diagram: Diagram, { direction, theme }: SvgOptions): string {
  const style = markup`<style>${new Markup(`\n${diagramStyle(theme)}\n`)}</style>\n`;
  return `${picture(diagram, direction, { id: "diagram", style, heading: true }).element.text}\n`;
}

export interface PictureOptions {
  /** What the ids in it begin with: several may stand in one document. */
  readonly id: string;
  /** Its rules, where the document around it has none. */
  readonly style?: Markup;
  /** Whether the network's name and costs stand above it. */
  readonly heading: boolean;
}

/** The element, and its size in pixels. */
export interface Picture {
  readonly element: Markup;
  readonly width: number;
  readonly height: number;
}

/** The picture as one element of the class `resnetc-diagram`. */
export function picture(
  diagram: Diagram,
  direction: Direction,
  { id, style, heading }: PictureOptions,
): Picture {
  const { title, subtitle, description, view } = diagram;
  const scene = layOut(diagram, direction);
  const canvas = new Canvas(scene.area, direction, heading ? headingHeight : 0);
  const words = heading
    ? Math.max(textWidth(title, letters.title, true), textWidth(subtitle, letters.subtitle))
    : 0;
  const width = Math.ceil(Math.max(canvas.width, Math.min(words, 400) + 2 * room.margin));
  const height = Math.ceil(canvas.height);
  const labelled = `${id}-title ${id}-description`;
  const element = markup`<svg xmlns="http://www.w3.org/2000/svg" class="resnetc-diagram" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${labelled}">
<title id="${id}-title">${title}, ${views[view]}</title>
<desc id="${id}-description">${description}</desc>
${style}<rect class="ground" width="${width}" height="${height}" rx="10"/>
${heading && headingLines(title, subtitle, width)}<g class="${view}">
${inOrder(scene).map((shape) => [canvas.draw(shape), "\n"])}</g>
</svg>`;
  return { element, width, height };
}

const views = { stages: "by its stages", full: "with every operation" } as const;
const headingHeight = 52;

function headingLines(title: string, subtitle: string, width: number): Markup {
  const most = width - 2 * room.margin;
  const [x, name] = [room.margin, shortened(title, most, letters.title, true)];
  const costs = shortened(subtitle, most, letters.subtitle);
  return markup`<text class="title" x="${x}" y="${x + 12}">${name}</text>
<text class="subtitle" x="${x}" y="${x + 31}">${costs}</text>
`;
}

/** Frames under lines, lines under boxes. */
const layers: readonly (readonly Shape["kind"][])[] = [
  ["frame"],
  ["line", "arc"],
  ["item", "text"],
];

function inOrder({ shapes }: Scene): readonly Shape[] {
  return layers.flatMap((kinds) => shapes.filter(({ kind }) => kinds.includes(kind)));
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Turns places across and along into pixels, and draws. */
class Canvas {
  readonly width: number;
  readonly height: number;

  constructor(
    private readonly area: Area,
    private readonly direction: Direction,
    private readonly above: number,
  ) {
    const [across, along] = [area.u1 - area.u0, area.v1 - area.v0];
    const [width, height] = direction === "down" ? [across, along] : [along, across];
    this.width = width + 2 * room.margin;
    this.height = height + 2 * room.margin + above;
  }

  draw(shape: Shape): Markup {
    switch (shape.kind) {
      case "frame": {
        const names = `frame ${toneName(shape.tone)}${shape.deep ? " deep" : ""}`;
        return this.#rectangle(names, shape.area, 9);
      }
      case "item":
        return this.#item(shape.item, shape.area);
      case "line":
        return this.#line(shape.points, shape.arrow);
      case "arc":
        return this.#arc(shape);
      case "text":
        return this.#text(shape);
    }
  }

  #xy({ u, v }: Point): readonly [number, number] {
    const { u0, u1, v0 } = this.area;
    const top = room.margin + this.above;
    return this.direction === "down"
      ? [u - u0 + room.margin, v - v0 + top]
      : [v - v0 + room.margin, u1 - u + top];
  }

  #at(point: Point): string {
    return this.#xy(point).map(px).join(" ");
  }

  #rectangle(names: string, area: Area, radius: number): Markup {
    const { x, y, width, height } = this.#extent(area);
    return markup`<rect class="${names}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${radius}"/>`;
  }

  #extent({ u0, u1, v0, v1 }: Area): Rectangle {
    const [x0, y0] = this.#xy({ u: u0, v: v0 });
    const [x1, y1] = this.#xy({ u: u1, v: v1 });
    return {
      x: Math.min(x0, x1),
      y: Math.min(y0, y1),
      width: Math.abs(x1 - x0),
      height: Math.abs(y1 - y0),
    };
  }

  #item({ form, tone, weighs, lines, hint }: Item, area: Area): Markup {
    const { x, y, width, height } = this.#extent(area);
    const [middle, centre] = [x + width / 2, y + height / 2];
    const names = `${toneName(tone)}${weighs || form === "merge" ? "" : " light"}`;
    const [first = "", second] = lines;
    const text = (name: string, words: string, at: number): Markup =>
      markup`<text class="${name}" x="${px(middle)}" y="${px(at)}">${words}</text>`;
    if (form === "merge") {
      const radius = px(width / 2);
      return markup`<g class="${names}"><title>${hint}</title><circle class="merge" cx="${px(middle)}" cy="${px(centre)}" r="${radius}"/>${text("sign", first, centre + 5.2)}</g>`;
    }
    const texts =
      second === undefined
        ? text("line", first, centre + 4.4)
        : [text("line", first, centre - 3.2), text("second", second, centre + 12.2)];
    return markup`<g class="${names}"><title>${hint}</title>${this.#rectangle("box", area, 4)}${texts}</g>`;
  }

  #line(points: readonly Point[], arrow: boolean): Markup {
    const [start] = points;
    const end = points.at(-1);
    if (start === undefined || end === undefined) return markup``;
    let path = `M${this.#at(start)}`;
    points.slice(1).forEach((to, index) => {
      const from = points[index] ?? to;
      const middle = (from.v + to.v) / 2;
      path +=
        from.u === to.u
          ? `L${this.#at(to)}`
          : `C${this.#at({ u: from.u, v: middle })} ${this.#at({ u: to.u, v: middle })} ${this.#at(to)}`;
    });
    const head = arrow && this.#arrow(end, { u: end.u, v: end.v - 1 });
    return markup`<path class="way" d="${path}"/>${head}`;
  }

  #arc({ from, lane, to, dashed }: Extract<Shape, { kind: "arc" }>): Markup {
    const bend = Math.min(14, (to.v - from.v) / 2, lane - Math.max(from.u, to.u));
    const path = [
      `M${this.#at(from)}`,
      `L${this.#at({ u: lane - bend, v: from.v })}`,
      `Q${this.#at({ u: lane, v: from.v })} ${this.#at({ u: lane, v: from.v + bend })}`,
      `L${this.#at({ u: lane, v: to.v - bend })}`,
      `Q${this.#at({ u: lane, v: to.v })} ${this.#at({ u: lane - bend, v: to.v })}`,
      `L${this.#at({ u: to.u + 1, v: to.v })}`,
    ].join("");
    const names = dashed ? "way dashed" : "way";
    return markup`<path class="${names}" d="${path}"/>${this.#arrow(to, { u: to.u + 1, v: to.v })}`;
  }

  /** The head of an arrow that comes to `tip` from the side of `before`. */
  #arrow(tip: Point, before: Point): Markup {
    const [x, y] = this.#xy(tip);
    const [fromX, fromY] = this.#xy(before);
    const [alongX, alongY] = [Math.sign(x - fromX), Math.sign(y - fromY)];
    const [length, half] = [6, 3.4];
    const [backX, backY] = [x - alongX * length, y - alongY * length];
    const corner = (side: number): string =>
      `${px(backX - alongY * half * side)} ${px(backY + alongX * half * side)}`;
    return markup`<path class="head-of-arrow" d="M${px(x)} ${px(y)}L${corner(1)}L${corner(-1)}Z"/>`;
  }

  #text({ role, text, tone, area, align }: PlacedText): Markup {
    const { x, y, width, height } = this.#extent(area);
    const isTurned = this.direction === "right" && align === "start" && role === "label";
    const at = isTurned ? "middle" : align;
    const anchor = { start: x, middle: x + width / 2, end: x + width }[at];
    const names = `${role} ${toneName(tone)} ${at}`;
    return markup`<text class="${names}" x="${px(anchor)}" y="${px(y + height * 0.77)}">${text}</text>`;
  }
}

/** A hundredth of a pixel is exact enough, and the same on every machine. */
function px(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}
