import { expect, test } from "vitest";
import { html } from "../../src/markup/markup.js";

const hostile = `<script>alert("1")</script>&'`;

test("texts are escaped, in content and in attributes; markup and lists of it are not", () => {
  const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";
  expect(html`<b title="${hostile}">${hostile}</b>`.text).toBe(
    `<b title="${escaped}">${escaped}</b>`,
  );
  const items = ["<a>", "b"].map((name) => html`<li>${name}</li>`);
  expect(html`${items}`.text).toBe("<li>&lt;a&gt;</li><li>b</li>");
});

test("nothing comes of what is not there, and a zero is there", () => {
  expect(html`<p>${undefined}${false}${0}${""}</p>`.text).toBe("<p>0</p>");
});
