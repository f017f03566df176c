/** Draws the rules of the grammar as railroad diagrams: one self-contained SVG each. */
import railroad, { type Item } from "railroad-diagrams";
import { EOF, type TokenType } from "chevrotain";
import { printToken } from "./ebnf.js";
import { fixedText, type Production } from "./productions.js";

const { Choice, Diagram, NonTerminal, OneOrMore, Optional, Sequence, Skip, Terminal, ZeroOrMore } =
  railroad;

const style = `
  .card { fill: #ffffff; stroke: #d8dee4; }
  path { fill: none; stroke: #57606a; stroke-width: 1.6; }
  text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328; text-anchor: middle; }
  text.name { font-size: 15px; font-weight: bold; text-anchor: start; fill: #0b3d6b; }
  rect { stroke-width: 1.4; }
  .word rect { fill: #ddf4ff; stroke: #54aeff; }
  .word text { font-weight: bold; }
  .token rect { fill: #fff8c5; stroke: #d4a72c; }
  .rule rect { fill: #f6f8fa; stroke: #8c959f; }
`;

/** The diagram of one rule. */
export function drawRule(name: string, production: Production): string {
  const drawing = Diagram(draw(production)).format(52, 24, 22, 24);
  const { width, height } = drawing.attrs;
  const inside = drawing
    .toString()
    .replace(/^<svg[^>]*>\s*/, "")
    .replace(/\s*<\/svg>\s*$/, "");
  const [w, h] = [Math.max(Number(width), name.length * 9 + 60), Number(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${name}</title>`,
    `<style>${style}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${w - 1}" height="${h - 1}" rx="8"/>`,
    `<text class="name" x="24" y="30">${name}</text>`,
    inside,
    "</svg>",
    "",
  ].join("\n");
}

function draw(production: Production): Item {
  switch (production.kind) {
    case "token":
      return token(production.type);
    case "rule":
      return classed(NonTerminal(production.name), "rule");
    case "sequence":
      return production.items.length === 0 ? Skip() : Sequence(...production.items.map(draw));
    case "choice":
      return Choice(0, ...production.alternatives.map(draw));
    case "optional":
      return Optional(draw(production.item));
    case "repeat": {
      const { item, separator, least } = production;
      const repeat = least === 0 ? ZeroOrMore : OneOrMore;
      return separator === undefined ? repeat(draw(item)) : repeat(draw(item), token(separator));
    }
  }
}

/** Words and signs stand as they are written; other tokens by their names. */
function token(type: TokenType): Item {
  const text = fixedText(type);
  if (type === EOF) return classed(Terminal(printToken(type)), "token");
  return text === undefined
    ? classed(Terminal(type.name), "token")
    : classed(Terminal(text), "word");
}

function classed(item: Item, name: string): Item {
  item.attrs["class"] = name;
  return item;
}
