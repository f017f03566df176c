/** A data set as a terminal shows it: its classes, its sizes, what to normalise by, and what is there twice. */
import type { DataReport, SplitReport } from "../api/survey.js";
import { visible, wrap } from "../diagnostics/display-width.js";
import { counted, grouped } from "../diagnostics/numbers.js";
import {
  isInSeveralSplits,
  isOfSeveralClasses,
  type ImagePlace,
  type RepeatedImage,
} from "../train/survey/repeated-images.js";
import { deepInAll } from "../train/survey/deep-images.js";
import { sizeText } from "../train/survey/survey-split.js";
import { layOutTable } from "./table.js";
import type { Colors } from "./terminal.js";

/** Of more classes than this, the smallest and the largest are shown. */
const mostClasses = 24;
const shownAtEachEnd = 4;

/** The lines of a report that are no complaint. */
export function surveyLines(report: DataReport, width: number, colors: Colors): readonly string[] {
  const { ok, data, network, classes, train, validation, test } = report;
  const images = [
    `${counted(train.size, "image")} to train on, ${grouped(validation.size)} to validate with`,
    ...(test ? [`${grouped(test.size)} to test with`] : []),
  ].join(", ");
  const purpose = network === undefined ? "" : `, for ${network}`;
  const several = classes.length === 1 ? "1 class" : `${grouped(classes.length)} classes`;
  const head = `${data}${purpose}: ${several}, ${images}`;
  const facts = [
    ["size", ...sizeLines(...splitsOf(report))],
    ["depth", ...depthLines(report)],
    ["normalize", ...normalizeLines(report)],
  ].filter(([, ...lines]) => lines.length > 0);
  return [
    ...wrap(visible(head), width).map((line, index) => (index === 0 ? colors.bold(line) : line)),
    ...classTable(report),
    ...facts.flatMap(([name = "", ...lines]) =>
      lines
        .flatMap((line) => wrap(visible(line), width - 13))
        .map((line, index) => `  ${(index === 0 ? name : "").padEnd(9)}  ${line}`),
    ),
    ...(ok
      ? [network === undefined ? "every image can be used" : `every image suits ${network}`]
      : []),
  ];
}

function splitsOf({ train, validation, test }: DataReport): readonly SplitReport[] {
  return [train, validation, ...(test ? [test] : [])];
}

function classTable(report: DataReport): readonly string[] {
  const splits = splitsOf(report);
  const rows = report.classes.map((name, index) => {
    const counts = splits.map(({ perClass }) => perClass[index] ?? 0);
    return {
      cells: [`  ${visible(name)}`, ...counts.map((count) => grouped(count))],
      of: counts[0] ?? 0,
    };
  });
  const head = ["  class", "training", "validation", ...(report.test ? ["test"] : [])];
  const layOut = (shown: readonly { readonly cells: readonly string[] }[]): readonly string[] =>
    layOutTable(
      [head, ...shown.map(({ cells }) => cells)],
      ["left", ...splits.map(() => "right" as const)],
    );
  if (rows.length <= mostClasses) return layOut(rows);
  const sorted = rows.toSorted((a, b) => a.of - b.of);
  const lines = layOut([...sorted.slice(0, shownAtEachEnd), ...sorted.slice(-shownAtEachEnd)]);
  const between = `  … ${grouped(rows.length - 2 * shownAtEachEnd)} classes between these`;
  return [...lines.slice(0, 1 + shownAtEachEnd), between, ...lines.slice(1 + shownAtEachEnd)];
}

function sizeLines(...splits: readonly SplitReport[]): readonly string[] {
  const counts = new Map<string, { images: number; height: number; width: number }>();
  for (const { sizes } of splits) {
    for (const size of sizes) {
      const known = counts.get(sizeText(size));
      if (known !== undefined) known.images += size.images;
      else counts.set(sizeText(size), { ...size });
    }
  }
  const sorted = [...counts].sort(([, a], [, b]) => b.images - a.images);
  const [most] = sorted;
  if (most === undefined) return [];
  if (sorted.length === 1) return [most[0]];
  const range = (axis: "height" | "width"): string => {
    const extents = sorted.map(([, size]) => size[axis]);
    return `${grouped(Math.min(...extents))} to ${grouped(Math.max(...extents))}`;
  };
  return [
    `${grouped(sorted.length)} of them, heights ${range("height")}, widths ${range("width")}; ` +
      `most often ${most[0]} (${counted(most[1].images, "image")})`,
  ];
}

function depthLines(report: DataReport): readonly string[] {
  const deep = deepInAll(splitsOf(report).map((split) => split.deep));
  if (deep === undefined) return [];
  const have = deep.images === 1 ? "1 image has" : `${grouped(deep.images)} images have`;
  return [`${have} more than 8 bits per channel, of which the upper 8 are taken`];
}

function normalizeLines({ normalize }: DataReport): readonly string[] {
  if (normalize === undefined) return [];
  if (normalize.std.includes(0)) {
    return ["a channel has one value in all pixels of all images: there is nothing to tell by it"];
  }
  const list = (values: readonly number[]): string =>
    `[${values.map((value) => value.toFixed(4)).join(", ")}]`;
  return [`mean: ${list(normalize.mean)}, std: ${list(normalize.std)}`];
}

/** How many pairs are written out of each warning. */
const shownPairs = 3;
const shownPlaces = 3;

/** What a run would not fail for, and is better known before it: each a sentence, then examples of it. */
export function surveyWarnings(report: DataReport): readonly (readonly string[])[] {
  const { repeated, validation, test } = report;
  const warnings: (readonly string[])[] = [...fewLevels(report)];
  const severalClasses = repeated.filter(isOfSeveralClasses);
  if (severalClasses.length > 0) {
    const pictures =
      severalClasses.length === 1
        ? "1 picture is"
        : `${grouped(severalClasses.length)} pictures are`;
    warnings.push([
      `${pictures} of several classes at once, so that no network can be right about them`,
      ...severalClasses.slice(0, shownPairs).flatMap(placesOf),
    ]);
  }
  warnings.push(...leaks(repeated, "validation", validation.images));
  if (test !== undefined) warnings.push(...leaks(repeated, "test", test.images));
  const rest = repeated.filter((each) => !isOfSeveralClasses(each) && !isInSeveralSplits(each));
  const again = rest.reduce((sum, { length }) => sum + length - 1, 0);
  if (again > 0) {
    warnings.push([
      `${again === 1 ? "1 image is" : `${grouped(again)} images are`} the same as another of the class`,
      ...rest.slice(0, shownPairs).flatMap(placesOf),
    ]);
  }
  return warnings;
}

/** Images of more than 8 bits that keep little of themselves in 8. */
function fewLevels(report: DataReport): readonly (readonly string[])[] {
  const poor = deepInAll(splitsOf(report).map((split) => split.deep))?.poor;
  if (poor === undefined) return [];
  const { images, sample } = poor;
  const [least, most] = poor.levels;
  const levels = least === most ? counted(most, "level") : `${least} to ${most} levels`;
  const sentence =
    `${counted(images, "image")} of more than 8 bits per channel ${images === 1 ? "keeps" : "keep"} ${levels} ` +
    "of 256: the values take up a small part of their range; stretch them to 8 bits first, all by the same factor";
  return [[sentence, sample]];
}

/** Images of a split that are trained on as well. @param images how many the split has. */
function leaks(
  repeated: readonly RepeatedImage[],
  of: "validation" | "test",
  images: number,
): readonly (readonly string[])[] {
  const isIn = (which: ImagePlace["split"]) => (each: ImagePlace) => each.split === which;
  const known = repeated.filter((places) => places.some(isIn("train")) && places.some(isIn(of)));
  const leaked = known.flat().filter(isIn(of)).length;
  if (leaked === 0) return [];
  const sentence =
    `${grouped(leaked)} of ${counted(images, `${of} image`)} ` +
    `${leaked === 1 ? "is a training image" : "are training images"} as well: what is right about ` +
    "them may have been learnt by heart";
  return [[sentence, ...known.slice(0, shownPairs).flatMap(placesOf)]];
}

/** A line per place: "a.png (cat)", "= b.png (dog)". */
function placesOf(places: RepeatedImage): readonly string[] {
  const shown = places.slice(0, shownPlaces);
  return shown.map(
    (place, index) => `${index === 0 ? "" : "  = "}${place.sample} (${place.class})`,
  );
}
