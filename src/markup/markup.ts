/**
 * HTML and SVG as values that are safe by construction: every text that is put into a template is
 * escaped, for an element's content as well as for a quoted attribute; only markup stays as it is.
 */

/** Markup that was made by `html`, or that is trusted to be markup. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template; nothing comes of `undefined` and `false`. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template with its parts escaped: `` html`<b title="${any}">${any}</b>` ``. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? "";
  parts.forEach((part, index) => (text += textOf(part) + (strings[index + 1] ?? "")));
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeText(part);
  return part.map(textOf).join("");
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML's content or as a quoted attribute's value. */
function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => references[character] ?? character);
}
