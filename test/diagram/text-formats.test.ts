import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { beforeAll, describe, expect, test } from "vitest";
import { diagramOf } from "../../src/api/diagram.js";
import { itemsOf, viewNames } from "../../src/diagram/diagram.js";
import { dot } from "../../src/diagram/dot.js";
import { mermaid } from "../../src/diagram/mermaid.js";
import { mermaidFaults } from "./mermaid-faults.js";
import { network, networks } from "./networks.js";

const cases = networks.flatMap(([name, graph]) =>
  viewNames.map((view) => [name, view, diagramOf(graph, view, false)] as const),
);

describe("DOT", () => {
  let graphviz: Graphviz;
  beforeAll(async () => {
    graphviz = await Graphviz.load();
  });

  test.each(cases)("Graphviz lays %s out, in the view %s", (_name, _view, diagram) => {
    const svg = graphviz.layout(dot(diagram, "down"), "svg", "dot");
    const count = (what: string): number => svg.split(`class="${what}"`).length - 1;
    expect(count("node")).toBe(itemsOf(diagram.members).length);
    expect(count("edge")).toBe(diagram.links.length);
  });

  test("is the same every time", () => {
    const [first, second] = [0, 1].map(() => dot(diagramOf(network("Quick"), "full"), "right"));
    expect(second).toBe(first);
    expect(first).toMatchSnapshot();
  });
});

describe("Mermaid", () => {
  test.each(cases)("%s is well formed, in the view %s", (_name, _view, diagram) => {
    const text = mermaid(diagram, "down");
    expect(mermaidFaults(text)).toEqual([]);
    expect(text.match(/ (?:-->|-\.->)/g)?.length).toBe(diagram.links.length);
  });

  test("is the same every time", () => {
    expect(mermaid(diagramOf(network("Quick"), "stages"), "right")).toMatchSnapshot();
  });

  test("what is not well formed is found", () => {
    const text = mermaid(diagramOf(network("Quick"), "stages"), "down");
    expect(mermaidFaults(text.replace("n1 -->", "n1 -> "))).not.toEqual([]);
    expect(mermaidFaults(text.replace("  end\n", ""))).not.toEqual([]);
    expect(mermaidFaults(text.replace('n2["', 'n2["#quot;"'))).not.toEqual([]);
    expect(mermaidFaults(text.replace("n2 -->", "n999 -->"))).not.toEqual([]);
  });
});
