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

describe("a shape as it is written elsewhere is mended", () => {
  test.each([
    ["HxWx3", "[H, W, 3]", "sizes that have names stand in brackets"],
    ["[3, H, W]", "[H, W, 3]", "channels come last"],
    ["[N, 3, H, W]", "[H, W, 3]", "channels come last, and an input has no batch"],
    ["[N, H, W, 3]", "[H, W, 3]", "an input has no batch"],
    ["1x3x224x224", "224x224x3", "channels come last, and an input has no batch"],
    ["[None, None, 3]", "[H, W, 3]", "a size that may be any has a name"],
    ["[-1, 224, 3]", "[H, 224, 3]", "a size that may be any has a name"],
    ["[?, ?, 3]", "[H, W, 3]", "a size that may be any has a name"],
  ])("%s", (written, own, why) => {
    const [first, ...more] = found(withInput(written));
    expect(more).toEqual([]);
    expect(first?.help?.text).toBe(`${why}: \`${own}\``);
    expect(mended(withInput(written))).toBe(withInput(own));
  });

  test.each([
    ["[H, ?, 3]", "[H, W, 3]"],
    ["[224, ?, 3]", "[224, W, 3]"],
    ["[?, H, 3]", "[Height, H, 3]"],
    ["[3, ?, ?]", "[H, W, 3]"],
    ["[?, 3, ?, ?]", "[H, W, 3]"],
    ["[?, ?, ?, 3]", "[H, W, 3]"],
  ])("a question mark is named by its axis: %s", (written, own) => {
    expect(mended(withInput(written))).toBe(withInput(own));
  });

  test.each(["[3, ?, 224]", "[3, None, 224]", "[?x?x3]", "[1, H, // odd\n    W, 3]"])(
    "what may be channels first, or holds more than sizes, is mended by nobody: %s",
    (written) => {
      expect(mended(withInput(written))).toBe(withInput(written));
    },
  );

  test("no question mark takes the name of a parameter, nor stands for channels", () => {
    const text = withInput("[?, ?, 3]").replace("U {", "U(H = 32, Height = 32) {");
    expect(mended(text)).toBe(text.replace("[?, ?, 3]", "[H1, W, 3]"));
    const [first] = found(withInput("[?, 32, ?]"));
    expect(first?.help?.edits?.map((each) => each.text)).toEqual(["H"]);
    expect(found(withInput("[32, 32, ?]"))[0]?.help?.edits).toBeUndefined();
  });

  test("a size that may be any takes no parameter's name", () => {
    const text = withInput("[None, None, 3]").replace("U {", "U(H = 32, W = 32, Width = 32) {");
    expect(mended(text)).toBe(text.replace("None, None", "Height, W1"));
  });

  test.each([
    ["16x112x112x3", "112x112x3"],
    ["[D, H, W, 1]", "[H, W, 1]"],
    ["[3, H, W, 3]", "[H, W, 3]"],
    ["[1, 3, 32, 3]", "3x32x3"],
    ["64x3x32x32", "32x32x3"],
  ])("what may be no batch is left out where that is asked for: %s", (written, own) => {
    expect(mended(withInput(written))).toBe(withInput(written));
    expect(mended(withInput(written), { unsafe: true })).toBe(withInput(own));
  });

  test.each(["[32, 32, 3, 1]", "32x32x3x1", "[1, H, 3, 3]"])("or told: %s", (written) => {
    const [first, ...more] = found(withInput(written));
    expect(more).toEqual([]);
    expect(first?.help).toEqual({ text: "an input is height, width and channels alone" });
  });

  test("but not one that may be meant", () => {
    const text = withInput("[4, W, channels]").replace("U {", "U(channels = 3) {");
    expect(found(text.replace(", /2", ""))).toEqual([]);
  });
});

describe("a condition that is none is mended", () => {
  test.each([
    ["h % 2 == 0", "H % 2 == 0", "did you mean `H`?"],
    ["16 <= H <= 64", "16 <= H, H <= 64", "these are two conditions: `16 <= H, H <= 64`"],
    [
      "32 < H && 8 <= W < 64",
      "32 < H && 8 <= W, W < 64",
      "these are two conditions: `8 <= W, W < 64`",
    ],
  ])("%s", (written, own, help) => {
    const text = withInput(`[H, W, 3] where ${written}`);
    expect(found(text).map((each) => each.help?.text)).toEqual([help]);
    expect(mended(text)).toBe(withInput(`[H, W, 3] where ${own}`));
  });

  test.each([
    ["H == W", "for square inputs write one name twice: [H, H, …]"],
    ["H >= W", "a size is compared with a number, and never with another: H >= 32"],
    ["H == 2 * W", "a size is compared with a number, and never with another: H >= 32"],
    ["height > 3", "limit H or W by a number, such as H % 32 == 0"],
  ])("or told: %s", (written, help) => {
    const text = withInput(`[H, W, 3] where ${written}`);
    expect(found(text).map((each) => each.help?.text)).toEqual([help]);
    expect(mended(text)).toBe(text);
  });
});
