/** `resnetc init`: a folder with a spec that is sound, and what belongs around it. */
import { existsSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { checkReport, type NetworkReport } from "../api/check.js";
import { SpecError, UsageError } from "../api/errors.js";
import { formatSpec } from "../api/format.js";
import type { SourceHost } from "../check/host.js";
import { grouped, scaled } from "../diagnostics/numbers.js";
import { NodeHost } from "../host/node-host.js";
import { packageVersion } from "../host/version.js";
import { isWrittenOperation } from "../ops/registry.js";
import { SourceFile } from "../source/source.js";
import { writeTogether, type NewFile } from "../storage/new-files.js";
import { readRegularFileSync } from "../storage/regular-file.js";
import { cannotWrite } from "../storage/text-replacement.js";
import { reservedWords } from "../syntax/tokens.js";
import { gitignoreLines, projectFiles } from "./init/project-files.js";
import { expectHole, type Data, type SpecRequest, type Template } from "./init/template.js";
import { imageFolder, templates, type TemplateName } from "./init/templates.js";
import { quoted } from "./shell-text.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

export interface InitFlags {
  readonly name?: string;
  readonly classes?: number;
  /** `32x32x3` */
  readonly input?: string;
  readonly template?: TemplateName;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** A file of the project, and what becomes of it. */
interface Planned extends NewFile {
  readonly fate: "written" | "kept" | "added to";
}

/**
 * @param folder where; the working folder where left out.
 * @returns the exit status.
 * @throws UsageError where what is asked for makes no sound network; ReplacementError where it cannot be written.
 */
export async function initCommand(
  folder: string | undefined,
  flags: InitFlags,
  terminal: Terminal,
): Promise<number> {
  const target = folder ?? ".";
  if (isFile(target)) {
    throw new UsageError(`${target} is a file`, "name a folder; it is made where it is not there");
  }
  const template: Template = templates[flags.template ?? "quickstart"];
  const request = requestOf(target, flags, template);
  const spec = `specs/${fileName(request.network)}.resnet`;
  const made = await soundSpec(join(target, spec), template, request);
  const reads = dataOf(template, made.text, request);
  const files = [
    { path: spec, text: made.text },
    ...projectFiles({
      spec,
      network: request.network,
      version: packageVersion(),
      trains: template.trains,
      ...reads,
    }),
  ];
  const plan = [
    ...files.map((file) => planned(target, file, flags.force ?? false)),
    gitignore(target),
  ];
  await writeTogether(
    plan
      .filter(({ fate }) => fate !== "kept")
      .map(({ path, text }) => ({ path: join(target, path), text })),
  );
  if (flags.json) terminal.out(`${JSON.stringify(answer(target, spec, plan, request))}\n`);
  else
    tell(
      { target, spec, plan, network: made.network, trains: template.trains, ...reads },
      terminal,
    );
  return status.fine;
}

/** Whether something other than a folder is there. @throws ReplacementError where nobody can say. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The request that flags and template make together. @throws UsageError for a flag that does not fit. */
function requestOf(target: string, flags: InitFlags, template: Template): SpecRequest {
  const network = networkName(flags.name, basename(resolve(target)));
  if (flags.classes !== undefined && template.classes === undefined) {
    throw new UsageError(
      `the template ${flags.template} does not classify: it has no classes`,
      "leave --classes out, or choose another --template",
    );
  }
  const input = flags.input === undefined ? template.input : inputOf(flags.input);
  return { network, classes: flags.classes ?? template.classes ?? 0, ...(input && { input }) };
}

/** A name of the language: of `--name`, or made from the folder's. @throws UsageError */
function networkName(given: string | undefined, folder: string): string {
  const words = (given ?? folder).split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const [first = ""] = words;
  const isOne = given !== undefined && /^[A-Za-z_]\w*$/.test(given);
  const joined = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
  const name = isOne ? given : /^\d/.test(first) ? `Net${joined}` : joined;
  const isWord = reservedWords.some(({ PATTERN }) => PATTERN === name);
  if (name !== "" && !isWord && !isWrittenOperation(name)) return name;
  if (given === undefined) return "Net";
  throw new UsageError(
    `a network cannot be called \`${given}\``,
    "names begin with a letter, and are no words of the language",
  );
}

/** `ResNet20` is in `resnet20.resnet`, `SmallNet` in `small-net.resnet`. */
function fileName(network: string): string {
  return network.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, "-").toLowerCase();
}

/** @throws UsageError where it is no size. */
function inputOf(text: string): readonly [number, number, number] {
  const [, height, width, channels = "3"] = /^(\d{1,5})x(\d{1,5})(?:x(\d{1,4}))?$/.exec(text) ?? [];
  if (height === undefined || width === undefined) {
    throw new UsageError(
      `--input takes height, width and channels, not \`${text}\``,
      "such as `--input 32x32x3`",
    );
  }
  return [Number(height), Number(width), Number(channels)];
}

interface SoundSpec {
  readonly text: string;
  readonly network: NetworkReport;
}

/** The spec with what it is found to come to, formatted. @throws UsageError where it is not sound. */
async function soundSpec(
  path: string,
  template: Template,
  request: SpecRequest,
): Promise<SoundSpec> {
  const open = template.spec(request);
  const network = checked(path, open.replace(expectHole, "").replace(/\n\n\}/g, "\n}"));
  const { parameters, macs } = network;
  const lines = [
    `    params == ${underscored(parameters)}`,
    ...(macs === undefined ? [] : [`    macs   == ${underscored(macs)}`]),
  ];
  const expected = `  expect {\n${lines.join("\n")}\n  }\n`;
  const text = await formatSpec(open.replace(expectHole, expected), { path });
  return { text, network: checked(path, text) };
}

/** The one network of a spec that is in no file yet. @throws UsageError where it is not sound. */
function checked(path: string, text: string): NetworkReport {
  const disk = new NodeHost();
  const host: SourceHost = {
    resolve: (specifier, importer) => disk.resolve(specifier, importer),
    locate: (data, from) => disk.locate(data, from),
    read: (file) => (file === path ? { file: new SourceFile(path, text) } : disk.read(file)),
  };
  const { ok, diagnostics, networks } = checkReport(path, { host });
  const [network] = networks;
  if (ok && network !== undefined) return network;
  const [first] = diagnostics;
  if (first === undefined) throw new SpecError(diagnostics);
  throw new UsageError(
    `the template does not fit what you ask for: ${first.message}`,
    "choose another --input, or another --template",
  );
}

function underscored(number: number): string {
  return number.toString().replace(/\B(?=(\d{3})+$)/g, "_");
}

/** What the recipe reads: the template's data, or images of one's own where these do not fit. */
function dataOf(
  { data }: Template,
  text: string,
  { classes }: SpecRequest,
): { readonly data?: Data; readonly folderClasses?: number } {
  if (text.includes(`folder("../${imageFolder.path}")`)) {
    return { data: imageFolder, folderClasses: classes };
  }
  return data === undefined ? {} : { data };
}

function planned(target: string, { path, text }: NewFile, force: boolean): Planned {
  const fate = !force && existsSync(join(target, path)) ? "kept" : "written";
  return { path, text, fate };
}

/** What a file holds that is to be added to. @throws ReplacementError where it cannot be read. */
function heldText(path: string): string {
  try {
    return readRegularFileSync(path).toString();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Lines that are missing are added; nothing of it is replaced. */
function gitignore(target: string): Planned {
  const path = ".gitignore";
  const whole = join(target, path);
  if (!existsSync(whole)) return { path, text: `${gitignoreLines.join("\n")}\n`, fate: "written" };
  const held = heldText(whole);
  const lines = held.split(/\r?\n/).map((line) => line.trim().replace(/^\//, ""));
  const missing = gitignoreLines.filter(
    (line) => !lines.includes(line) && !lines.includes(line.slice(0, -1)),
  );
  if (missing.length === 0) return { path, text: held, fate: "kept" };
  const end = held === "" || held.endsWith("\n") ? "" : "\n";
  return { path, text: `${held}${end}${missing.join("\n")}\n`, fate: "added to" };
}

function answer(
  folder: string,
  spec: string,
  plan: readonly Planned[],
  { network }: SpecRequest,
): object {
  const of = (fate: Planned["fate"]): string[] =>
    plan.filter((file) => file.fate === fate).map(({ path }) => path);
  const [written, addedTo, kept] = [of("written"), of("added to"), of("kept")];
  return { ok: true, folder, network, spec, written, addedTo, kept };
}

/** What is told of a project that has been made. */
interface Told {
  readonly target: string;
  readonly spec: string;
  readonly plan: readonly Planned[];
  readonly network: NetworkReport;
  readonly trains: boolean;
  readonly data?: Data;
}

const meanings: Readonly<Record<string, string>> = {
  "resnet.config.json": "which rules hold for the specs",
  ".github/workflows/specs.yml": "checks and lints every push",
  ".gitignore": gitignoreLines.join(" "),
  "README.md": "what is here, and how to go on",
};

function tell(told: Told, { out, outColor }: Terminal): void {
  const { target, spec, plan, network, trains, data } = told;
  const { bold, green, yellow } = colorsFor(outColor);
  const marks = { written: green("made "), "added to": green("added"), kept: yellow("kept ") };
  const width = Math.max(...plan.map(({ path }) => path.length));
  for (const { path, fate } of plan) {
    const meaning =
      fate === "kept" ? "as it was" : (meanings[path] ?? `the network ${network.name}`);
    out(`${marks[fate]} ${path.padEnd(width)}  ${meaning}\n`);
  }
  const kept = plan.filter(({ path, fate }) => fate === "kept" && path !== ".gitignore");
  if (kept.length > 0) out("--force writes what was kept anew.\n");
  if (!kept.some(({ path }) => path === spec)) {
    const { name, parameters, macs } = network;
    const cost = macs === undefined ? "" : `, ${scaled(macs)} multiply-adds`;
    out(`\n${bold(name)} is ${green("sound")}: ${grouped(parameters)} parameters${cost}\n`);
  }
  const folder = relative(process.cwd(), resolve(target));
  const steps = [
    ...(folder === "" ? [] : [`cd ${quoted(folder)}`]),
    `npx resnetc summary ${spec}`,
    ...(trains ? [`npx resnetc train ${spec}`] : []),
  ];
  out(`\n${bold("Next:")}\n${steps.map((step) => `  ${step}\n`).join("")}`);
  if (trains && data !== undefined) out(`Training reads ${data.path}: ${data.what}.\n`);
}
