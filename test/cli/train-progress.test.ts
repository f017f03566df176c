/** What is printed of a run fits the terminal, and names what to run next. */
import { expect, it, test } from "vitest";
import { TextProgress } from "../../src/cli/train-progress.js";
import type { EpochRecord } from "../../src/train/history.js";
import { resnetc } from "./in-process-command.js";
import { quietTerminal } from "./quiet-terminal.js";

const record: EpochRecord = {
  epoch: 1,
  step: 40,
  rate: 0.1,
  trainLoss: 1.3571,
  trainAccuracy: 0.308,
  validationLoss: 1.132,
  validationAccuracy: 0.529,
  seconds: 1.1,
  imagesPerSecond: 2670,
  waiting: 0.114,
};

function epochLine(width: number): string {
  let out = "";
  const terminal = { ...quietTerminal((text) => void (out += text)), width };
  const none = { resume: [], evaluate: [], predict: [] };
  new TextProgress(terminal, () => none).event({ kind: "epoch", record });
  return out;
}

it("tells an epoch in one line where that fits, and in two where it does not", () => {
  const made = "epoch 1/0  loss 1.357  accuracy 30.8%  validation 1.132 52.9%";
  const took = "1.1 s, 2,670 images/s, 11.4% waiting for data";
  expect(epochLine(120)).toBe(`${made}  ${took}\n`);
  expect(epochLine(80)).toBe(`${made}\n           ${took}\n`);
});

it("tells a loss that has grown beyond reading by its power of ten", () => {
  let out = "";
  const terminal = { ...quietTerminal((text) => void (out += text)), width: 120 };
  const grown = { ...record, validationLoss: 9.6876749e34 };
  const none = { resume: [], evaluate: [], predict: [] };
  new TextProgress(terminal, () => none).event({ kind: "epoch", record: grown });
  expect(out).toContain("validation 9.69e+34 52.9%");
});

test("a run that is to go on without its spec is told how", async () => {
  const latest = await resnetc("train", "--resume");
  expect(latest.err).toContain("help: a run goes on by its spec: `resnetc train SPEC --resume`");
  const named = await resnetc("train", "--resume", "runs/mine");
  expect(named.err).toContain("`resnetc train SPEC --resume runs/mine`");
  expect(named.status).toBe(2);
});
