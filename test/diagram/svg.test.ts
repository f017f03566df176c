import { describe, expect, test } from "vitest";
import { diagramOf } from "../../src/api/diagram.js";
import { viewNames } from "../../src/diagram/diagram.js";
import { directions } from "../../src/diagram/direction.js";
import { svg } from "../../src/diagram/svg.js";
import { network } from "./networks.js";

describe("SVG", () => {
  test.each(
    ["Quick", "Everything", "Pyramid"].flatMap((name) =>
      viewNames.map((view) => [name, view] as const),
    ),
  )("%s, %s", async (name, view) => {
    const drawn = svg(diagramOf(network(name), view, false), { direction: "down", theme: "light" });
    await expect(drawn).toMatchFileSnapshot(`fixtures/${name.toLowerCase()}-${view}.svg`);
  });

  test.each(directions)("is the same every time, %s", (direction) => {
    const [first, second] = [0, 1].map(() =>
      svg(diagramOf(network("Pyramid"), "full"), { direction, theme: "auto" }),
    );
    expect(second).toBe(first);
  });

  test("can be read without being seen, and loads nothing", () => {
    const drawn = svg(diagramOf(network("ResNet18"), "stages"), {
      direction: "down",
      theme: "auto",
    });
    expect(drawn).toContain('role="img" aria-labelledby="diagram-title diagram-description"');
    expect(drawn).toContain('<title id="diagram-title">ResNet18, by its stages</title>');
    expect(drawn).toContain("stage conv3, 2 blocks of Basic(128), /2, gives 28x28x128");
    expect(drawn.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|url\(|@import|<script|<image|href/,
    );
  });

  test("a network of 200 blocks a stage stays small where equal blocks are one", () => {
    const small = diagramOf(network("ResNet110"), "stages");
    expect(svg(small, { direction: "down", theme: "auto" }).length).toBeLessThan(40_000);
  });
});
