/** JUnit's report is XML that a strict parser takes, and says back exactly what was put into it. */
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { junit } from "../../../src/diagnostics/formats/junit.js";
import { finding } from "../../../src/diagnostics/diagnostic.js";
import { files, hostile, outside } from "./found.js";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent?: Element;
  text: string;
}

/** The elements of a document, in order. @throws where it is not well-formed. */
function elementsOf(document: string): readonly Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const parent = open.at(-1);
    const element = { name, attributes, text: "", ...(parent && { parent }) };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on("closetag", () => open.pop());
  parser.write(document).close();
  return elements;
}

describe("a JUnit report", () => {
  const elements = elementsOf(junit(files));
  const named = (name: string): readonly Element[] => elements.filter((each) => each.name === name);
  const [dirty, clean] = named("testsuite");

  it("has a suite for each file, with its counts", () => {
    expect(elements[0]).toMatchObject({
      name: "testsuites",
      attributes: { tests: "5", failures: "3" },
    });
    expect(dirty?.attributes).toMatchObject({ name: hostile.path, tests: "4", failures: "3" });
    expect(clean?.attributes).toMatchObject({ name: "clean.resnet", tests: "1", failures: "0" });
    expect(named("testcase").filter(({ parent }) => parent === clean)).toHaveLength(1);
  });

  it("fails a case for each error and warning, and lets an info pass", () => {
    expect(named("failure").map(({ attributes }) => attributes["type"])).toEqual([
      "warning",
      "error",
      "error",
    ]);
    expect(named("system-out")).toHaveLength(1);
  });

  it("names the file of a finding that is in an imported one", () => {
    const imported = finding("R0301", "error", "m", outside.span(6, 7));
    const [, , testcase, failure] = elementsOf(
      junit([{ file: hostile.path, diagnostics: [imported] }]),
    );
    const place = "/elsewhere/std/blocks.resnet:1:7";
    expect(testcase?.attributes).toMatchObject({
      name: `R0301 at ${place}`,
      classname: hostile.path,
    });
    expect(failure?.text.split("\n")[0]).toBe(place);
  });

  it("keeps every character that XML can hold, and shows the others", () => {
    const [failure] = named("failure");
    expect(failure?.attributes["message"]).toBe('a "quoted" <message> & 100%, with: colons␇');
    expect(failure?.text).toContain("in one place\nof two lines");
  });
});

it.each(["<a>&</a>", '<a b="<"/>', "<a>\u0001</a>", "<a><b></a>"])(
  "is read by a parser that refuses %j",
  (text) => {
    expect(() => elementsOf(text)).toThrow();
  },
);
