/** Training steps of resnetc's engines beside PyTorch's, and what odd sizes cost the engine onnx. */
import { table } from "../measure.js";
import { multiplyAdds, oddCases, resnet20, type Case } from "./cases.js";
import { engineContender, present, pytorchContender, type Machine } from "./contenders.js";
import {
  measureInTurn,
  peak,
  rates,
  ratioCells,
  speedRatio,
  type Contender,
  type Measured,
} from "./rounds.js";

export interface Effort {
  readonly rounds: number;
  /** Timed steps of one process; each case's own where left out. */
  readonly steps?: number;
}

const heading = ["images/s", "range", "x PyTorch", "range", "peak memory (MB)"];

/** One case by everyone who can; `wasm` only where it is not hopeless. */
export function benchCase(
  machine: Machine,
  of: Case,
  { rounds, steps = of.steps }: Effort,
): string {
  const repeats = { warmup: 2, steps };
  const pytorch = pytorchContender(machine, "train", of, repeats);
  const once = { warmup: 1, steps: Math.min(steps, 3), rounds: 1 };
  const contenders = present([
    engineContender(machine, "onnx", "train", of, repeats),
    pytorch,
    engineContender(machine, "node", "train", of, once),
    of === resnet20
      ? engineContender(machine, "wasm", "train", of, { ...once, steps: Math.min(steps, 2) })
      : undefined,
  ]);
  const measured = measureInTurn(contenders, rounds);
  checkParameters(measured);
  const rows = [...measured]
    .filter(([, timings]) => timings.length > 0)
    .map(([contender, timings]) => {
      const ratio =
        pytorch === undefined || contender === pytorch
          ? undefined
          : speedRatio(measured, contender, pytorch);
      const [rate, range] = rates(timings, of.batch);
      return [`  ${contender.name}`, rate, range, ...ratioCells(ratio), peak(timings)];
    });
  return table([[`training, ${of.title}`, ...heading], ...rows]);
}

/** @throws Error where two contenders did not train the same network. */
function checkParameters(measured: Measured): void {
  const counts = new Set([...measured.values()].flat().map(({ parameters }) => parameters));
  if (counts.size > 1) throw new Error(`the networks have ${[...counts].join(" and ")} parameters`);
}

/** A partial batch, or channels that fall into no blocks, beside the regular step. */
export function benchOddSizes(machine: Machine, { rounds, steps }: Effort): string {
  const contender = (of: Case): Contender | undefined => {
    const repeats = { warmup: 2, steps: steps ?? of.steps };
    const made = engineContender(machine, "onnx", "train", of, repeats);
    return made && { ...made, name: of.title };
  };
  const regular = contender({ ...resnet20, title: "batch 128, channels 16, 32, 64" });
  if (regular === undefined) return "LEFT OUT: odd sizes, for want of the engine onnx";
  const cases = new Map<Contender, Case>([[regular, resnet20]]);
  for (const of of oddCases) {
    const made = contender(of);
    if (made !== undefined) cases.set(made, of);
  }
  const measured = measureInTurn([...cases.keys()], rounds);
  const work = multiplyAdds(resnet20);
  const rows = [...measured]
    .filter(([, timings]) => timings.length > 0)
    .map(([one, timings]) => {
      const of = cases.get(one) ?? resnet20;
      const speed = speedRatio(measured, regular, one);
      const share = work / multiplyAdds(of);
      const cost = speed && {
        median: speed.median * share,
        least: speed.least * share,
        most: speed.most * share,
      };
      const [rate, range] = rates(timings, one.batch);
      return [
        `  ${one.name}`,
        rate,
        range,
        ...ratioCells(one === regular ? undefined : cost),
        peak(timings),
      ];
    });
  const title = "training on onnx, CIFAR ResNet-20 of odd sizes";
  const columns = [
    "images/s",
    "range",
    "x time per image and multiply-add",
    "range",
    "peak memory (MB)",
  ];
  return table([[title, ...columns], ...rows]);
}
