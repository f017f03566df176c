/** A real browser, headless, for what a person sees of a page: Debian's chromium, or $RESNETC_CHROMIUM. */
import { existsSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import sharp from "sharp";

const places = [process.env["RESNETC_CHROMIUM"], "/usr/bin/chromium"];

/** Undefined where there is none. */
export const chromium = places.find((place) => place !== undefined && existsSync(place));

export function openBrowser(): Promise<Browser> {
  if (chromium === undefined) throw new Error("there is no chromium");
  return puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A page, with everything that it complains of. */
export interface Watched {
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function openPage(browser: Browser, width: number, theme: string): Promise<Watched> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  return { page, complaints };
}

/** How many colours stand out in a picture of the whole page: one or two of a page that is blank. */
export async function colourCount(page: Page): Promise<number> {
  const png = await page.screenshot({ fullPage: true });
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Map<number, number>();
  for (let at = 0; at + 2 < data.length; at += 3) {
    // Sixteen levels of each.
    const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
    const colour = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 50).length;
}

/**
 * What is laid out wrongly: what stands out of the page or of its card, except where it can be scrolled
 * to, and texts that stand on each other.
 */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(faultsOfDocument) as Promise<string[]>;
}

/** Runs in the browser, and so takes nothing from around it. */
const faultsOfDocument = `(() => {
  const scrolled = ".scroll, .canvas, .source";
  const faults = [];
  const whole = document.documentElement;
  if (whole.scrollWidth > whole.clientWidth) {
    faults.push("the page is " + whole.scrollWidth + " wide of " + whole.clientWidth);
  }
  const words = (element) => element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility();
  };
  const texts = [...document.querySelectorAll("body *")].filter(
    (element) =>
      isSeen(element) &&
      !element.closest(".tip") &&
      [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""),
  );
  const boxes = texts.map((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    let { left, right, top, bottom } = range.getBoundingClientRect();
    // What is cut off is not seen.
    for (let each = element; each !== null; each = each.parentElement) {
      if (getComputedStyle(each).overflowX !== "hidden") continue;
      const cut = each.getBoundingClientRect();
      [left, right] = [Math.max(left, cut.left), Math.min(right, cut.right)];
      [top, bottom] = [Math.max(top, cut.top), Math.min(bottom, cut.bottom)];
    }
    return { element, box: { left, right, top, bottom } };
  });
  for (const { element, box } of boxes) {
    const card = element.closest("section");
    if (card === null || element.closest(scrolled + ", details:not([open])")) continue;
    const outer = card.getBoundingClientRect();
    if (box.left < outer.left - 1 || box.right > outer.right + 1 || box.bottom > outer.bottom + 1) {
      faults.push("stands out of its card: " + words(element));
    }
  }
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const [one, other] = [boxes[i], boxes[j]];
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (one.element.closest(scrolled) !== other.element.closest(scrolled)) continue;
      // Words of one paragraph flow around each other, whatever the boxes around all their lines.
      const isInline = ({ element }) => getComputedStyle(element).display === "inline";
      const parent = one.element.parentElement;
      if (parent === other.element.parentElement && isInline(one) && isInline(other)) continue;
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (width > 2 && height > 3) faults.push(words(one.element) + " stands on " + words(other.element));
    }
  }
  return faults;
})()`;
