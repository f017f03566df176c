/** What a profile says, as tables that fit the terminal and the sentences that follow from them. */
import type { ProfileReport } from "../api/profile.js";
import type { KindTime } from "../api/step-report.js";
import { wrap } from "../diagnostics/display-width.js";
import { bytes, counted, pace, percent } from "../diagnostics/numbers.js";
import { layOutTable, type Alignment } from "./table.js";
import { colorsFor, type Terminal } from "./terminal.js";

const mostNodes = 10;
const widest = 80;

export function printProfile(report: ProfileReport, { out, outColor, width }: Terminal): void {
  const colors = colorsFor(outColor);
  const paragraph = (text: string): void => {
    for (const line of wrap(text, Math.min(width, widest))) out(`${line}\n`);
  };
  const table = (rows: readonly (readonly string[])[], alignment: readonly Alignment[]): void => {
    const [head = "", ...body] = layOutTable(rows, alignment);
    out(`\n${colors.dim(head)}\n`);
    for (const line of body) out(`${line}\n`);
  };
  paragraph(headline(report));
  if (report.stages.length > 0) {
    const rows = report.stages.map(({ name, forward, backward, share, ...memory }) => [
      name,
      time(forward),
      time(backward),
      percent(share),
      ...memoryCells(memory),
    ]);
    const { unattributed } = report;
    const rest = ["not in a kernel", "", time(unattributed), share(report, unattributed), "", ""];
    const head = ["stage", "forward ms", "backward ms", "share", ...memoryTitles];
    table([head, ...rows, ...(unattributed > 0 ? [rest] : [])], figures(5));
    kindTable(report, table);
    const nodes = report.nodes
      .slice(0, mostNodes)
      .map((node) => [
        node.name,
        time(node.milliseconds),
        percent(node.share),
        rate(node.gigaflops),
        ...memoryCells(node),
      ]);
    table([["dearest nodes", "ms", "share", "GFLOP/s", ...memoryTitles], ...nodes], figures(5));
  }
  out("\n");
  for (const sentence of conclusions(report)) paragraph(sentence);
}

const memoryTitles = ["activations", "weights"];

function memoryCells({
  activationBytes,
  weightBytes,
}: Pick<ProfileReport, "activationBytes" | "weightBytes">): string[] {
  return [activationBytes, weightBytes].map((size) => (size === 0 ? "" : bytes(size)));
}

/** A name, and so many columns of figures. */
function figures(columns: number): readonly Alignment[] {
  return ["left", ...Array.from({ length: columns }, () => "right" as const)];
}

function headline({ network, engine, shape, parts, steps, ...report }: ProfileReport): string {
  const [batch, height, width] = shape;
  const divided = parts === 1 ? "" : ` in ${parts} parts`;
  return (
    `${network} on ${engine.name}, batch ${batch} of ${height}x${width}${divided}: a training step takes ` +
    `${time(report.stepMilliseconds)} ms (mean of ${counted(steps, "step")}), ` +
    `${pace(report.imagesPerSecond)} images/s, and the process ${bytes(report.peakBytes)} at its peak`
  );
}

function kindTable(
  { kinds }: ProfileReport,
  table: (rows: readonly (readonly string[])[], alignment: readonly Alignment[]) => void,
): void {
  const rows = kinds.map(({ kind, milliseconds, share: part, gigaflops, roofline }) => [
    kind,
    time(milliseconds),
    percent(part),
    rate(gigaflops),
    roofline === undefined ? "" : ofRoofline(roofline),
  ]);
  const head = ["kind of work", "ms", "share", "GFLOP/s", "of roofline"];
  table([head, ...rows], figures(4));
}

/** What the tables say, in sentences. */
function conclusions(report: ProfileReport): string[] {
  const { kinds, peaks, note, nodes, stepMilliseconds } = report;
  const kernels = kinds.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const said: string[] = [];
  if (report.sizeFrom !== undefined) {
    const [, height, width] = report.shape;
    said.push(
      `Images are ${height}x${width} by \`${report.sizeFrom}\` of ${report.recipe}; ` +
        "`--at` takes another size.",
    );
  }
  if (peaks !== undefined) {
    said.push(
      `The roofline is of what this engine was measured to do here: ${pace(peaks.gigaflops)} GFLOP/s in a ` +
        `large product of matrices, ${pace(peaks.gigabytes)} GB/s in a large sum.`,
    );
  }
  if (kinds.some(({ roofline = 0 }) => roofline > 1)) {
    said.push(
      "Over 100% means that the roofline is too low for this work: other programs had a share of the " +
        "machine while it was measured, or the work finds its numbers in caches, which are faster than a " +
        "large sum. Profile again while the machine is idle.",
    );
  }
  const convolutions = kinds.filter(({ kind }) => isConvolution(kind));
  const part = total(convolutions);
  if (nodes.length > 0) {
    said.push(
      part >= 0.5
        ? `The step is bound by its convolutions: ${percent(part)} of it${achieved(convolutions)}.`
        : `Convolutions are ${percent(part)} of the step${others(report)}.`,
    );
  }
  if (note !== undefined) said.push(`Note: ${note}.`);
  if (kernels > stepMilliseconds) {
    said.push(
      `Timed one by one, kernels take ${time(kernels)} ms together, more than the step, in which a device ` +
        "overlaps them (or other programs slowed them down); shares are of their sum.",
    );
  }
  return said;
}

/** The dearest of the other kinds of work, and the time between kernels. */
function others(report: ProfileReport): string {
  const dearest = report.kinds.find(({ kind }) => !isConvolution(kind));
  const said = dearest === undefined ? "" : `, ${dearest.kind} ${percent(dearest.share)}`;
  const { unattributed } = report;
  if (unattributed <= 0) return said;
  return `${said}, and ${share(report, unattributed)} of it is in no kernel`;
}

function isConvolution(kind: string): boolean {
  return kind.startsWith("convolution");
}

function achieved(kinds: readonly KindTime[]): string {
  if (kinds.every(({ roofline }) => roofline === undefined)) return "";
  // What only moves numbers about for a convolution does none of its work, and takes its time.
  const least = kinds.reduce((sum, each) => sum + (each.roofline ?? 0) * each.milliseconds, 0);
  const taken = kinds.reduce((sum, each) => sum + each.milliseconds, 0);
  return `, at ${ofRoofline(least / taken)} of the roofline`;
}

/** By how much it is over says nothing of the machine, only that the peaks are no limit for this work. */
function ofRoofline(part: number): string {
  return part > 1 ? "over 100%" : percent(part);
}

function total(kinds: readonly KindTime[]): number {
  return kinds.reduce((sum, { share: each }) => sum + each, 0);
}

function share({ stepMilliseconds }: ProfileReport, milliseconds: number): string {
  return percent(milliseconds / stepMilliseconds);
}

function time(milliseconds: number): string {
  if (milliseconds === 0) return "";
  return milliseconds.toFixed(milliseconds < 99.95 ? 1 : 0);
}

function rate(gigaflops: number | undefined): string {
  return gigaflops === undefined ? "" : gigaflops.toPrecision(3);
}
