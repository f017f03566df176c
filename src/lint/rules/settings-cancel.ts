/** Settings of a recipe of which one takes back what another asks for. */
import { argumentNamed, settingCalls, settingSpan } from "../../check/written-settings.js";
import { knownData } from "../known-data.js";
import { isMixing, isSizing, type Recipe } from "../../recipe/recipe.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "settings-cancel",
  group: "training",
  level: "warn",
  description: "No setting of a recipe takes back what another one asks for",
  needs: "graph",
  messages: {
    warmup:
      "the rate is still rising when the run ends: {warmup} epochs of warm-up, {epochs} in all",
    step: "the rate falls at epoch {at}, and the run ends after {epochs} epochs",
    crop: "a crop of {size} from images of {extent} with padding {padding} has nowhere to move",
    stopped:
      "the run stops after {stop} epochs without a best one, before the rate falls after {patience}",
    all: "every image is to be of all {classes} classes: smoothing {smoothing} gives each at least {share}, above the threshold {threshold}",
    none: "no image is to be of any class: smoothing {smoothing} leaves its own {share}, not above the threshold {threshold}",
    unsmoothed:
      "the threshold {threshold} makes ones and zeros of targets, whatever the smoothing of {smoothing}",
    patience: "patience is {patience} epochs, and the run has {epochs}",
  },
  options: {},

  check({ recipes, project, report }) {
    for (const { recipe, declaration, network } of recipes) {
      const target = lostTarget(recipe, network);
      if (target !== undefined) {
        const [call] = settingCalls(declaration, "loss");
        const given = call && argumentNamed(call, "threshold");
        const span = given?.value.span ?? settingSpan(declaration, "loss");
        report(target.message, span, target.holes, { help: target.help });
      }
      const { schedule, epochs, stop, augment, preprocess } = recipe;
      const schedules = settingSpan(declaration, "schedule");
      if (schedule.warmup > 0 && schedule.warmup >= epochs) {
        const help = "a twentieth to a tenth of the epochs is usual";
        report("warmup", schedules, { warmup: schedule.warmup, epochs }, { help });
      }
      if (schedule.kind === "step") {
        const late = schedule.at.find((at) => at >= epochs);
        if (late !== undefined) {
          const help = `epochs are counted from 0: the last one is ${epochs - 1}`;
          report("step", schedules, { at: late, epochs }, { help });
        }
      }
      // The first epoch is always a best one.
      if (schedule.kind === "onplateau" && schedule.patience >= epochs - 1) {
        const help = "with less patience the rate can fall";
        report("patience", schedules, { patience: schedule.patience, epochs }, { help });
      }
      if (
        schedule.kind === "onplateau" &&
        stop.kind === "plateau" &&
        stop.patience <= schedule.patience &&
        stop.least >= schedule.least
      ) {
        const help = "twice the patience of the schedule, or more, lets the lower rate show";
        const holes = { stop: stop.patience, patience: schedule.patience };
        report("stopped", settingSpan(declaration, "stop"), holes, { help });
      }
      if (stop.kind === "plateau" && stop.patience >= epochs - 1) {
        const help = "with less patience it can end the run";
        const holes = { patience: stop.patience, epochs };
        report("patience", settingSpan(declaration, "stop"), holes, { help });
      }
      const extent = knownData(recipe.data, project)?.extent;
      if (
        extent === undefined ||
        preprocess.some(({ kind }) => kind === "resize" || kind === "shorter")
      )
        continue;
      if (augment.some(isSizing)) continue;
      const calls = settingCalls(declaration, "augment");
      for (const [index, step] of augment.entries()) {
        if (step.kind !== "crop" || step.height !== extent || step.width !== extent) continue;
        const call = calls[index];
        if (step.padding > 0 || call === undefined) continue;
        const holes = { size: `${step.height}x${step.width}`, extent: `${extent}x${extent}` };
        const end = call.arguments.at(-1)?.span.end;
        const given = argumentNamed(call, "pad");
        const pad = Math.max(1, Math.round(extent / 8));
        const edit =
          given === undefined && end !== undefined
            ? { span: call.span.file.span(end, end), text: `, pad: ${pad}` }
            : given && { span: given.value.span, text: String(pad) };
        const text = `\`pad: ${pad}\` moves it by up to ${pad} pixels (He et al. 2015, section 4.2, pad 4 of 32)`;
        const help = edit ? { text, edits: [edit], applicability: "unsafe" as const } : { text };
        report("crop", call.span, { ...holes, padding: step.padding }, { help });
      }
    }
  },
});

interface LostTarget {
  readonly message: "all" | "none" | "unsmoothed";
  readonly holes: Readonly<Record<"classes" | "smoothing" | "share" | "threshold", number>>;
  readonly help: string;
}

/** What a threshold leaves of the targets of `bce`, where that cannot be meant; undefined where it can. */
function lostTarget(
  { loss, augment }: Recipe,
  network: NetworkView | undefined,
): LostTarget | undefined {
  if (loss.kind !== "bce" || loss.threshold === undefined) return undefined;
  const { smoothing, threshold } = loss;
  const mixes = augment.some(isMixing);
  for (const { node } of network?.graph.outputs ?? []) {
    const classes = network?.node(node).type.channels ?? 1;
    const others = smoothing / classes;
    const own = 1 - smoothing + others;
    const holesOf = (share: number): LostTarget["holes"] => ({
      ...{ classes, smoothing, threshold },
      share: Number(share.toPrecision(3)),
    });
    if (others > threshold) {
      const help = "take a threshold above that share, or less smoothing";
      return { message: "all", holes: holesOf(others), help };
    }
    if (own <= threshold) {
      const help = "take a threshold below that share, or less smoothing";
      return { message: "none", holes: holesOf(own), help };
    }
    if (smoothing > 0 && !mixes) {
      const help =
        "leave out one of them: where no images are mixed, a threshold only undoes smoothing";
      return { message: "unsmoothed", holes: holesOf(own), help };
    }
  }
  return undefined;
}
