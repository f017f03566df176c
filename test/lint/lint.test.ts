/** What runs when, and what comments take back. */
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import type { RuleSetting } from "../../src/lint/lint.js";
import { applyEdits, codesAndLines } from "../check/memory-host.js";
import { justRules, lintText } from "./lint-text.js";

const only = justRules("channel-multiple", "bias-before-batchnorm", "needless-projection");

const net = (stem: string, before = ""): string => `${before}network Net(classes = 10) {
  input 32x32x3
${stem}
  head classify { globalavgpool -> dense classes }
}
`;

const odd = "  stem { conv 3x3, 20 -> batchnorm -> relu }";
const wide = "  stem { conv 3x3, 24 -> batchnorm -> relu }";

function found(text: string, rules: Readonly<Record<string, RuleSetting>> = {}): string[] {
  return codesAndLines(lintText(text, { rules: { ...only, ...rules } }));
}

/** A text with every edit of the findings of one rule made. */
function mended(text: string, rule: string): string {
  const all = lintText(text, { rules: only }).filter(({ code }) => code === rule);
  const edits = all.flatMap(({ help }: Diagnostic) => help?.edits ?? []);
  return applyEdits(text, edits);
}

describe("a mend", () => {
  it("takes an argument out with its comma, wherever it stands among the others", () => {
    for (const given of ["bias: true, channels: 16", "channels: 16, bias: true"]) {
      const text = net(`  stem { conv 3x3, ${given} -> batchnorm -> relu }`);
      expect(mended(text, "bias-before-batchnorm")).toBe(
        net("  stem { conv 3x3, channels: 16 -> batchnorm -> relu }"),
      );
    }
    const first = net("  stem { conv bias: true, kernel: 3x3, channels: 16 -> batchnorm -> relu }");
    expect(mended(first, "bias-before-batchnorm")).toBe(
      net("  stem { conv kernel: 3x3, channels: 16 -> batchnorm -> relu }"),
    );
  });
});

describe("a mend of what another file writes", () => {
  const blocks = `block Basic(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm gamma: 0
  }
  shortcut project
  relu
}

block Plain(width) {
  residual { conv 3x3, width -> relu -> conv 3x3, width -> batchnorm }
  shortcut project
  relu
}
`;
  const user = `import { Basic, Plain } from "./blocks"

network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 2 x Basic(16)
  stage conv3: 1 x Plain(16)
  head classify { globalavgpool -> dense classes }
}
`;

  it.each(["missing-normalisation", "residual-zero-init"])("is not made: %s", (rule) => {
    const all = lintText(user, { rules: justRules(rule) }, { "blocks.resnet": blocks });
    const [told] = all.filter(({ code }) => code === rule);
    expect(told?.span?.file.path).toBe("spec.resnet");
    expect(told?.help?.text).toMatch(/batchnorm|gamma: 0/);
    expect(told?.help?.edits).toBeUndefined();

    const inPlace = user.replace(/^.*\n/, blocks);
    const [own] = lintText(inPlace, { rules: justRules(rule) }).filter(({ code }) => code === rule);
    expect(own?.help?.edits).toHaveLength(1);
  });
});

describe("the channels of a convolution", () => {
  it.each([
    ["3x3, 40, groups: 16", true],
    ["3x3, groups: 16, channels: 40", true],
    ["channels: 40, kernel: 3x3, groups: 16", true],
    ["channels: 40, 3x3, groups: 16", true],
    ["3x3, channels: 48, groups: 16", false],
    ["groups: 16, 3x3, 48", false],
  ])("are found wherever `conv %s` gives them", (given, isFound) => {
    const block = `block Unused { conv ${given} -> batchnorm -> relu }\n\n`;
    const all = lintText(net(wide, block), { rules: justRules("groups-divide-channels") });
    const codes = all.map(({ code }) => code);
    expect(codes).toEqual(isFound ? ["groups-divide-channels"] : []);
  });
});

describe("a finding", () => {
  it("is told by default, at its level, or not at all", () => {
    expect(found(net(odd))).toEqual(["channel-multiple:3"]);
    expect(found(net(odd), { "channel-multiple": { level: "off" } })).toEqual([]);
    const [info] = lintText(net(odd), {
      rules: { ...only, "channel-multiple": { level: "info" } },
    });
    expect(info?.severity).toBe("info");
  });

  it("follows the rule's options", () => {
    const by = (multiple: number) => ({ "channel-multiple": { options: { multiple } } });
    expect(found(net(odd), by(4))).toEqual([]);
    expect(found(net(wide), by(16))).toEqual(["channel-multiple:3"]);
  });

  it("of a rule that needs a graph is not looked for in a spec that does not check", () => {
    const broken = net(`${odd}\n  stage conv2: 2 x Nothing(16)`);
    expect(found(broken)).toEqual(["R0201:4"]);
  });

  it("of a rule of the syntax is, beside what the check found", () => {
    const stem = "  stem { conv 3x3, 20, bias: true -> batchnorm -> rellu }";
    expect(found(net(stem))).toEqual(["R0201:3", "bias-before-batchnorm:3"]);
  });
});

describe("a suppression", () => {
  it.each([
    ["on the line before", net(`  // resnetc-ignore channel-multiple: why\n${odd}`)],
    [
      "on the line before, with others between",
      net(`  // resnetc-ignore channel-multiple: why\n\n  // more\n${odd}`),
    ],
    ["behind it", net(`${odd} // resnetc-ignore channel-multiple: why`)],
    ["of the whole file", net(odd, "// resnetc-ignore-file channel-multiple: why\n\n")],
    [
      "with a colon in its reason",
      net(`  // resnetc-ignore channel-multiple: as: in the paper\n${odd}`),
    ],
    [
      "in a file with Windows' line ends",
      net(`  // resnetc-ignore channel-multiple: why\n${odd}`).replaceAll("\n", "\r\n"),
    ],
  ])("takes a finding back %s", (_where, text) => {
    expect(found(text)).toEqual([]);
  });

  it("takes back what it names alone, on its line alone", () => {
    const other = net(`  // resnetc-ignore needless-projection: why\n${odd}`);
    expect(found(other)).toEqual(["suppression-unused:3", "channel-multiple:4"]);
    const far = net(`${odd}\n  // resnetc-ignore channel-multiple: why`);
    expect(found(far)).toEqual(["channel-multiple:3", "suppression-unused:4"]);
  });

  it("is none as documentation", () => {
    expect(found(net(odd, "/// resnetc-ignore-file channel-multiple: why\n"))).toEqual([
      "channel-multiple:4",
    ]);
  });

  it("takes nothing back without a reason or a name", () => {
    expect(found(net(`  // resnetc-ignore channel-multiple\n${odd}`))).toEqual([
      "suppression-reason:3",
      "channel-multiple:4",
    ]);
    expect(found(net(`  // resnetc-ignore: why\n${odd}`))).toEqual([
      "suppression-reason:3",
      "channel-multiple:4",
    ]);
  });

  it("names no error of the compiler", () => {
    const text = net(`  // resnetc-ignore R0201: why\n  stem { conv 3x3, 24 -> rellu }`);
    expect(found(text)).toEqual(["R0201:4", "suppression-unknown:3"]);
  });

  it("is not unused while its rule is off, or did not run", () => {
    const text = net(`  // resnetc-ignore channel-multiple: why\n${wide}`);
    expect(found(text)).toEqual(["suppression-unused:3"]);
    expect(found(text, { "channel-multiple": { level: "off" } })).toEqual([]);
    expect(found(text.replace("relu", "rellu"))).toEqual(["R0201:4"]);
  });

  it("that is unused is taken out, with its line where that is all there is", () => {
    const rule = "suppression-unused";
    const line = "  // resnetc-ignore channel-multiple: why\n";
    expect(mended(net(`${line}${wide}`), rule)).toBe(net(wide));
    expect(mended(net(`${wide} // resnetc-ignore channel-multiple: why`), rule)).toBe(net(wide));
    const both = "  // resnetc-ignore needless-projection, channel-multiple: why\n";
    expect(mended(net(`${both}${odd}`), rule)).toBe(net(`${line}${odd}`));
    const turned = "  // resnetc-ignore channel-multiple, needless-projection: why\n";
    expect(mended(net(`${turned}${odd}`), rule)).toBe(net(`${line}${odd}`));
  });

  it("that is misspelt is corrected", () => {
    const text = net(`  // resnetc-ignore chanel-multiple: why\n${odd}`);
    expect(mended(text, "suppression-unknown")).toBe(
      net(`  // resnetc-ignore channel-multiple: why\n${odd}`),
    );
  });
});
