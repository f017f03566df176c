import { describe, expect, test } from "vitest";
import { findings, read } from "./reading.js";

/** What the file declares, each with the kinds of what is in it. */
function outline(text: string): string[] {
  return read(text).unit.declarations.map((each) => {
    if (each.kind === "network") {
      return `network ${each.name.text}: ${each.items.map(({ kind }) => kind).join(" ")}`;
    }
    if (each.kind === "block") {
      return `block ${each.name.text}: ${each.body.steps.map(({ kind }) => kind).join(" ")}`;
    }
    if (each.kind === "train") {
      return `train ${each.name.text}: ${each.settings.map(({ key }) => key.text).join(" ")}`;
    }
    return each.kind;
  });
}

const spec = `network N {
  input 32x32x3
  stem {
    conv 3x3, 16 -> relu
  }
  stage one: 2 x B(16)
  head {
    globalavgpool
  }
}

block B(width) {
  residual {
    conv 3x3, width
  }
  shortcut project
}

train t for N {
  batch 1
}
`;
const whole = ["network N: input stem stage head", "block B: residual", "train t: batch"];

/** The spec without its n-th brace of a kind (from 0). */
function without(brace: "{" | "}", n: number): string {
  let count = 0;
  return spec.replace(/[{}]/g, (found) => (found === brace && count++ === n ? "" : found));
}

test("the spec itself is right", () => {
  expect(findings(spec)).toEqual([]);
  expect(outline(spec)).toEqual(whole);
});

describe("a closing brace that is missing", () => {
  test.each([
    [0, "3: R0105"],
    [1, "7: R0105"],
    [2, "1: R0105"],
    [3, "13: R0105"],
    [4, "12: R0105"],
    [5, "19: R0105"],
  ])("number %d is one finding, and everything is still read", (n, wanted) => {
    const text = without("}", n);
    expect(findings(text)).toEqual([`${wanted} this brace is never closed`]);
    expect(outline(text)).toEqual(whole);
  });
});

describe("an opening brace that is missing", () => {
  test.each([
    [0, 1],
    [1, 3],
    [2, 7],
    [3, 12],
    [4, 13],
    [5, 19],
  ])("number %d is one finding, and everything is still read", (n, line) => {
    const text = without("{", n);
    expect(findings(text)).toEqual([`${line}: R0101 expected \`{\`, found the end of the line`]);
    expect(outline(text)).toEqual(whole);
  });

  test("makes its declaration broken", () => {
    expect(read(without("{", 1)).unit.declarations.map(({ broken }) => broken)).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe("a brace too many", () => {
  test.each([
    ["behind a stem", spec.replace("  stage one", "  }\n  stage one"), 6],
    ["behind a network", spec.replace("\nblock", "}\nblock"), 11],
    ["at the end", `${spec}}\n`, 22],
    ["at the beginning", `}\n${spec}`, 1],
  ])("%s is one finding, and everything is still read", (_where, text, line) => {
    expect(findings(text)).toEqual([`${line}: R0106 this brace closes nothing`]);
    expect(outline(text)).toEqual(whole);
  });

  test("that opens is one finding", () => {
    const text = spec.replace("stem {", "stem { {");
    expect(findings(text)).toEqual(["3: R0105 this brace is never closed"]);
  });
});

test("the help says where the brace belongs", () => {
  const [found] = read(without("}", 0)).diagnostics;
  expect(found?.help?.text).toBe("it most likely ends with line 4: put a `}` there");
});

test("several braces missing are as many findings", () => {
  const text = spec.replace("relu\n  }", "relu").replace("pool\n  }", "pool");
  expect(findings(text)).toEqual([
    ...["3: R0105 this brace is never closed", "6: R0105 this brace is never closed"],
  ]);
  expect(outline(text)).toEqual(whole);
});
