import sharp from "sharp";
import { expect, test } from "vitest";
import { diagramOf, pictureSize } from "../../src/api/diagram.js";
import { svg } from "../../src/diagram/svg.js";
import { longestSide, rasterise } from "../../src/pages/raster.js";
import { network } from "../diagram/networks.js";

const draw = (name: string, view: "stages" | "full"): string =>
  svg(diagramOf(network(name), view), { direction: "down", theme: "light" });

test("a PNG has two pixels for each of the picture, and shows something", async () => {
  const drawn = draw("Quick", "stages");
  const { width, height } = pictureSize(drawn);
  const png = await rasterise(drawn, { width, height });
  const image = sharp(png);
  expect(await image.metadata()).toMatchObject({
    format: "png",
    width: 2 * width,
    height: 2 * height,
  });
  const { channels } = await image.greyscale().stats();
  expect(channels[0]?.stdev).toBeGreaterThan(12);
});

test("a long picture is drawn smaller", async () => {
  const drawn = draw("ResNet50", "full");
  const png = await rasterise(drawn, pictureSize(drawn));
  const { height } = await sharp(png).metadata();
  expect(height).toBeLessThanOrEqual(longestSide + 1);
}, 60_000);
