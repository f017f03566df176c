/**
 * Tables of training steps on a GPU: images/s by batch with our kernels, with those of TensorFlow.js and, where it
 * is there, with PyTorch. Every figure comes from a process of its own.
 */
import { spawnSync } from "node:child_process";
import { series, tinySeries, type GpuJob, type Measured } from "./cases.js";

/** The word before a job for a process of its own. */
export const child = "measure";
/** What a process puts before its answer: engines may print. */
const mark = "@@";

export function answerOf(measured: Measured): string {
  return mark + JSON.stringify(measured);
}

export interface StepsOptions extends Pick<GpuJob, "device" | "seconds"> {
  /** The program that measures when it is given `child` and a job. */
  readonly script: string;
  /** The most that a figure may take, in seconds: some drivers compile shaders for long. */
  readonly limit: number;
  /** A Python with PyTorch for this GPU; and the script that measures it. */
  readonly pytorch?: { readonly python: string; readonly script: string };
  /** Sizes that a GPU in software gets through. */
  readonly tiny: boolean;
}

/** Whose steps are measured. @returns one line on why where they are not. */
interface Contender {
  readonly name: string;
  readonly measure: (job: Pick<GpuJob, "of" | "batch">) => Measured | string;
}

/** A table for every network. A batch that fails ends its column: larger ones would fail too. */
export function reportSteps(options: StepsOptions, say: (line: string) => void): void {
  const contenders = contendersOf(options);
  for (const { title, of, batches } of options.tiny ? tinySeries : series) {
    say(`\n## ${title}: training steps\n`);
    const head = [
      "batch",
      ...contenders.map(({ name }) => `images/s, ${name}`),
      ...contenders.slice(1).map(({ name }) => `ours / ${name}`),
      "until the first step, ours",
      ...contenders.filter(({ name }) => name !== stock).map(({ name }) => `GPU memory, ${name}`),
    ];
    say(`| ${head.join(" | ")} |`);
    say(`| ${head.map(() => "---").join(" | ")} |`);
    const failed = new Map<Contender, string>();
    for (const batch of batches) {
      const found = contenders.map((contender) => {
        if (failed.has(contender)) return undefined;
        const result = contender.measure({ of, batch });
        if (typeof result !== "string") return result;
        failed.set(contender, `batch ${batch}, ${contender.name}: ${result}`);
        return undefined;
      });
      const [ours] = found;
      const each = (tell: (measured: Measured, contender: number) => string): string[] =>
        found.map((measured, index) => (measured === undefined ? "-" : tell(measured, index)));
      const memory = each(({ megabytes }) => `${Math.round(megabytes)} MB`);
      const ratios = each(({ imagesPerSecond: other }) =>
        ours === undefined ? "-" : (ours.imagesPerSecond / other).toFixed(2),
      );
      const cells = [
        String(batch),
        ...each(({ imagesPerSecond }) => imagesPerSecond.toFixed(1)),
        ...ratios.slice(1),
        ours === undefined ? "-" : `${ours.secondsToFirst.toFixed(1)} s`,
        ...memory.filter((_, index) => contenders[index]?.name !== stock),
      ];
      say(`| ${cells.join(" | ")} |`);
    }
    for (const line of failed.values()) say(`\n${line}`);
  }
}

const stock = "stock kernels";

function contendersOf({ script, limit, pytorch, ...how }: StepsOptions): readonly Contender[] {
  const { device, seconds } = how;
  const inNode = (isStock: boolean): Contender["measure"] => {
    const more = { stock: isStock, seconds, ...(device !== undefined && { device }) };
    return (job) =>
      timeElsewhere(process.execPath, [script, child, JSON.stringify({ ...job, ...more })], limit);
  };
  const node = [
    { name: "ours", measure: inNode(false) },
    { name: stock, measure: inNode(true) },
  ];
  if (pytorch === undefined) return node;
  const measure: Contender["measure"] = ({ of, batch }) => {
    const job = { work: "train_on_gpu", model: of.name, batch, extent: of.extent, seconds };
    return timeElsewhere(pytorch.python, [pytorch.script, JSON.stringify(job)], limit);
  };
  return [...node, { name: "PyTorch", measure }];
}

/** @returns what was measured in a process of its own, or one line on why nothing was. */
function timeElsewhere(
  command: string,
  given: readonly string[],
  limit: number,
): Measured | string {
  const { stdout, stderr, status, signal, error } = spawnSync(command, given, {
    encoding: "utf8",
    timeout: limit * 1000,
  });
  const lines = (stdout ?? "").trim().split("\n");
  const line = lines.find((text) => text.startsWith(mark)) ?? `${mark}${lines.at(-1) ?? ""}`;
  if (status === 0) return JSON.parse(line.slice(mark.length)) as Measured;
  if (signal !== null) return `was given up after ${limit} s`;
  if (error !== undefined) return `does not start: ${error.message}`;
  const said = stderr.split("\n").filter((text) => /error: /i.test(text));
  return `ended with ${status}: ${(said.at(-1) ?? "").trim()}`;
}
