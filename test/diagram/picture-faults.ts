/** What is wrong with how a picture looks in a real browser: found in the boxes that the browser has drawn. */
import type { Page } from "puppeteer-core";
import sharp from "sharp";

/** Shows an SVG by itself, in a window of its size. */
export async function showPicture(page: Page, svg: string): Promise<void> {
  const [, width = "0", height = "0"] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  await page.setViewport({ width: Number(width), height: Number(height) });
  await page.setContent(`<!doctype html><body style="margin: 0; line-height: 0">${svg}</body>`);
}

/**
 * Texts that stand on each other, out of their boxes or on others', boxes that overlap, lines through boxes or
 * texts, and anything outside the picture.
 */
export function pictureFaults(page: Page): Promise<string[]> {
  return page.evaluate(faultsOfPicture) as Promise<string[]>;
}

/** Runs in the browser, and so takes nothing from around it. */
const faultsOfPicture = `(() => {
  const faults = [];
  const svg = document.querySelector("svg.resnetc-diagram");
  if (svg === null) return ["there is no picture"];
  const area = (element, less = 0) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left: left + less, right: right - less, top: top + less, bottom: bottom - less };
  };
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  const within = (a, b, most) =>
    a.left >= b.left - most && a.right <= b.right + most &&
    a.top >= b.top - most && a.bottom <= b.bottom + most;
  const whole = area(svg);
  const texts = [...svg.querySelectorAll("text")].map((element) => ({
    element,
    words: element.textContent,
    // The box of a line of text is higher than its letters.
    area: (() => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const less = (bottom - top) * 0.14;
      return { left, right, top: top + less, bottom: bottom - less };
    })(),
  }));
  const boxes = [...svg.querySelectorAll(".box, .merge")].map((element) => ({
    element,
    words: element.parentElement.querySelector("text")?.textContent ?? "",
    area: area(element),
  }));
  if (boxes.length < 3 || texts.length < 3) faults.push("the picture is empty");
  for (const each of [...texts, ...boxes]) {
    if (!within(each.area, whole, 0)) faults.push("outside the picture: " + each.words);
  }
  for (const element of svg.querySelectorAll("path, .frame")) {
    if (!within(area(element), whole, 0)) faults.push("a line or frame is outside the picture");
  }
  for (const { element, words, area: own } of boxes) {
    for (const text of element.parentElement.querySelectorAll("text")) {
      const found = texts.find((each) => each.element === text);
      if (!within(found.area, own, -1)) faults.push("out of its box: " + words);
    }
  }
  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      if (overlap(one.area, other.area)) faults.push(one.words + " stands on " + other.words);
    }
    for (const box of boxes) {
      if (box.element.parentElement.contains(one.element)) continue;
      if (overlap(one.area, box.area)) faults.push(one.words + " stands on the box " + box.words);
    }
  });
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      if (overlap(one.area, other.area)) faults.push("boxes overlap: " + one.words + ", " + other.words);
    }
  });
  const { left, top } = svg.getBoundingClientRect();
  const inner = boxes.map((box) => ({ words: box.words, area: area(box.element, 1.5) }));
  const letters = texts
    .filter(({ element }) => !element.closest("g > g"))
    .map(({ words, area }) => ({ words, area }));
  for (const path of svg.querySelectorAll("path.way")) {
    const bounds = area(path);
    const near = [...inner, ...letters].filter((each) => overlapOrTouch(bounds, each.area));
    const length = path.getTotalLength();
    for (let at = 0; at <= length && near.length > 0; at += 1.5) {
      const point = path.getPointAtLength(at);
      const [x, y] = [point.x + left, point.y + top];
      const hit = near.find(({ area: { left, right, top, bottom } }) => x > left && x < right && y > top && y < bottom);
      if (hit) {
        faults.push("a line goes through " + hit.words);
        break;
      }
    }
  }
  function overlapOrTouch(a, b) {
    return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
  }
  return [...new Set(faults)];
})()`;

/**
 * How much there is to see in a screenshot: the standard deviation of the grey values, of 255. A page of one colour
 * has none.
 */
export async function contrast(page: Page): Promise<number> {
  const png = await page.screenshot();
  const { channels } = await sharp(png).greyscale().stats();
  return channels[0]?.stdev ?? 0;
}
