/**
 * `npm run bench:train`: training steps and inference of resnetc beside PyTorch, in one run. Every figure
 * is measured in a process of its own. `npm run bench:train -- profile NAME` shows where a step's time goes.
 */
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { countOf, parsedWords, runScript, WrongWords } from "../../command-line.js";
import { wrap } from "../../../src/diagnostics/display-width.js";
import { oddCases, trainingCases } from "./cases.js";
import { jobArgument } from "./child.js";
import { lookAround, type Machine } from "./contenders.js";
import { runEngineJob } from "./engine-job.js";
import { benchInference } from "./inference.js";
import type { EngineJob } from "./job.js";
import { profileStep } from "./profile.js";
import { benchCase, benchOddSizes, type Effort } from "./training.js";

type Section = (machine: Machine, effort: Effort) => string;

const sections: ReadonlyMap<string, Section> = new Map([
  ...trainingCases.map((of): [string, Section] => [
    of.name,
    (machine, effort) => benchCase(machine, of, effort),
  ]),
  ["odd-sizes", benchOddSizes],
  ["inference", benchInference],
]);

const profiled = [...trainingCases, ...oddCases].map(({ name }) => name);

const usage = `usage: npm run bench:train -- [--rounds N] [--steps N] [--only NAME]
       npm run bench:train -- profile NAME [--steps N]
${wrap(`--only takes ${[...sections.keys()].join(", ")}.`, 80).join("\n")}
${wrap(`profile takes ${profiled.join(", ")}.`, 80).join("\n")}
RESNETC_PYTHON names a Python with torch and torchvision; python3 is tried where
it is not set.`;

async function main(given: readonly string[]): Promise<void> {
  const [first, second] = given;
  if (first === jobArgument && second !== undefined) {
    console.log(JSON.stringify(await runEngineJob(JSON.parse(second) as EngineJob)));
    return;
  }
  const { values, positionals } = parse(given);
  const steps = values.steps === undefined ? undefined : countOf("--steps", values.steps);
  if (positionals.length > 0) {
    const [command, name, ...rest] = positionals;
    const of = [...trainingCases, ...oddCases].find((one) => one.name === name);
    if (command !== "profile" || of === undefined || rest.length > 0) {
      throw new WrongWords(`not understood: ${positionals.join(" ")}`);
    }
    console.log(await profileStep(of, steps ?? of.steps));
    return;
  }
  const chosen = [...sections].filter(
    ([name]) => values.only === undefined || name === values.only,
  );
  if (chosen.length === 0) throw new WrongWords(`there is no part ${values.only}`);
  const effort = {
    rounds: countOf("--rounds", values.rounds),
    ...(steps !== undefined && { steps }),
  };
  const machine = await lookAround(fileURLToPath(import.meta.url));
  console.log(`${describe(machine)}\n`);
  for (const [, section] of chosen) {
    console.log(section(machine, effort));
    // What is measured keeps all threads busy by itself.
    console.log(noise(1.5 * machine.threads));
  }
}

function parse(given: readonly string[]) {
  return parsedWords({
    args: [...given],
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "3" },
      steps: { type: "string" },
      only: { type: "string" },
    },
  });
}

/** A line where the machine is busier than `expected`; else nothing. */
function noise(expected: number): string {
  const [load = 0] = loadavg();
  if (load <= expected) return "";
  return `NOT QUIET: other programs run (load ${load.toFixed(1)}); trust no figure\n`;
}

/** What runs here, and a line for everything that does not. */
function describe({ python, threads, engines, missing }: Machine): string {
  const processor = cpus()[0]?.model ?? "?";
  const lines = [`Node ${process.version}, ${threads} threads on ${processor}`];
  lines.push(...[...engines].map(([name, detail]) => `${name}: ${detail}`));
  if (python !== undefined) {
    const { python: version, torch, capability, ...rest } = python.versions;
    const packages = Object.entries(rest).map(([name, its]) => `, ${name} ${its}`);
    lines.push(`PyTorch ${torch} (${capability}) on Python ${version}${packages.join("")}`);
  }
  const load = noise(threads / 4);
  if (load !== "") lines.push(load.trimEnd());
  return [...lines, ...missing.map((line) => `LEFT OUT: ${line}`)].join("\n");
}

await runScript(usage, main);
