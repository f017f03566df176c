import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { buildPackage, spec, start, type Running } from "../cli/built-command.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { writeReport } from "../../src/report/write-report.js";
import { smallSubject, wholeRun } from "./small-account.js";
import { chromium, colourCount, layoutFaults, openBrowser, openPage } from "./browser.js";

const without = chromium === undefined ? " (SKIPPED: there is no chromium)" : "";

const built = buildPackage({ types: false });

const train = (cwd: string, ...given: string[]): Running => {
  const data = ["--data", "shapes(train: 96, validation: 32)", "--batch", "16"];
  return start(built, ["train", spec("quickstart.resnet"), ...data, ...given], { cwd });
};

describe.skipIf(chromium === undefined)(`a run in a browser${without}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** The address that a run prints. */
  async function addressOf({ child, ended }: Running): Promise<string> {
    let said = "";
    void ended.then(() => child.stderr?.emit("data", ""));
    while (child.exitCode === null) {
      const [chunk] = (await once(child.stderr as NodeJS.ReadableStream, "data")) as [Buffer];
      said += chunk.toString();
      const address = /live page: (\S+)/.exec(said)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error(`it ended without an address: ${said}`);
  }

  const textOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (element) => element.textContent ?? "");

  async function expectWholePage(page: Page): Promise<void> {
    expect(await page.$$eval(".chart.large .curve.batches", (all) => all.length)).toBe(2);
    expect(await page.$$eval(".chart.large .dot.validation", (all) => all.length)).toBe(4);
    expect(await page.$$eval(".chart.small .curve.plain", (all) => all.length)).toBe(4);
    const cells = await page.$$eval("table.matrix tbody td", (all) =>
      all.map(({ textContent }) => Number(textContent)),
    );
    expect(cells).toHaveLength(16);
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(32);
    await page.waitForFunction(
      "[...document.querySelectorAll('img')].every((image) => image.complete)",
      { timeout: 10_000 },
    );
    const pictures = await page.$$eval('[data-region="samples"] img', (all) =>
      all.map((image) => (image.complete ? image.naturalWidth : 0)),
    );
    expect(pictures).toEqual(Array.from({ length: 12 }, () => 32));
    expect(await page.$$eval("table.epochs tbody tr", (all) => all.length)).toBe(2);
    expect(await textOf(page, ".state")).toContain("Finished after 2 epochs");
  }

  test("the live page follows it to its end and stays; report.html holds the same", async () => {
    const cwd = await temporaryFolder();
    // A run this small may end before a browser under load has made a page.
    const { page, complaints } = await openPage(browser, 1280, "light");
    const running = train(cwd, "--epochs", "2", "--ui");
    await page.goto(await addressOf(running), { waitUntil: "domcontentloaded" });
    expect(await textOf(page, ".state")).toMatch(/Starting|Training|Validating/);
    const { status } = await running.ended;
    expect(status).toBe(0);
    await page.waitForSelector("#connection.ended", { timeout: 10_000 });
    expect(await textOf(page, "#connection")).toContain("The run has ended");
    await expectWholePage(page);
    expect(complaints).toEqual([]);

    const report = pathToFileURL(join(cwd, "runs", "quickstart", "report.html")).href;
    for (const theme of ["light", "dark"]) {
      for (const width of [1280, 400]) {
        const opened = await openPage(browser, width, theme);
        await opened.page.goto(report, { waitUntil: "load" });
        await expectWholePage(opened.page);
        expect(await colourCount(opened.page), `${theme}, ${width}`).toBeGreaterThan(30);
        expect(await layoutFaults(opened.page), `${theme}, ${width}`).toEqual([]);
        expect(opened.complaints).toEqual([]);
        await opened.page.close();
      }
    }
    for (const width of [1280, 400]) {
      await page.setViewport({ width, height: 900 });
      expect(await layoutFaults(page), `live, ${width}`).toEqual([]);
    }
    expect(await colourCount(page)).toBeGreaterThan(30);

    // Curves are read with the keyboard too.
    await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    expect(await textOf(page, ".tip")).toMatch(/epoch 2.*validation \d/);
    await page.keyboard.press("Escape");
    expect(await page.$eval(".tip", (tip) => tip.hasAttribute("hidden"))).toBe(true);

    // What looks for faults finds one.
    await page.$eval(".figures b", (figure) => (figure.textContent = "8".repeat(90)));
    expect(await layoutFaults(page)).not.toEqual([]);
    await page.close();
  });

  test("names as long as they like, and many of them, leave the layout whole", async () => {
    const folder = await temporaryFolder();
    const long = "a very long name of several words and_one_that_cannot_be_broken_anywhere_at_all";
    for (const count of [10, 100]) {
      const names = Array.from({ length: count }, (_, index) => `${index} ${long}`);
      const path = long.replaceAll(" ", "_");
      const subject = smallSubject(names, { describe: path, recipe: path });
      wholeRun(subject, `runs/${path}/${path}`, count);
      const file = join(folder, `${count}.html`);
      await writeReport(file, subject.account, subject.illustrator);
      for (const width of [1280, 400]) {
        const { page, complaints } = await openPage(browser, width, "light");
        await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
        expect(await layoutFaults(page), `${count} classes, ${width}`).toEqual([]);
        expect(complaints).toEqual([]);
        await page.close();
      }
    }
  });

  test("a run that is killed leaves its page, which says that the connection is lost", async () => {
    const cwd = await temporaryFolder();
    const running = train(cwd, "--epochs", "500", "--ui");
    const { page } = await openPage(browser, 1280, "light");
    await page.goto(await addressOf(running), { waitUntil: "domcontentloaded" });
    await page.waitForSelector("table.epochs", { timeout: 30_000 });
    running.child.kill("SIGKILL");
    await page.waitForSelector("#connection.lost", { timeout: 10_000 });
    expect(await textOf(page, "#connection")).toContain("The connection is lost");
    expect(await page.$$eval("table.epochs tbody tr", (all) => all.length)).toBeGreaterThan(0);
    await page.close();
  });
});

test("a port that is in use, and one that is none, are said in words", async () => {
  const cwd = await temporaryFolder();
  const other = createServer().listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const taken = await train(cwd, "--ui", String(port)).ended;
  expect(taken.stderr).toContain(`error: the live page cannot have port ${port}: it is in use`);
  expect(taken.status).toBe(2);
  const none = await train(cwd, "--ui", "high").ended;
  expect(none.stderr).toContain("error: `high` is no port for the live page");
  expect(none.status).toBe(2);
});
