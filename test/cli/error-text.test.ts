/** What went wrong, as a person reads it: within the terminal's width, in colours or without. */
import { expect, test } from "vitest";
import { errorText } from "../../src/cli/error-text.js";

const terminal = { width: 40 };

test("message and help are wrapped to the terminal", () => {
  const message = "specs/net.resnet cannot be written: it is read-only";
  const help = "give yourself the right to write it, or copy it";
  expect(errorText(message, help, terminal, false)).toBe(
    [
      "error: specs/net.resnet cannot be",
      "       written: it is read-only",
      "  = help: give yourself the right to",
      "          write it, or copy it",
      "",
    ].join("\n"),
  );
});

test("lines to be copied stand whole at the start of a line", () => {
  const copied = 'import torch; torch.save(torch.load("net.pth"), "other.pth")';
  expect(errorText("no", `do it in Python:\n${copied}`, terminal, false)).toBe(
    ["error: no", "  = help: do it in Python:", copied, ""].join("\n"),
  );
});

test("there may be no help", () => {
  expect(errorText("no GPU", undefined, terminal, false)).toBe("error: no GPU\n");
});

test("only the first line names the error, in red", () => {
  const text = errorText("specs/net.resnet cannot be written: it is read-only", "", terminal, true);
  expect(text.split("\n").map((line) => line.includes("\u001B[31m"))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("control characters are shown and not obeyed", () => {
  expect(errorText("no file a\u001B[2Jb", undefined, terminal, false)).not.toContain("\u001B");
});
