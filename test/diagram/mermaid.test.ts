import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagramOf, drawSpec } from "../../src/api/diagram.js";
import { itemsOf, viewNames, type Diagram, type Link } from "../../src/diagram/diagram.js";
import { mermaid } from "../../src/diagram/mermaid.js";
import { chromium, openBrowser } from "../report/browser.js";
import { drawChart, openMermaid, parseChart } from "./mermaid-page.js";
import { networks } from "./networks.js";

if (chromium === undefined) {
  console.warn(
    "NOT TESTED: that Mermaid draws its flowcharts, as there is no chromium; RESNETC_CHROMIUM names one",
  );
}

/** A picture of boxes that say these texts, each in a group of its name, with arrows that say them. */
function pictureOf(texts: readonly string[]): Diagram {
  return {
    view: "stages",
    title: "Odd",
    subtitle: `"1": end & more`,
    description: "",
    members: texts.map((text, index) => ({
      kind: "group",
      id: `g${index}`,
      label: { name: text, more: "" },
      times: 1,
      tone: "plain",
      members: [
        {
          kind: "item",
          id: String(index),
          form: index % 2 === 0 ? "box" : "merge",
          tone: "plain",
          weighs: true,
          lines: [text, "below"],
          notes: {},
          hint: "",
        },
      ],
    })),
    links: texts.map((label, index) => ({
      from: String(index),
      to: String((index + 1) % texts.length),
      around: false,
      dashed: index % 3 === 0,
      label,
    })),
  };
}

/** What would be read as Mermaid's own words, as Markdown, as HTML, as a reference, or as nothing. */
const odd = [
  ..."end graph subgraph flowchart default style class click href call o x".split(" "),
  ...'+ - -- --> -.-> | || [x] (x) ((x)) {x} > < # ## ; ; % %% " "" ` \\ \\n'.split(" "),
  ..."1. 1) * ** **bold** _it_ __b__ ~~s~~ $$x^2$$ ``code``".split(" "),
  "1. one",
  "- dash",
  "# heading",
  "> quote",
  '"`markdown`"',
  "%% comment",
  "%%{init: {}}%%",
  "---",
  "<b>bold</b>",
  "<script>alert(1)</script>",
  "&amp; &lt;",
  "#quot; #35;",
  "fa:fa-car x",
  "a\\nb",
  "https://example.com/a_b_c",
  "日本語 émoji 🎉",
  'Block(64, name: "a;b#c|d")',
  "click n0 href",
];

describe.skipIf(chromium === undefined)("Mermaid", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await openMermaid(browser);
  }, 60_000);
  afterAll(() => browser.close());

  async function expectDrawn(diagram: Diagram): Promise<void> {
    const chart = mermaid(diagram, "down");
    const drawn = await drawChart(page, chart);
    const items = itemsOf(diagram.members);
    expect(drawn.isError).toBe(false);
    expect(drawn.title).toBe(`${diagram.title}: ${diagram.subtitle}`);
    expect(drawn.nodes).toEqual(
      Object.fromEntries(items.map(({ lines }, index) => [`n${index}`, lines.join(" ")])),
    );
    expect(Object.keys(drawn.groups)).toHaveLength(chart.match(/^ *subgraph /gm)?.length ?? 0);
    expect(drawn.arrows).toBe(diagram.links.length);
    const labels = diagram.links.flatMap(({ label }) => (label === undefined ? [] : [label]));
    expect(drawn.labels.toSorted()).toEqual(labels.toSorted());
  }

  const cases = networks.flatMap(([name, graph]) =>
    viewNames.map((view) => [name, view, graph] as const),
  );

  test.each(cases)("draws %s as it is, in the view %s", async (_name, view, graph) => {
    await expectDrawn(diagramOf(graph, view, false));
  });

  // The published bottlenecks are of the same structure as the others.
  const expanded = networks.filter(([name]) => !name.endsWith("Original") && name !== "ResNet152");

  test.each(expanded)("draws every operation of %s", async (_name, graph) => {
    await expectDrawn(diagramOf(graph, "full", true));
  });

  test("says what is written, whatever that is", async () => {
    const picture = pictureOf(odd);
    await expectDrawn(picture);
    const { groups } = await drawChart(page, mermaid(picture, "right"));
    expect(groups).toEqual(Object.fromEntries(odd.map((text, index) => [`g${index}`, text])));
  });

  test("draws a box that says nothing", async () => {
    const chart = mermaid(pictureOf(["", "a"]), "down");
    expect((await drawChart(page, chart)).nodes["n1"]).toBe("a below");
  });

  const arrows = (count: number): Diagram => {
    const [link] = pictureOf(["a", "b"]).links as readonly [Link];
    return { ...pictureOf(["a", "b"]), links: Array.from({ length: count }, () => link) };
  };
  const characters = (count: number): Diagram => {
    const length = mermaid(pictureOf([""]), "down").length;
    return { ...pictureOf([""]), subtitle: `"1": end & more${"x".repeat(count - length)}` };
  };

  test("has the limits that are known here", async () => {
    await parseChart(page, mermaid(arrows(500), "down"));
    expect(mermaid(arrows(500), "down")).not.toContain("%%");
    const many = mermaid(arrows(501), "down");
    expect(many).toContain("%% 501 arrows are more than the 500 that Mermaid draws");
    await expect(parseChart(page, many)).rejects.toThrow("Edge limit exceeded");

    const full = mermaid(characters(50_000), "down");
    expect(full).toHaveLength(50_000);
    expect((await drawChart(page, full)).isError).toBe(false);
    const long = mermaid(characters(50_001), "down");
    expect(long).toContain("%% 50,001 characters are more than the 50,000 that Mermaid draws");
    expect(Object.keys((await drawChart(page, long)).nodes)).not.toContain("n1");
  });

  test("draws what the command writes of a network that is too large", async () => {
    const { text, notes } = drawSpec("specs/resnet152.resnet", { format: "mermaid", view: "full" });
    expect(notes.join("\n")).toContain("equal blocks are drawn once, as 564 arrows are more than");
    expect(Object.keys((await drawChart(page, text)).nodes)).toHaveLength(95);
  });
});

test("a chart that is more than Mermaid draws says so", () => {
  const options = { format: "mermaid", view: "full", expand: true } as const;
  const { text, notes } = drawSpec("specs/resnet152.resnet", options);
  const words = "564 arrows are more than the 500 that Mermaid draws unless its page allows more";
  expect(notes).toEqual([`${words}; leave out \`--expand\``]);
  expect(text).toContain(`---\n%% ${words}\nflowchart TB\n`);
  expect(drawSpec("specs/resnet152.resnet", { ...options, format: "dot" }).notes).toEqual([]);
});
