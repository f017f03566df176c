/**
 * Trains ResNet-20 on CIFAR-10 by the recipe of the paper until it is past an accuracy, and tells of it; or, to
 * try the script itself, the quickstart's network for an epoch.
 */
import { trainSpec } from "../../src/api/train.js";
import { counted } from "../../src/diagnostics/numbers.js";

export interface Learning {
  /** A folder of CIFAR's binaries, or of images. */
  readonly data: string;
  readonly device: string | undefined;
  /** Of the images that are held back. */
  readonly accuracy: number;
  readonly minutes: number;
  readonly folder: string;
  /** What a GPU in software gets through: the quickstart's network, of four classes. */
  readonly tiny: boolean;
}

const resnet20 = "specs/resnet-cifar10.resnet#ResNet20";
const quickstart = "specs/quickstart.resnet";

/** @param row takes a line of a Markdown table as an epoch ends. @returns one sentence on the end. */
export async function learn(
  { data, device, accuracy, minutes, folder, tiny }: Learning,
  row: (line: string) => void,
): Promise<string> {
  const stop = new AbortController();
  const began = performance.now();
  let said = "the recipe's last epoch was reached";
  row("| epoch | rate | loss | train | test | images/s | waiting for data | minutes |");
  row("| --- | --- | --- | --- | --- | --- | --- | --- |");
  const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
  const { outcome, epoch } = await trainSpec(tiny ? quickstart : resnet20, {
    recipeName: tiny ? "quickstart" : "resnet20",
    engine: "webgpu",
    device,
    data,
    ...(tiny && { recipe: { epochs: 1, batch: 8 } }),
    folder,
    signal: stop.signal,
    onEvent: (event) => {
      const spent = (performance.now() - began) / 60_000;
      if (spent > minutes && !stop.signal.aborted) {
        said = `${minutes} minutes were over`;
        stop.abort();
      }
      if (event.kind !== "epoch") return;
      const { epoch, rate, trainLoss, trainAccuracy, validationAccuracy } = event.record;
      const cells = [
        epoch,
        rate,
        trainLoss.toFixed(3),
        percent(trainAccuracy),
        validationAccuracy === undefined ? "" : percent(validationAccuracy),
        (event.record.imagesPerSecond ?? 0).toFixed(1),
        percent(event.record.waiting ?? 0),
        spent.toFixed(1),
      ];
      row(`| ${cells.join(" | ")} |`);
      if (validationAccuracy !== undefined && validationAccuracy > accuracy) {
        said = `the test accuracy is past ${percent(accuracy)}`;
        stop.abort();
      }
    },
  });
  return `Ended after ${counted(epoch, "epoch")} (${outcome}): ${said}.`;
}
