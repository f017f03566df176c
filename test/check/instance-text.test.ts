import { describe, expect, test } from "vitest";
import { checkText } from "./memory-host.js";

/** How the stages of a network of blocks read. */
function stages(items: string, parameters = "", at = "8x8x3", instance?: string): string[] {
  const text = `import { Basic, Basic as Own } from "std/blocks"
block Plain(width, stride = 1, kernel = 3x3, widths = [1, 2], name = "", option = none) {
  residual { conv kernel, width, /stride } shortcut option
}
network N${parameters} {
  input ${at}
${items}
  head h { globalavgpool -> dense 2 }
}
${instance ?? ""}`;
  const { networks, diagnostics } = checkText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return (networks.at(-1)?.graph?.regions ?? []).flatMap(({ block }) => block ?? []);
}

const one = (call: string, parameters?: string, instance?: string): string | undefined =>
  stages(`  stage s: ${call}`, parameters, "8x8x3", instance)[0];

describe("a stage's block", () => {
  test.each([
    ["Basic(8)", "Basic(8)"],
    ["2 x Basic(8), /2", "Basic(8), /2"],
    ["Basic( 8,\n  option: project )", "Basic(8, option: project)"],
    ["Plain(2 * 4, kernel: 1x1)", "Plain(2 * 4, kernel: 1x1)"],
    ["Plain(8, stride: 2)", "Plain(8, stride: 2)"],
    ["Own(8)", "Own(8)"],
    ["conv 3x3, 8, /2", "conv 3x3, 8, /2"],
    ["relu", "relu"],
  ])("without parameters is as it is written: %s", (call, text) => {
    expect(one(call)).toBe(text);
  });

  test.each([
    ["Basic(w)", "(w = 8)", "Basic(8)"],
    ["Basic(w * 2, option: o)", "(w = 8, o = pad)", "Basic(16, option: pad)"],
    ["Basic(w, option: o)", "(w = 8, o = project always)", "Basic(8, option: project always)"],
    ["Plain(ws[1], kernel: k)", "(ws = [4, 8], k = 5x5)", "Plain(8, kernel: 5x5)"],
    ["Plain(max(w, 4), widths: ws)", "(w = 8, ws = [3, w])", "Plain(8, widths: [3, 8])"],
    ["Plain(8, name: n)", '(n = "a")', 'Plain(8, name: "a")'],
    ["Plain(8, widths: [w, 9])", "(w = 8)", "Plain(8, widths: [8, 9])"],
    ["2 x Basic(8), /s", "(s = 2)", "Basic(8), /2"],
    ["B(8, option: o)", "(B = Basic, o = pad)", "Basic(8, option: pad)"],
    ["conv k, w, /s", "(k = 3x3, w = 8, s = 2)", "conv 3x3, 8, /2"],
  ])("has the values of parameters: %s of N%s", (call, parameters, text) => {
    expect(one(call, parameters)).toBe(text);
  });

  test.each([
    ["Basic(w, option: o)", "(w = 8, o = project)", "Basic(8)"],
    ["Plain(8, kernel: k, widths: ws)", "(k = 3x3, ws = [1, 2])", "Plain(8)"],
    ["Basic(8), /s", "(s = 1)", "Basic(8)"],
  ])("leaves a parameter out whose value is the default: %s of N%s", (call, parameters, text) => {
    expect(one(call, parameters)).toBe(text);
  });

  test("is of the instance", () => {
    const family = "(B, w, o = project)";
    const of = (call: string): string | undefined =>
      one("3 x B(w, option: o), /2", family, `network M = N(${call})`);
    expect(of("Basic, 4")).toBe("Basic(4), /2");
    expect(of("Plain, 16, o: pad")).toBe("Plain(16, option: pad), /2");
  });

  test("keeps a long list short", () => {
    const list = `[${Array.from({ length: 30 }, (_, index) => index + 1).join(", ")}]`;
    expect(one("Plain(8, widths: ws)", `(ws = ${list})`)).toBe(
      "Plain(8, widths: [1, 2, 3, 4, 5, 6, 7, 8, …])",
    );
  });
});
