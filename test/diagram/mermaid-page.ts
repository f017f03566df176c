/** Mermaid itself, in a browser, with what it draws of a chart. */
import { createRequire } from "node:module";
import type { Browser, Page } from "puppeteer-core";
import { openPage } from "../report/browser.js";

/** Texts as they are seen, lines joined by spaces; nodes and groups by their names in the chart. */
export interface DrawnChart {
  readonly title: string;
  readonly nodes: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  readonly arrows: number;
  /** Whether it is the picture that Mermaid draws of an error. */
  readonly isError: boolean;
}

/** A page with Mermaid at the settings that it has by itself, apart from drawing nothing until it is asked. */
export async function openMermaid(browser: Browser): Promise<Page> {
  const { page } = await openPage(browser, 1280, "light");
  await page.setContent("<!doctype html><body></body>");
  const entry = createRequire(import.meta.url).resolve("mermaid");
  await page.addScriptTag({ path: entry.replace(/mermaid\.core\.mjs$/, "mermaid.min.js") });
  await page.evaluate("mermaid.initialize({ startOnLoad: false })");
  return page;
}

/** Whether Mermaid reads it. @throws Error as Mermaid says it, where it does not */
export async function parseChart(page: Page, chart: string): Promise<void> {
  await page.evaluate(`mermaid.parse(${JSON.stringify(chart)})`);
}

/** Lets Mermaid read and draw it. @throws Error as Mermaid says it, where it cannot */
export async function drawChart(page: Page, chart: string): Promise<DrawnChart> {
  await parseChart(page, chart);
  return (await page.evaluate(`(${draw})(${JSON.stringify(chart)})`)) as DrawnChart;
}

/** Runs in the browser, and so takes nothing from around it. */
const draw = `async (chart) => {
  const { svg } = await mermaid.render("chart", chart);
  document.body.innerHTML = svg;
  const all = (selector) => [...document.querySelectorAll("#chart " + selector)];
  const words = (element) => {
    const copy = element.cloneNode(true);
    for (const each of copy.querySelectorAll("br")) each.replaceWith(" ");
    return copy.textContent.replaceAll("\u2060", "").trim();
  };
  const named = (elements) =>
    Object.fromEntries(
      elements.map((each) => {
        const { width, height } = each.getBoundingClientRect();
        return [/-([ng]\\d+)(?:-\\d+)?$/.exec(each.id)[1], width * height > 0 ? words(each) : "unseen"];
      }),
    );
  return {
    title: all(".flowchartTitleText").map(words).join(),
    nodes: named(all("g.node")),
    groups: named(all("g.cluster")),
    labels: all("g.edgeLabel").map(words).filter((text) => text !== ""),
    arrows: all("path.flowchart-link").filter((each) => each.getTotalLength() > 0).length,
    isError: all(".error-icon, .error-text").length > 0,
  };
}`;
