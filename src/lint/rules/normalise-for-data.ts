/** Constants of `normalize` that belong to another data set, are in the wrong order, or of bytes instead of shares. */
import type { Help } from "../../diagnostics/diagnostic.js";
import type { Preprocessing } from "../../recipe/recipe.js";
import type { Call } from "../../syntax/ast.js";
import { knownData, knownStatistics } from "../known-data.js";
import { argumentNamed, settingCalls } from "../../check/written-settings.js";
import { defineRule } from "../rule.js";

type Normalisation = Extract<Preprocessing, { kind: "normalize" }>;

/** How far a constant may be from another that was rounded differently. */
const rounding = 0.0006;

export const rule = defineRule({
  name: "normalise-for-data",
  group: "training",
  level: "warn",
  description: "The constants of `normalize` are those of the recipe's data set",
  needs: "graph",
  messages: {
    other: "mean and std are those of {theirs}, and the data is {data}",
    exchanged: "mean and std are exchanged: this mean is the std of {theirs}, this std its mean",
    bytes: "{constant} {value} is of bytes from 0 to 255, and normalize takes values from 0 to 1",
  },
  options: {},

  check({ recipes, project, report }) {
    for (const { recipe, declaration } of recipes) {
      const calls = settingCalls(declaration, "preprocess");
      for (const [index, step] of recipe.preprocess.entries()) {
        const call = calls[index];
        if (step.kind !== "normalize" || call?.callee.text !== "normalize") continue;
        const large = (["mean", "std"] as const).find((name) => Math.max(...step[name]) > 2);
        if (large !== undefined) {
          const value = step[large].join(", ");
          report("bytes", call.span, { constant: large, value }, { help: asShares(call, step) });
          continue;
        }
        // Those that are known are of three channels.
        if (recipe.preprocess.some(({ kind }) => kind === "grey")) continue;
        const back = knownStatistics.find(({ mean, std }) => same(step, { mean: std, std: mean }));
        if (back !== undefined) {
          const help = constantsHelp(call, back, `those of ${back.name}`);
          report("exchanged", call.span, { theirs: back.name }, { help });
          continue;
        }
        const data = knownData(recipe.data, project);
        if (data?.mean === undefined || data.std === undefined) continue;
        const own = { mean: data.mean, std: data.std };
        const theirs = knownStatistics.find((each) => same(step, each));
        if (theirs === undefined || same(step, own)) continue;
        const help = constantsHelp(call, own, `those of ${data.name}`);
        report("other", call.span, { theirs: theirs.name, data: data.name }, { help });
      }
    }
  },
});

interface Constants {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

function same(one: Constants, other: Constants): boolean {
  const near = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] ?? NaN)) < rounding);
  return near(one.mean, other.mean) && near(one.std, other.std);
}

/** The help that these constants are, whose edits change no weights that are already trained. */
function constantsHelp(call: Call, { mean, std }: Constants, whose: string): Help {
  const [first, second] = [argumentNamed(call, "mean"), argumentNamed(call, "std")];
  const text = `${whose} are mean: ${list(mean)}, std: ${list(std)}`;
  if (first === undefined || second === undefined) return { text };
  const edits = [
    { span: first.value.span, text: list(mean) },
    { span: second.value.span, text: list(std) },
  ];
  return { text, edits, applicability: "unsafe" };
}

function asShares(call: Call, { mean, std }: Normalisation): Help {
  const share = (values: readonly number[]): number[] =>
    values.map((value) => (Math.max(...values) > 2 ? Number((value / 255).toFixed(4)) : value));
  const constants = { mean: share(mean), std: share(std) };
  return constantsHelp(call, constants, "divided by 255 they");
}

/** As the language writes them. */
function list(values: readonly number[]): string {
  const [first] = values;
  if (values.length === 1 && first !== undefined) return String(first);
  return `[${values.join(", ")}]`;
}
