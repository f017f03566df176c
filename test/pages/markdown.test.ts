import { expect, test } from "vitest";
import { html } from "../../src/markup/markup.js";
import { inline, markdown } from "../../src/pages/markdown.js";

const block = (text: string): string => html`${markdown(text)}`.text.replace(/>\s+</g, "><");
const line = (text: string): string => html`${inline(text)}`.text;

test("paragraphs are parted by an empty line, and lists may follow at once", () => {
  expect(block("One\ntwo.\n\nThree:\n- a\n  b\n- c")).toBe(
    '<p>One two.</p><p>Three:</p><ul class="bullets"><li>a b</li><li>c</li></ul>',
  );
  expect(block("")).toBe("");
});

test("code, emphasis and links", () => {
  expect(line("`a * b * c` is **bold** and *so*")).toBe(
    "<code>a * b * c</code> is <strong>bold</strong> and <em>so</em>",
  );
  expect(line("[the paper](https://example.org/a?b=1&c)")).toBe(
    '<a href="https://example.org/a?b=1&amp;c" rel="noreferrer">the paper</a>',
  );
  expect(line("4 * n * 2 and a_b_c")).toBe("4 * n * 2 and a_b_c");
});

test.each([
  "<script>alert(1)</script>",
  "[x](javascript:alert(1))",
  "`<img src=x onerror=alert(1)>`",
  "**<b onclick=x>**",
  '[x](https://a.b/"onmouseover="alert(1))',
])("%s becomes no markup of its own", (text) => {
  const shown = block(text);
  expect(shown).not.toMatch(/<(?:script|img|b )|href="javascript|"onmouseover="/);
});
