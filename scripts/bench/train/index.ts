/**
 * `npm run bench:train`: training steps and inference of resnetc beside PyTorch, in one run. Every figure
 * is measured in a process of its own. `npm run bench:train -- profile NAME` shows where a step's time goes.
 */
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
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

const usage = `usage: npm run bench:train -- [--rounds N] [--steps N] [--only NAME]
       npm run bench:train -- profile NAME [--steps N]
--only takes ${[...sections.keys()].join(", ")}; profile takes ${[...trainingCases, ...oddCases].map(({ name }) => name).join(", ")}.
RESNETC_PYTHON names a Python with torch and torchvision; python3 is tried where it is not set.`;

class UsageError extends Error {}

async function main(given: readonly string[]): Promise<void> {
  const [first, second] = given;
  if (first === jobArgument && second !== undefined) {
    console.log(JSON.stringify(await runEngineJob(JSON.parse(second) as EngineJob)));
    return;
  }
  const { values, positionals } = parse(given);
  const steps = values.steps === undefined ? undefined : count("--steps", values.steps);
  if (positionals.length > 0) {
    const [command, name, ...rest] = positionals;
    const of = [...trainingCases, ...oddCases].find((one) => one.name === name);
    if (command !== "profile" || of === undefined || rest.length > 0) {
      throw new UsageError(`not understood: ${positionals.join(" ")}`);
    }
    console.log(await profileStep(of, steps ?? of.steps));
    return;
  }
  const chosen = [...sections].filter(
    ([name]) => values.only === undefined || name === values.only,
  );
  if (chosen.length === 0) throw new UsageError(`there is no part ${values.only}`);
  const effort = {
    rounds: count("--rounds", values.rounds),
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
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "3" },
        steps: { type: "string" },
        only: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${option} takes a whole number above 0, not ${text}`);
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

try {
  await main(process.argv.slice(2));
} catch (error) {
  const said = error instanceof Error ? error.message : String(error);
  console.error(error instanceof UsageError ? `${said}\n${usage}` : said);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
