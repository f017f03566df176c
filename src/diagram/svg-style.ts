/** How a picture in SVG looks, as rules that are for it alone: plain colours, which every reader of SVG knows. */
import { letters } from "./measures.js";
import { surroundings, toneColours, toneNames, type Light, type ThemeName } from "./theme.js";

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

/** The rules for everything of the class `resnetc-diagram`. */
export function diagramStyle(theme: ThemeName): string {
  const plain = [...shared, ...colours(theme === "dark" ? "dark" : "light")];
  const rules = plain.map(scoped).join("\n");
  if (theme !== "auto") return rules;
  const dark = colours("dark").map(scoped).join("\n");
  return `${rules}\n@media (prefers-color-scheme: dark) {\n${dark}\n}`;
}

type Rule = readonly [selector: string, declarations: string];

function scoped([selector, declarations]: Rule): string {
  const selectors = selector.split(", ").map((each) => `.resnetc-diagram ${each}`);
  return `${selectors.join(", ")} { ${declarations} }`;
}

const size = (px: number): string => `font-size: ${px}px`;

const shared: readonly Rule[] = [
  ["text", `font-family: ${fonts}; stroke: none`],
  [".line", `${size(letters.line)}; text-anchor: middle`],
  [".full .line", "font-weight: 600"],
  [".second", `${size(letters.second)}; text-anchor: middle; opacity: .86`],
  [".sign", "font-size: 15px; font-weight: 600; text-anchor: middle"],
  [".note-name", `${size(letters.noteName)}; font-weight: 700`],
  [".note-size", size(letters.note)],
  [".label", size(letters.label)],
  [".times", `${size(letters.times)}; font-weight: 700`],
  [".frame-name", `${size(letters.frame)}; font-weight: 700`],
  [".frame-more", size(letters.frame)],
  [".title", `${size(letters.title)}; font-weight: 700`],
  [".subtitle", size(letters.subtitle)],
  [".start", "text-anchor: start"],
  [".middle", "text-anchor: middle"],
  [".end", "text-anchor: end"],
  [".box", "stroke-width: 1.2"],
  [".light .box", "fill-opacity: .45; stroke-opacity: .6"],
  [".frame", "fill-opacity: .05; stroke-opacity: .45; stroke-width: 1.2"],
  [".frame.deep", "fill-opacity: .07; stroke-opacity: .35"],
  [".frame.repeat", "stroke-dasharray: none"],
  [".way", "fill: none; stroke-width: 1.3"],
  [".dashed", "stroke-dasharray: 5 4"],
];

function colours(light: Light): readonly Rule[] {
  const { ground, ink, soft, line } = surroundings[light];
  return [
    [".ground", `fill: ${ground}`],
    [".title", `fill: ${ink}`],
    [".subtitle, .note-size, .label, .frame-more", `fill: ${soft}`],
    [".way", `stroke: ${line}`],
    [".head-of-arrow", `fill: ${line}`],
    ...toneNames.flatMap((name): Rule[] => {
      const tone = toneColours(light, name);
      const strong = light === "light" ? tone.stroke : tone.ink;
      return [
        [`.${name} .box`, `fill: ${tone.fill}; stroke: ${tone.stroke}`],
        [`.${name} .merge`, `fill: ${ground}; stroke: ${tone.stroke}; stroke-width: 1.6`],
        [`.${name} text`, `fill: ${tone.ink}`],
        [`.frame.${name}`, `fill: ${tone.stroke}; stroke: ${tone.stroke}`],
        [`.${name}.note-name, .${name}.frame-name, .${name}.times`, `fill: ${strong}`],
      ];
    }),
  ];
}
