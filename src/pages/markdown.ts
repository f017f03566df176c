/**
 * The part of Markdown that documentation comments use: paragraphs, lists, code, emphasis and links. Everything
 * else is text; nothing that is written becomes markup of its own.
 */
import { html, type Markup } from "../markup/markup.js";

/** Text with its paragraphs and lists. */
export function markdown(text: string): readonly Markup[] {
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => block.split("\n").map((line) => line.trim()))
    .flatMap(blocksOf);
}

/** A paragraph, and a list that follows on it without an empty line. */
function blocksOf(lines: readonly string[]): Markup[] {
  const first = lines.findIndex((line) => /^[-*] /.test(line));
  const paragraph = lines
    .slice(0, first < 0 ? lines.length : first)
    .join(" ")
    .trim();
  const items: string[] = [];
  for (const line of first < 0 ? [] : lines.slice(first)) {
    if (/^[-*] /.test(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line}`);
  }
  return [
    ...(paragraph === "" ? [] : [html`<p>${inline(paragraph)}</p>`]),
    ...(items.length === 0
      ? []
      : [
          html`<ul class="bullets">
            ${items.map((item) => html`<li>${inline(item)}</li>`)}
          </ul>`,
        ]),
  ];
}

/** Code first: nothing means anything in it. */
const spans = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/** A line of text with its code, emphasis and links. */
export function inline(text: string): readonly (Markup | string)[] {
  const parts: (Markup | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(spans)) {
    const [whole, code, strong, emphasis, words, address] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${strong}</strong>`);
    else if (emphasis !== undefined) parts.push(html`<em>${emphasis}</em>`);
    else parts.push(html`<a href="${address}" rel="noreferrer">${words}</a>`);
  }
  return [...parts, text.slice(end)];
}
