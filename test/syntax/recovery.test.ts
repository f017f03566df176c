import { describe, expect, test } from "vitest";
import { catalog, type Code } from "../../src/diagnostics/catalog.js";
import { nestingLimit, operandLimit } from "../../src/syntax/parse.js";
import { findings, onlyFinding, read } from "./reading.js";

/** Lines that end in `//! message` are wrong; the rest is right. */
function expectMarked(text: string): void {
  const wanted = text.split("\n").flatMap((line, index) => {
    const mark = /\/\/! (.*)$/.exec(line)?.[1];
    return mark === undefined ? [] : [`${index + 1}: ${mark}`];
  });
  expect(findings(text)).toEqual(wanted);
}

describe("every mistake of a file is found, and nothing else", () => {
  test("five in a network", () => {
    expectMarked(`network N {
  input 32 x 32 //! R0101 expected \`where\` or a new line, found \`x\`
  stem { conv 3x3, 16 relu } //! R0101 expected \`,\`, \`->\` or a new line, found \`relu\`
  stage one 2 x B(16) //! R0101 expected \`:\`, found \`2\`
  stage two: 2 x B(16), /2
  hed { globalavgpool } //! R0101 expected \`head\`, found \`hed\`
  expect {
    params = 3 //! R0101 expected an operator or a new line, found \`=\`
    macs == 4
  }
}
`);
  });

  test("one in each of several declarations", () => {
    expectMarked(`import { A from "std/blocks" //! R0105 this brace is never closed
block B(width, { relu } //! R0101 expected a name, found \`{\`
block C(width) { relu }
network D = C 3) //! R0101 expected \`(\`, found \`3\`
train e D { //! R0101 expected \`for\`, found \`D\`
  batch 3
}
train f for D {
  batch //! R0101 expected a value or \`{ … }\`, found the end of the line
  epochs: 3 //! R0101 expected a value or \`{ … }\`, found \`:\`
  seed 1
}
`);
  });

  test("in chains within chains", () => {
    expectMarked(`block A {
  residual {
    conv 3x3 64 //! R0101 expected \`,\`, \`->\` or a new line, found \`64\`
    gate {
      dense 3,, true //! R0101 expected an argument, found \`,\`
      relu
    }
  }
  shortcut {
    -> relu //! R0101 expected an operation, found \`->\`
  }
  branches sum {
    { relu -> } //! R0101 expected an operation, found \`}\`
    { from 3 } //! R0101 expected a name, found \`3\`
  }
}
`);
  });

  test("inside braces that an item has opened itself", () => {
    expectMarked(`block A {
  branches sum { relu } //! R0101 expected \`}\`, found \`relu\`
  branches concat { { relu } 3 { relu } } //! R0101 expected \`}\`, found \`3\`
  relu relu relu //! R0101 expected \`,\`, \`->\` or a new line, found \`relu\`
}
import { A, 3 } from "x" //! R0101 expected a name, found \`3\`
block B { relu
  from 3 //! R0101 expected a name, found \`3\`
}
`);
  });

  test("with every kind of mistake", () => {
    expectMarked(`block A { //! R0105 this brace is never closed
  relu; //! R0102 \`;\` has no meaning here
  conv 3x3, $ //! R0102 \`$\` has no meaning here
  stem //! R0101 expected an operation, found \`stem\`, which is a word of the language
block B { relu }
} //! R0106 this brace closes nothing
import { C } from "open //! R0103 this text is not closed: its line ends before a second quote
`);
  });
});

describe("what is read in spite of a mistake", () => {
  test("what cannot be read stands in the chain as unreadable", () => {
    const text = "block A {\n  relu\n  conv 3x3 64\n  batchnorm\n}\n";
    const [declaration] = read(text).unit.declarations;
    expect(declaration).toMatchObject({
      broken: true,
      body: { steps: [{ kind: "call" }, { kind: "unreadable" }, { kind: "call" }] },
    });
  });

  test("the names of what cannot be read are known to be lost", () => {
    const { lost } = read("block A { relu }\nblock B C { relu }\nnetwork N { stage s 2 x A }\n");
    expect([...lost].sort()).toEqual(["A", "B", "C", "relu", "s"]);
  });

  test("only the declaration with the mistake is broken", () => {
    const { declarations } = read("block A { relu ) }\nblock B { relu }\n").unit;
    expect(declarations.map(({ broken }) => broken)).toEqual([true, false]);
  });

  test("a mistake on the last line of a file without a last line's end", () => {
    expect(findings("train a B { }")).toEqual(["1: R0101 expected `for`, found `B`"]);
  });
});

describe("limits", () => {
  const nested = (count: number): string =>
    `block A { conv ${"(".repeat(count)}1${")".repeat(count)} }`;

  test("of nesting", () => {
    expect(findings(nested(nestingLimit - 2))).toEqual([]);
    expect(findings(nested(nestingLimit))).toEqual([
      `1: R0104 brackets are nested ${nestingLimit + 1} deep, where ${nestingLimit} is the limit`,
    ]);
  });

  test("of indices in a row, which are of one another", () => {
    const indexed = (count: number): string => `block A { conv [1]${"[0]".repeat(count)} }`;
    expect(findings(indexed(nestingLimit - 2))).toEqual([]);
    expect(onlyFinding(indexed(nestingLimit - 1)).code).toBe("R0104");
    expect(findings(indexed(5000))).toEqual([
      `1: R0104 brackets are nested 5002 deep, where ${nestingLimit} is the limit`,
    ]);
    const apart = "[1][0], ".repeat(200);
    expect(findings(`block A { conv max(${apart}1) }`)).toEqual([]);
  });

  const long = (count: number): string => `block A { dense ${"1 + ".repeat(count - 1)}1 }`;

  test("of operands", () => {
    expect(findings(long(operandLimit))).toEqual([]);
    expect(onlyFinding(long(operandLimit + 2)).code).toBe("R0107");
  });
});

test("every code of the syntax comes up in these tests", () => {
  const samples: Partial<Record<Code, string>> = {
    R0101: "block",
    R0102: "block A { ; relu }",
    R0103: 'import { A } from "b',
    R0104: "{".repeat(100),
    R0105: "block A {",
    R0106: "}",
    R0107: `block A { dense ${"-".repeat(1000)}1 }`,
  };
  const codes = Object.keys(catalog).filter((code) => code.startsWith("R01"));
  expect(Object.keys(samples)).toEqual(codes);
  for (const [code, text] of Object.entries(samples)) expect(onlyFinding(text).code).toBe(code);
});
