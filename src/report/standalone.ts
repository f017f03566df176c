/** What makes a page one file that needs no other, and that can load nothing from elsewhere. */
import { createHash } from "node:crypto";
import { html, Markup } from "../markup/markup.js";

/** Nothing from elsewhere is loaded. */
export const nothingElse = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'";

/** A page's style and script, and the policy that lets these in and nothing else. */
export function standaloneHead(style: string, script: string): Markup {
  const hash = (text: string): string =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `${nothingElse}; script-src ${hash(script)}; style-src ${hash(style)}`;
  return html`<meta http-equiv="Content-Security-Policy" content="${policy}" />
    ${element("style", style)}${element("script", script, "module")}`;
}

/** An element whose content is hashed, and so must stand in it to the letter. */
function element(name: "style" | "script", content: string, type?: string): Markup {
  const attribute = type === undefined ? "" : ` type="${type}"`;
  return new Markup(`<${name}${attribute}>${content}</${name}>`);
}

/** How the head of every page begins: its encoding, its title and its icon. */
export function headStart(title: string): Markup {
  return html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · resnetc</title>
    <link rel="icon" href="${icon}" />`;
}

/** A residual block: a way through, and a way around. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="none" stroke="#3b7ade" ' +
    'stroke-width="2"><path d="M4 1v14"/><path d="M4 3h5a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3H4"/></g></svg>',
)}`;
