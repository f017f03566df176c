/** How text looks in a terminal: control characters made visible, tabs as spaces, and column counts. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const joined = /[\p{M}\u200b-\u200d\ufe0f]/u;

/** Each of these characters takes one column. */
const plain = /^[ -~]*$/;

const tab = "    ";

/** The text with nothing in it that moves a cursor: tabs are four spaces, control characters pictures. */
export function visible(text: string): string {
  return text
    .replaceAll("\t", tab)
    .replace(/[\u0000-\u001f]/g, (control) => String.fromCodePoint(0x2400 + control.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu, "\ufffd");
}

/** How many columns visible text takes. */
export function columns(text: string): number {
  if (plain.test(text)) return text.length;
  let count = 0;
  for (const character of visible(text)) {
    count += joined.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return count;
}

/** Breaks text at spaces so that no line is wider than `width`, where its words allow. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columns(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
