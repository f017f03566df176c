/** An input that is written otherwise, and what speaks of its sizes where it cannot. */
import { describe, expect, test } from "vitest";
import { checkText, found, mended } from "./memory-host.js";

const withInput = (input: string): string => `
network U {
  input ${input}
  stem { conv 3x3, 8, /2 -> relu }
  head mask { conv 1x1, 1 }
}
`;
const expecting = (expectation: string): string =>
  withInput("[H, W, 3] where H % 48 == 0, W % 4 == 0").replace(
    /}\n$/,
    `  expect { ${expectation} }\n}\n`,
  );

describe("an expectation that speaks of sizes of the input", () => {
  test.each([
    ["output == [H / 2, W / 2, 1]", "output(at: 96x64) == 48x32x1"],
    ["output(mask) == [H, W, 1]", "output(mask, at: 96x64) == 48x32x1"],
    ["output(at: [H, W]) == 32x32x1", "output(at: 96x64) == 48x32x1"],
    ["macs <= 2000 * H * W", "macs(at: 96x64) <= 344_064"],
    ["params == H", "params == 224"],
  ])("%s", (written, instead) => {
    const [first, ...more] = found(expecting(written));
    expect(more).toEqual([]);
    expect(first?.code).toBe("R0201");
    expect(first?.help?.text).toBe(
      `the sizes of the input are no values in an expectation: write \`${instead}\``,
    );
    expect(mended(expecting(written))).toBe(expecting(written));
    expect(mended(expecting(written), { unsafe: true })).toBe(expecting(instead));
  });

  test("a size that a measure lacks is one that the network takes", () => {
    expect(mended(expecting("macs <= 10G"))).toBe(expecting("macs(at: 240x224) <= 10G"));
  });
});

test.each(["[H, H / 2, 3]", "[H, 2 * W, 3]", "[max(S, 32), S, 3]"])(
  "no size is computed of another: %s",
  (input) => {
    const [first, ...more] = found(withInput(input));
    expect(more).toEqual([]);
    expect(first?.code).toBe("R0212");
    expect(first?.help?.text).toBe(
      "no size of an input is computed of another: `[H, W, 3]` gives each a name, and `[S, S, 3]` both one",
    );
  },
);

test("a parameter that is misspelt is one all the same", () => {
  const text = withInput("[sise * 2, size * 2, 3]").replace("U {", "U(size = 16) {");
  expect(found(text)[0]?.help?.text).toBe("did you mean `size`?");
});

test("a letter is not near to another", () => {
  const { diagnostics } = checkText("block B(c) { conv 3x3, d }\n");
  expect(diagnostics.map(({ help }) => help)).toEqual([undefined]);
});
