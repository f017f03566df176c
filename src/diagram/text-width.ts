/**
 * How wide a text is at most, whatever sans-serif font it is drawn in: the widths of DejaVu Sans, which is wider
 * than Arial, Helvetica, Segoe UI, Roboto and the fonts of the systems.
 */

/** Hundredths of the font's size, for the characters from the space to the tilde. */
const widths = [
  32, 41, 47, 84, 64, 96, 78, 28, 40, 40, 51, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 34, 34, 84, 84, 84, 54, 101, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79,
  61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 51, 51, 62, 64, 56, 64, 62, 36, 64,
  64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
/** Of bold letters against plain ones. */
const bolder = 1.13;
/** What stands beyond ASCII: as wide as the widest scripts are. */
const widest = 104;

/** The width in the unit of `size`. */
export function textWidth(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const character of text) hundredths += widthOf(character);
  return scaled(hundredths, size, bold);
}

/** In hundredths of the font's size. */
function widthOf(character: string): number {
  return widths[(character.codePointAt(0) ?? 0) - 32] ?? widest;
}

function scaled(hundredths: number, size: number, bold: boolean): number {
  return ((hundredths * size) / 100) * (bold ? bolder : 1);
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function shortened(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  let kept = "";
  let hundredths = widthOf("…");
  for (const character of text) {
    hundredths += widthOf(character);
    if (scaled(hundredths, size, bold) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
