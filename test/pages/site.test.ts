import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { docsOfSpecs } from "../../src/api/docs.js";
import { summarySpec } from "../../src/api/summary-spec.js";
import { bytes, scaled } from "../../src/diagnostics/numbers.js";
import type { SitePage } from "../../src/pages/site.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const repository = resolve(import.meta.dirname, "..", "..");
const sources = [
  join(repository, "specs"),
  join(repository, "test", "diagram", "fixtures"),
  join(repository, "test", "graph", "fixtures", "every-construct.resnet"),
];

async function pagesOf(patterns: readonly string[]): Promise<readonly SitePage[]> {
  return (await docsOfSpecs(patterns)).pages;
}

/** Attributes of one name, as a browser reads them. */
function attributes(text: string, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value = ""]) => value);
}

describe("the pages of all specs", () => {
  let pages: readonly SitePage[] = [];
  beforeAll(async () => {
    pages = await pagesOf(sources);
  }, 60_000);

  test("are the same every time", async () => {
    expect(await pagesOf(sources)).toEqual(pages);
  }, 60_000);

  test("have a page for every file, imported ones among them, and an index of every network", () => {
    const index = pages.find(({ name }) => name === "index.html");
    expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
    expect(pages.map(({ name }) => name)).toContain("std-blocks.html");
    for (const name of ["ResNet152", "ResNet1202", "Plain34", "Quick", "Pyramid", "Everything"]) {
      expect(index?.text).toContain(`>${name}</a>`);
    }
  });

  test("say of a member of a family what it is an instance of", () => {
    const [index = "", family = ""] = ["index", "specs-resnet-cifar10"].map(
      (page) => pages.find(({ name }) => name.startsWith(page))?.text,
    );
    expect(index).toContain("<code>CifarResNet(200)</code>");
    expect(family).toContain("<p><code>CifarResNet(200)</code></p>");
    // The only one of its file is what the file is about.
    expect(index).toContain("The plain network of 18 layers");
    expect(index).not.toContain("depths: [2, 2, 2, 2]");
  });

  test("link to what is there, and to nothing else", () => {
    const ids = new Map(pages.map(({ name, text }) => [name, attributes(text, "id")]));
    for (const { name, text } of pages) {
      const own = ids.get(name) ?? [];
      expect(own.length, `${name} has ids twice`).toBe(new Set(own).size);
      for (const address of attributes(text, "href").filter((each) => !each.startsWith("data:"))) {
        const [page = "", anchor] = address.split("#");
        const target = ids.get(page === "" ? name : page);
        expect(target, `${name} links to ${address}`).toBeDefined();
        if (anchor !== undefined) expect(target, `${name} links to ${address}`).toContain(anchor);
      }
    }
  });

  test("load nothing, and know nothing of the machine that they were made on", () => {
    for (const { name, text } of pages) {
      const loads = text.match(/<(?:link|script|img|iframe|object|embed|use|image)[^>]*>/g) ?? [];
      const icons = loads.filter((each) => each.includes('rel="icon" href="data:'));
      const scripts = loads.filter((each) => each === '<script type="module">');
      expect(loads.length, name).toBe(icons.length + scripts.length);
      expect(text).not.toMatch(/url\((?!data:)|@import|fetch\(|XMLHttpRequest| style="/);
      expect(text).toContain("default-src 'none'".replaceAll("'", "&#39;"));
    }
  });

  test("say why a quantity that follows from an open size is a dash, and have no question marks", () => {
    const why = "it follows from the input&#39;s size, which is open";
    const dash = new RegExp(`<span[^>]* aria-label="unknown: ${why}"[^>]* title="${why}"[^>]*>–<`);
    const page = pages.find(({ text }) => text.includes('id="network-Pyramid"'))?.text ?? "";
    const [, table = ""] = /<table class="architecture">([\s\S]*?)<\/table>/.exec(page) ?? [];
    const [, cards = ""] = /<ul class="figures">([\s\S]*?)<\/ul>/.exec(page) ?? [];
    const operations = /<table class="operations">[\s\S]*?<\/table>/.exec(page)?.[0];
    const row = /<tr>(?:(?!<\/tr>)[\s\S])*#network-Pyramid[\s\S]*?<\/tr>/;
    const index = row.exec(pages.find(({ name }) => name === "index.html")?.text ?? "")?.[0];
    for (const text of [table, cards, operations, index]) expect(text).toMatch(dash);
    for (const { name, text } of pages) expect(text, name).not.toMatch(/<td[^>]*>\s*\?\s*<\/td>/);
  });

  test("show the source to the letter", () => {
    const page = pages.find(({ name }) => name.endsWith("blocks.html"))?.text ?? "";
    const [, source = ""] = /<pre class="source"[^>]*><code>([\s\S]*?)<\/code>/.exec(page) ?? [];
    const text = source
      .replace(/<[^>]*>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, "&");
    expect(text).toContain("    conv 3x3, width, /stride -> batchnorm -> relu\n");
    expect(text).toContain("  shortcut option\n  relu\n}\n");
  });
});

describe("a network with a symbolic input", () => {
  const pyramid = join(repository, "test", "diagram", "fixtures", "pyramid.resnet");
  const pageAt = async (at?: readonly [number, number]): Promise<string> => {
    const { pages } = await docsOfSpecs([pyramid], { ...(at && { at }) });
    return pages.find(({ name }) => name === "pyramid.html")?.text.replace(/\s+/g, " ") ?? "";
  };

  test("has the costs and the shapes of a size that is given", async () => {
    const { macs = 0, activationBytes = 0 } = summarySpec(pyramid, { at: [64, 96] });
    const page = await pageAt([64, 96]);
    const [architecture = ""] = /<table class="architecture">.*?<\/table>/.exec(page) ?? [];
    expect(page).toContain(`<b>${scaled(macs)}</b>`);
    expect(page).toContain(`<b>${bytes(activationBytes)}</b>`);
    expect(page).toContain("<b>64 x 96 x 3</b>");
    expect(page).toContain("one of H x W x 3 for H ≡ 0 (mod 32)");
    expect(architecture).toContain(`<td class="number">${scaled(macs)}</td>`);
    expect(architecture).toContain("16 x 24 x 64");
    expect(page.replace(/<pre class="source".*/, "")).not.toMatch(/ceil|floor|>\?</);
  });

  test("has neither without one", async () => {
    const page = await pageAt();
    expect(page).toContain("they follow from the input&#39;s size");
    expect(page).toContain("<b>H x W x 3</b>");
    expect(page).toContain("(H / 4) x (W / 4) x 64</td>");
    expect(page).toContain("(H / 8) x (W / 8) x 3</td>");
  });

  test("is refused a size that it does not take", async () => {
    await expect(pageAt([40, 64])).rejects.toThrow("Pyramid does not take a height of 40");
  });

  test("says on its page why it is not shown at the size that others are", async () => {
    const every = join(repository, "test", "graph", "fixtures", "every-construct.resnet");
    const { pages, notes } = await docsOfSpecs([pyramid, every], { at: [40, 64] });
    const reason = "H = 40 is refused: the nearest sizes are 32 and 64";
    expect(notes).toEqual([`Pyramid keeps its symbols: ${reason}`]);
    const text = (name: string): string =>
      pages.find((page) => page.name.includes(name))?.text ?? "";
    expect(text("pyramid")).toContain(reason);
    expect(text("every-construct")).toContain("40 x 64 x 4");
  });
});

test("pages are written to a folder that is named, and nowhere else", async () => {
  const folder = join(await temporaryFolder(), "new");
  const { pages } = await docsOfSpecs([sources[0] ?? ""], { folder });
  expect((await readdir(folder)).toSorted()).toEqual(pages.map(({ name }) => name).toSorted());
  for (const { name, text } of pages) {
    expect(await readFile(join(folder, name), "utf8")).toBe(text);
  }
});

test("a name leads to its declaration, here and in other files", async () => {
  const folder = await temporaryFolder();
  const blocks = "block B(width) {\n  conv 3x3, width\n}\n";
  const net =
    'import { B as Own } from "./blocks"\n\nnetwork N(classes = 3) {\n  input 8x8x3\n' +
    "  stage s: 2 x Own(4)\n  head h { from s -> globalavgpool -> dense classes }\n}\n";
  await writeFile(join(folder, "blocks.resnet"), blocks);
  await writeFile(join(folder, "net.resnet"), net);
  const pages = await pagesOf([join(folder, "net.resnet")]);
  const page = pages.find(({ name }) => name === "net.html")?.text;
  expect(page).toContain('<a class="name-block" href="blocks.html#L1C7">Own</a>');
  expect(page).toContain('<a class="name-parameter" href="#L3C11">classes</a>');
  expect(page).toContain('<a class="name-place" href="#L5C9">s</a>');
});

test("what a spec says becomes no markup", async () => {
  const folder = await temporaryFolder();
  const evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
  const net =
    `/// ${evil}\nnetwork N {\n  // ${evil}\n  input 8x8x3\n  stem { conv 3x3, 4 }\n` +
    `  head h { globalavgpool -> dense 2 }\n}\n\n/// ${evil}\ntrain t for N {\n` +
    `  data folder("<b>x</b>")\n  optimizer sgd(0.1)\n  batch 2\n  epochs 1\n}\n`;
  await writeFile(join(folder, "<b>&amp;.resnet"), net);
  for (const { text } of await pagesOf([folder])) {
    expect(text).not.toMatch(/<script>|<img|<b>[x&]/);
    expect(text).toContain("&lt;script&gt;");
  }
});

test("files whose names come to the same have pages of their own", async () => {
  const folder = await temporaryFolder();
  const net = "network N {\n  input 8x8x3\n  stem { conv 3x3, 4 }\n  head h { globalavgpool }\n}\n";
  for (const name of ["a b", "a+b", "index", "INDEX2"]) {
    await writeFile(join(folder, `${name}.resnet`), net);
  }
  const names = (await pagesOf([folder])).map(({ name }) => name.toLowerCase());
  expect(names).toHaveLength(5);
  expect(new Set(names).size).toBe(5);
});

test("what is wrong with a spec is said, and there is no page", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.resnet"), "network N { input 8x8x3 }\n");
  await expect(pagesOf([folder])).rejects.toThrow("R0219");
});
