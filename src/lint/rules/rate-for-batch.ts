/** A learning rate far from what its optimizer and batch call for: the run diverges, or hardly moves. */
import type { Help } from "../../diagnostics/diagnostic.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { TrainDeclaration } from "../../syntax/ast.js";
import {
  argumentNamed,
  isNumber,
  settingCalls,
  settingSpan,
} from "../../check/written-settings.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

/**
 * The rates that published recipes take, for one image and without momentum. The rate grows with the batch (Goyal et
 * al. 2017, section 2.1) and momentum m multiplies it by 1 / (1 - m) (section 3): 0.1 at momentum 0.9 and a batch of
 * 256 on ImageNet, and at 128 on CIFAR (He et al. 2015, sections 3.4 and 4.2).
 */
const published = { least: 0.1 / (1 - 0.9) / 256, most: 0.1 / (1 - 0.9) / 128 };
/** Adam's rate hardly depends on the batch (Kingma and Ba 2015 take 0.001). */
const adam = { least: 1e-6, most: 1e-2, usual: 1e-3 };
/** LAMB's grows with the root of the batch: 0.005 for 512 images, 0.04 for 32,768 (You et al. 2020, table 4). */
const lamb = (batch: number): Omit<Usual, "name"> => {
  const usual = 0.005 * Math.sqrt(batch / 512);
  return { least: 1e-6, most: 10 * usual, usual, why: "it grows with the root of the batch" };
};
/** A run that goes on from trained weights takes smaller rates on purpose, and may well. */
const smaller = 100;
const manyImages = 1024;

export const rule = defineRule({
  name: "rate-for-batch",
  group: "training",
  level: "warn",
  description: "A learning rate is in line with its optimizer and the batch",
  needs: "graph",
  messages: {
    large:
      "a rate of {rate} is {times} times the most that is usual for {optimizer} at a batch of {batch}",
    small:
      "a rate of {rate} is 1/{times} of the least that is usual for {optimizer} at a batch of {batch}",
    cold: "a rate of {rate} for batches of {batch} begins without a warm-up",
  },
  options: {
    factor: {
      type: "number",
      minimum: 1,
      default: 8,
      description: "How many times the usual rate is too much.",
    },
  },

  check({ recipes, options: { factor }, report }) {
    for (const { recipe, declaration, network } of recipes) {
      const { optimizer, batch } = recipe;
      const { rate } = optimizer;
      const usual = usualRates(recipe, mostClasses(network));
      const { least, most, name } = usual;
      const at = rateSpan(declaration);
      const holes = { rate, batch, optimizer: name };
      const limit = optimizer.kind === "sgd" ? factor : 1;
      if (rate > most * limit) {
        const times = round(rate / most);
        report("large", at, { ...holes, times }, { help: rateHelp(declaration, usual, most) });
      } else if (rate < least / (optimizer.kind === "sgd" ? smaller : 1)) {
        const times = round(least / rate);
        report("small", at, { ...holes, times }, { help: rateHelp(declaration, usual, least) });
      } else if (optimizer.kind === "sgd" && batch >= manyImages && isCold(recipe, most)) {
        const span = settingSpan(declaration, "schedule");
        const help =
          "let it rise over the first 5 epochs: `warmup: 5` (Goyal et al. 2017, section 2.2)";
        report("cold", span, { rate, batch }, { help });
      }
    }
  },
});

interface Usual {
  readonly least: number;
  readonly most: number;
  /** Of these; the nearest of them where there is no one. */
  readonly usual?: number;
  /** Of the optimizer. */
  readonly name: string;
  /** What the rates follow. */
  readonly why?: string;
}

function usualRates({ optimizer, batch, loss }: Recipe, classes: number): Usual {
  switch (optimizer.kind) {
    case "adam":
      return { ...adam, name: "Adam" };
    case "adamw":
      return { ...adam, name: "AdamW" };
    case "lamb":
      return { ...lamb(batch), name: "LAMB" };
    case "sgd": {
      const scale = batch * (1 - optimizer.momentum);
      const name = optimizer.momentum === 0 ? "SGD" : `SGD with momentum ${optimizer.momentum}`;
      // The mean over the classes has gradients that are smaller by as many as there are.
      const more = loss.kind === "bce" ? classes : 1;
      const why = "it grows with the batch, and with 1 - momentum";
      return { least: published.least * scale, most: published.most * scale * more, name, why };
    }
  }
}

/** Of the heads of a network. */
function mostClasses(network: NetworkView | undefined): number {
  const heads = network?.graph.outputs.map(({ node }) => network.node(node).type.channels) ?? [];
  return Math.max(1, ...heads);
}

/** Whether a large rate is there from the first step. */
function isCold({ optimizer, schedule }: Recipe, most: number): boolean {
  return schedule.warmup === 0 && optimizer.rate > most / 4;
}

function rateSpan(declaration: TrainDeclaration) {
  const [call] = settingCalls(declaration, "optimizer");
  const rate = call && argumentNamed(call, "rate", true);
  return rate?.value.span ?? settingSpan(declaration, "optimizer");
}

function rateHelp(declaration: TrainDeclaration, { usual, why }: Usual, nearest: number): Help {
  const [call] = settingCalls(declaration, "optimizer");
  const rate = call && argumentNamed(call, "rate", true);
  const value = Number((usual ?? nearest).toPrecision(1));
  const text = `about ${value} is usual${why === undefined ? "" : `; ${why}`}`;
  if (rate === undefined || !isNumber(rate.value)) return { text };
  const edits = [{ span: rate.value.span, text: String(value) }];
  return { text, edits, applicability: "unsafe" };
}

function round(times: number): string {
  return times >= 9.5 ? String(Math.round(times)) : times.toPrecision(2);
}
