import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagramOf } from "../../src/api/diagram.js";
import { viewNames } from "../../src/diagram/diagram.js";
import { directions } from "../../src/diagram/direction.js";
import { svg } from "../../src/diagram/svg.js";
import { chromium, openBrowser, openPage } from "../report/browser.js";
import { network, networks } from "./networks.js";
import { contrast, pictureFaults, showPicture } from "./picture-faults.js";

if (chromium === undefined) {
  console.warn(
    "NOT TESTED: how pictures look, as there is no chromium; RESNETC_CHROMIUM names one",
  );
}

const groundColour = 'getComputedStyle(document.querySelector(".ground")).fill';

describe.skipIf(chromium === undefined)("a picture in a browser", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    ({ page } = await openPage(browser, 1280, "light"));
  }, 60_000);
  afterAll(() => browser.close());

  const cases = networks.flatMap(([name, graph]) =>
    viewNames.flatMap((view) =>
      directions.map((direction) => [name, view, direction, graph] as const),
    ),
  );

  test.each(cases)(
    "%s, %s, %s: nothing overlaps or is cut off",
    async (_name, view, direction, graph) => {
      await showPicture(page, svg(diagramOf(graph, view, false), { direction, theme: "light" }));
      expect(await pictureFaults(page)).toEqual([]);
    },
    60_000,
  );

  test("every block for itself, a picture of 150 layers", async () => {
    const diagram = diagramOf(network("ResNet152"), "full", true);
    await showPicture(page, svg(diagram, { direction: "down", theme: "light" }));
    expect(await pictureFaults(page)).toEqual([]);
  }, 60_000);

  test.each(["light", "dark"])("there is something to see, %s", async (theme) => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    const drawn = svg(diagramOf(network("ResNet18"), "stages"), {
      direction: "down",
      theme: "auto",
    });
    await showPicture(page, drawn);
    expect(await contrast(page)).toBeGreaterThan(12);
    // The ground is as light or dark as the reader's screen.
    const ground = await page.evaluate(groundColour);
    expect(ground).toBe(theme === "light" ? "rgb(255, 255, 255)" : "rgb(23, 27, 34)");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  });
});

describe.skipIf(chromium === undefined)("a picture that is broken is found", () => {
  let browser: Browser;
  let page: Page;
  const sound = svg(diagramOf(network("Quick"), "stages"), { direction: "down", theme: "light" });
  beforeAll(async () => {
    browser = await openBrowser();
    ({ page } = await openPage(browser, 1280, "light"));
  }, 60_000);
  afterAll(() => browser.close());

  const faultsOf = async (picture: string): Promise<string[]> => {
    expect(picture).not.toBe(sound);
    await showPicture(page, picture);
    return pictureFaults(page);
  };

  test("a text that is too long for its box", async () => {
    const faults = await faultsOf(sound.replace(">fc 4<", ">a text that is much too long for it<"));
    expect(faults).toContain("out of its box: a text that is much too long for it");
  });

  test("a box on another", async () => {
    const [first = ""] = /<rect class="box"[^>]*>/.exec(sound) ?? [];
    const [, y = ""] = / y="([\d.]+)"/.exec(first) ?? [];
    const lower = first.replace(`y="${y}"`, `y="${Number(y) + 30}"`);
    const faults = await faultsOf(sound.replace(first, lower));
    expect(faults.join("\n")).toContain("boxes overlap");
  });

  test("a line through a box", async () => {
    const [, path = ""] = /<path class="way" d="([^"]+)"\/>/.exec(sound) ?? [];
    const faults = await faultsOf(sound.replace(path, `${path}L20 2000M0 0`));
    expect(faults.join("\n")).toContain("outside the picture");
    const through = await faultsOf(sound.replace(path, path.replace(/ [\d.]+$/, " 600")));
    expect(through.join("\n")).toContain("a line goes through");
  });

  test("what is cut off", async () => {
    const cut = sound.replace(
      /(<svg[^>]* )width="\d+"( [^>]*viewBox="0 0 )\d+/,
      '$1width="150"$2' + "150",
    );
    expect((await faultsOf(cut)).join("\n")).toContain("outside the picture");
  });

  test("an empty picture", async () => {
    const empty = sound
      .replace(/<g class="stages">[\s\S]*<\/g>/, "")
      .replace(/<text[^>]*>[^<]*<\/text>/g, "");
    expect(await faultsOf(empty)).toContain("the picture is empty");
    expect(await contrast(page)).toBeLessThan(2);
  });
});
