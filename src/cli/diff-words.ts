/** The words and numbers of a comparison, one way for the terminal and for Markdown. */
import type { CheckpointFit } from "../api/diff-checkpoint.js";
import type { DiffFilesReport, FileDiff } from "../api/diff-files.js";
import type { NetworkComparison } from "../compare/compare.js";
import type { Quantities } from "../compare/quantities.js";
import type { WeightFit } from "../compare/weights.js";
import { printSees } from "../graph/receptive-field.js";
import { bracketed, listed } from "../diagnostics/lists.js";
import { bytes, counted, grouped, scaled } from "../diagnostics/numbers.js";

/** One measure of the whole network: its name, both values, and the difference in words. */
export type MeasureRow = readonly [name: string, before: string, after: string, change: string];

/** `ResNet18`, or `ResNet18 -> ResNet34`. */
export function nameText({ name: { before, after } }: NetworkComparison): string {
  return before === after ? after : `${before} -> ${after}`;
}

/** The measures of two networks, all of them. */
export function measureRows(comparison: NetworkComparison): readonly MeasureRow[] {
  const { input, sizes, heads, whole } = comparison;
  const { before, after } = whole;
  const isSymbolic = sizes.before.length + sizes.after.length > 0;
  const sizesOf = (all: readonly string[]): string => (all.length === 0 ? "one" : all.join(", "));
  return [
    row("input", input.before, input.after),
    ...(isSymbolic ? [row("sizes", sizesOf(sizes.before), sizesOf(sizes.after))] : []),
    ...heads.map(({ name, before: was, after: is }): MeasureRow => {
      const change = was === undefined ? "added" : is === undefined ? "removed" : mark(was, is);
      return [`head ${name}`, was ?? "-", is ?? "-", change];
    }),
    [
      "parameters",
      grouped(before.parameters),
      grouped(after.parameters),
      difference(before.parameters, after.parameters, grouped),
    ],
    [
      "mult-adds",
      optional(before.macs, scaled),
      optional(after.macs, scaled),
      difference(before.macs, after.macs, scaled),
    ],
    [
      "activations",
      optional(before.memory, bytes),
      optional(after.memory, bytes),
      difference(before.memory, after.memory, bytes),
    ],
    ["field", printSees(before.field), printSees(after.field), fieldDifference(before, after)],
  ];
}

function row(name: string, before: string, after: string): MeasureRow {
  return [name, before, after, mark(before, after)];
}

function mark(before: string, after: string): string {
  return before === after ? "" : "changed";
}

function optional(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? "?" : text(value);
}

/** `+512 (+0.1%)`; nothing where both are the same. */
export function difference(
  before: number | undefined,
  after: number | undefined,
  text: (value: number) => string,
): string {
  if (before === undefined || after === undefined || before === after) return "";
  const more = after - before;
  const sign = more > 0 ? "+" : "-";
  if (before === 0) return `${sign}${text(Math.abs(more))}`;
  const share = (100 * more) / before;
  const size = Math.abs(share);
  const percent =
    size >= 999.5
      ? `x ${(after / before).toFixed(1)}`
      : `${sign}${size.toFixed(size < 9.95 ? 1 : 0)}%`;
  return `${sign}${text(Math.abs(more))} (${percent})`;
}

/**
 * A difference without its share, for narrow columns; a part that is not there counts for nothing, and `?` stands
 * where the value is not known.
 */
export function partDifference(
  {
    before,
    after,
  }: { readonly before: Quantities | undefined; readonly after: Quantities | undefined },
  of: (quantities: Quantities) => number | undefined,
  text: (value: number) => string,
): string {
  const [was, is] = [before ? of(before) : 0, after ? of(after) : 0];
  if (was === undefined || is === undefined) return "?";
  return was === is ? "" : `${is > was ? "+" : "-"}${text(Math.abs(is - was))}`;
}

function fieldDifference({ field: before }: Quantities, { field: after }: Quantities): string {
  if (before === "all" || after === "all") return mark(printSees(before), printSees(after));
  const [more, wide] = [after[0] - before[0], after[1] - before[1]];
  if (more !== wide) return "changed";
  return more === 0 ? "" : `${more > 0 ? "+" : ""}${more}`;
}

/** `a -> b`, or the one of them where they are the same or one is not there. */
export function arrow(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after) return after ?? before ?? "";
  return `${before} -> ${after}`;
}

const namesShown = 4;

/** Tensors by what all of a block's have in common: `conv2.block3 (10 tensors)`, `conv3.block1.shortcut (5 tensors)`. */
function places(tensors: readonly string[]): readonly string[] {
  const groups = new Map<string, { readonly common: string[]; count: number }>();
  for (const name of tensors) {
    const operation = name.split(".").slice(0, -1);
    const block = /^.*?\.block\d+(?=\.)/.exec(name)?.[0] ?? operation.join(".");
    const group = groups.get(block) ?? { common: operation, count: 0 };
    const differs = group.common.findIndex((part, index) => part !== operation[index]);
    const common = differs < 0 ? group.common : group.common.slice(0, differs);
    groups.set(block, { common, count: group.count + 1 });
  }
  return [...groups.values()].map(
    ({ common, count }) => `${common.join(".")} (${counted(count, "tensor")})`,
  );
}

/** Names by the part of them that is another: `conv3 is now res3 (35 tensors)`. */
function renamedPlaces(renamed: WeightFit["renamed"]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { before, after } of renamed) {
    const [was, is] = [before.split("."), after.split(".")];
    while (was.length > 1 && is.length > 1 && was.at(-1) === is.at(-1)) {
      was.pop();
      is.pop();
    }
    const words = `${was.join(".")} is now ${is.join(".")}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${words} (${counted(count, "tensor")})`);
}

/** What becomes of a checkpoint: the verdict as a sentence, and the reasons. */
export interface WeightWords {
  readonly verdict: string;
  readonly reasons: readonly string[];
}

/** Of any checkpoint of the first network. */
export function weightWords(name: string, fit: WeightFit): WeightWords {
  const { verdict, fitting, tensors, reshaped, missing, unknown, renamed, otherMeaning } = fit;
  const count = `${grouped(fitting)} of ${counted(tensors, "tensor")}`;
  const said = {
    loads: `A checkpoint of ${name} loads: all ${counted(tensors, "tensor")} fit.`,
    partly: `A checkpoint of ${name} loads partly: ${count} fit, and \`train --weights\` takes them.`,
    breaks: `A checkpoint of ${name} breaks: ${count} ${fitting === 1 ? "fits" : "fit"}.`,
  };
  const heads = reshaped.filter(({ head }) => head && verdict === "partly");
  const others = reshaped.filter((each) => !heads.includes(each));
  const reasons = [
    ...heads
      .slice(0, namesShown)
      .map(
        ({ name: key, before, after }) =>
          `${key} starts fresh: ${bracketed(before)} there, ${bracketed(after)} here`,
      ),
    ...others
      .slice(0, namesShown)
      .map(
        ({ name: key, before, after }) =>
          `${key} is ${bracketed(before)} there, ${bracketed(after)} here`,
      ),
    ...(others.length > namesShown
      ? [`${grouped(others.length - namesShown)} more are of another shape`]
      : []),
    ...(missing.length > 0 ? [`missing there: ${listed(places(missing), namesShown)}`] : []),
    ...(unknown.length > 0
      ? [`not in the network any more: ${listed(places(unknown), namesShown)}`]
      : []),
    ...(renamed.length > 0
      ? [`the same weights under another name: ${listed(renamedPlaces(renamed), namesShown)}`]
      : []),
    ...(otherMeaning.length > 0
      ? [
          `${listed(otherMeaning, namesShown)} ${otherMeaning.length === 1 ? "computes" : "compute"} something else ` +
            "with the weights: `--weights` takes them, `--checkpoint` and `--resume` do not",
        ]
      : []),
  ];
  return { verdict: said[verdict], reasons };
}

/** Of a file of weights that was named. */
export function checkpointWords(name: string, fit: CheckpointFit): WeightWords {
  const { path, verdict, taken, tensors, fresh, notes, reason, help, isOfBefore, resume } = fit;
  const said = {
    loads: `${path} loads: all ${counted(tensors, "tensor")} are taken.`,
    partly: `${path} loads partly: ${grouped(taken)} of ${counted(tensors, "tensor")} are taken.`,
    breaks: `${path} breaks: the network does not take it.`,
  };
  const reasons = [
    ...(isOfBefore ? [] : [`its weights are not those of ${name}`]),
    ...(reason === undefined ? [] : [reason]),
    ...(help === undefined ? [] : [help]),
    ...fresh,
    ...notes,
    ...(resume === undefined ? [] : [`\`--resume\` and \`--checkpoint\` refuse it: ${resume}`]),
  ];
  return { verdict: said[verdict], reasons };
}

/** The two sides of a comparison of many files. */
export function sideNames({ before, after }: DiffFilesReport): readonly [string, string] {
  return [before, after ?? "the files as they are now"];
}

/** A file's name, with what became of it where that is more than a change. */
export function namedKind({ file, kind }: FileDiff): string {
  return kind === "changed" || kind === "imports" ? file : `${file} (${kind})`;
}

/** Whether a spec declares no network, on either side: blocks, which are compared where they are used. */
export function isLibrary({ errors, diff, networks, mended = false }: FileDiff): boolean {
  if (errors !== undefined || mended) return false;
  if (diff === undefined) return networks?.length === 0;
  const { networks: compared, added, removed, open } = diff;
  return compared.length + added.length + removed.length + open.length === 0;
}

/** Whether nothing but the text of a spec, or of what it imports, is another. */
export function isTextAlone(file: FileDiff): boolean {
  return file.same && !isLibrary(file);
}

/** `2 specs changed, 1 added, 1 in error`. */
export function filesSummary({ files }: DiffFilesReport): string {
  if (files.length === 0) return "no spec changed";
  const count = (is: (file: FileDiff) => boolean): number => files.filter(is).length;
  const inError = (file: FileDiff): boolean => file.errors !== undefined;
  const parts = [
    [count(({ kind }) => kind === "changed" || kind === "imports"), "changed"],
    [count(({ kind }) => kind === "renamed"), "renamed"],
    [count(({ kind }) => kind === "added"), "added"],
    [count(({ kind }) => kind === "deleted"), "deleted"],
    [count(inError), "in error"],
  ] as const;
  const told = parts.filter(([number]) => number > 0);
  return told
    .map(([number, what], index) =>
      index === 0 ? `${counted(number, "spec")} ${what}` : `${grouped(number)} ${what}`,
    )
    .join(", ");
}
