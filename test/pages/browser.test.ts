import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docsOfSpecs } from "../../src/api/docs.js";
import { chromium, colourCount, layoutFaults, openBrowser, openPage } from "../report/browser.js";

if (chromium === undefined) {
  console.warn("NOT TESTED: how pages look, as there is no chromium; RESNETC_CHROMIUM names one");
}

const repository = resolve(import.meta.dirname, "..", "..");
const names = [
  "index",
  "specs-resnet",
  "specs-resnet50",
  "specs-quickstart",
  "std-blocks",
  "test-diagram-fixtures-pyramid",
];
const looks = names.flatMap((name) =>
  [400, 1280].flatMap((width) => ["light", "dark"].map((theme) => [name, width, theme] as const)),
);

describe.skipIf(chromium === undefined)("the pages of specs in a browser", () => {
  let browser: Browser;
  let folder = "";
  const address = (name: string): string => String(pathToFileURL(join(folder, `${name}.html`)));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "resnetc-pages-"));
    const specs = ["specs/resnet.resnet", "specs/resnet50.resnet", "specs/quickstart.resnet"];
    const paths = [...specs, "test/diagram/fixtures/pyramid.resnet"];
    await docsOfSpecs(
      paths.map((path) => join(repository, path)),
      { folder },
    );
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(looks)(
    "%s, %i wide, %s: laid out, in colours, and nothing amiss",
    async (name, width, theme) => {
      const { page, complaints } = await openPage(browser, width, theme);
      await page.goto(address(name));
      expect(await layoutFaults(page)).toEqual([]);
      expect(await colourCount(page)).toBeGreaterThan(4);
      expect(complaints).toEqual([]);
      await page.close();
    },
    60_000,
  );

  test("one picture is seen at a time; it can be enlarged, and fits again", async () => {
    const { page, complaints } = await openPage(browser, 400, "light");
    await page.goto(address("specs-quickstart"));
    const seen = (): Promise<unknown> =>
      page.evaluate(
        '[...document.querySelectorAll(".canvas")].map((each) => each.clientWidth > 0)',
      );
    const width = (): Promise<number> =>
      page.evaluate(
        'document.querySelector(".canvas.full svg").getBoundingClientRect().width',
      ) as Promise<number>;
    expect(await seen()).toEqual([true, false]);
    await page.click('label[for="view-Quick-full"]');
    expect(await seen()).toEqual([false, true]);
    const fitting = await width();
    expect(fitting).toBeLessThan(400);
    await page.click('[data-zoom="in"]');
    await page.click('[data-zoom="in"]');
    expect(await width()).toBeCloseTo(fitting * 1.69, 0);
    await page.click('[data-zoom="fit"]');
    expect(await width()).toBeCloseTo(fitting, 1);
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  test("the index is searched by every word", async () => {
    const { page } = await openPage(browser, 1280, "dark");
    await page.goto(address("index"));
    const rows = (): Promise<unknown> =>
      page.evaluate(
        '[...document.querySelectorAll("table.networks tbody tr")].filter((each) => !each.hidden).length',
      );
    const all = Number(await rows());
    expect(all).toBeGreaterThan(5);
    await page.type("#search", "resnet152 original");
    expect(await rows()).toBe(1);
    expect(await page.$eval("#found", (each) => each.textContent)).toBe(`1 of ${all}`);
    await page.close();
  }, 60_000);

  test("a name in a source leads to its declaration on another page", async () => {
    const { page } = await openPage(browser, 1280, "light");
    await page.goto(address("specs-resnet50"));
    await Promise.all([page.waitForNavigation(), page.click('.source a[href^="std-blocks"]')]);
    expect(page.url()).toContain("std-blocks.html#");
    expect(await page.$eval(":target", (each) => each.textContent)).toBe("Bottleneck");
    await page.close();
  }, 60_000);
});
