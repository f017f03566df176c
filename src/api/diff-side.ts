/** One side of a comparison: a spec in the file system or at a git revision, read and checked. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GitError, Repository } from "../host/git.js";
import { GitHost } from "../host/git-host.js";
import { NodeHost } from "../host/node-host.js";
import { reportOf, type CheckReport } from "./check.js";
import { SpecError, UsageError } from "./errors.js";
import { refuseOpen, specPlace } from "./spec.js";
import type { GivenValue } from "./values.js";

/** A spec with the revision at which it is meant. */
export interface SidePlace {
  readonly file: string;
  readonly network?: string;
  readonly revision?: string;
}

export interface Side {
  readonly place: SidePlace;
  /** As messages show it: `specs/net.resnet@HEAD~1#Net`. */
  readonly shown: string;
  readonly report: CheckReport;
}

/**
 * Takes `FILE`, `FILE#Network`, `FILE@REVISION` or `FILE@REVISION#Network` apart. What is a file as a whole is never
 * taken apart at its `@`.
 */
export function sidePlace(spec: string): SidePlace {
  // Which says so.
  if (typeof spec !== "string") return specPlace(spec);
  const [, file, early, revision, late] =
    /^(.+?\.resnet)(#[A-Za-z_]\w*)?@(.+?)(#[A-Za-z_]\w*)?$/.exec(spec) ?? [];
  if (file === undefined || revision === undefined || existsSync(specPlace(spec).file)) {
    return specPlace(spec);
  }
  const network = (early ?? late)?.slice(1);
  return { file, revision, ...(network !== undefined && { network }) };
}

/**
 * The two sides that a range of git revisions means for a file: `A..B`, `A...B` from where B parted from A, or `A`
 * against the file as it is now.
 *
 * @throws UsageError where git is missing, there is no repository, or it does not know a revision.
 */
export function sidesOfRange(range: string, spec: string): readonly [SidePlace, SidePlace] {
  const plain = specPlace(spec);
  const { before, after } = revisionsOf(range, dirname(resolve(plain.file)));
  return [
    { ...plain, revision: before },
    { ...plain, ...(after !== undefined && { revision: after }) },
  ];
}

/** Two revisions; the second is absent for the files as they are now. */
export interface Revisions {
  readonly before: string;
  readonly after?: string;
}

/**
 * The revisions that a range means: `A..B`, `A...B` from where B parted from A, or `A` alone.
 *
 * @param folder one of the repository, absolute. @throws UsageError likewise.
 */
export function revisionsOf(range: string, folder: string): Revisions {
  const [, first = "", dots, second = ""] = /^(.*?)(?:(\.{2,3})(.*))?$/s.exec(range) ?? [];
  const [from, to] = [first || "HEAD", second || "HEAD"];
  if (dots === undefined) return { before: from };
  if (dots === "..") return { before: from, after: to };
  const base = asUsage(() => Repository.around(folder).mergeBase(from, to));
  return { before: base.slice(0, 12), after: to };
}

/** @throws SpecError where the spec is in error, UsageError where it is not there. */
export function openSide(place: SidePlace, parameters: readonly GivenValue[]): Side {
  const { file, network, revision } = place;
  const host = revision === undefined ? new NodeHost() : asUsage(() => new GitHost(file, revision));
  const path = host instanceof GitHost ? host.at(file) : file;
  if (host instanceof GitHost) refuseMissing(host, place, path);
  const name = network === undefined ? "" : `#${network}`;
  const report = reportOf({ ...place, file: path }, { host, parameters }, false);
  if (report.ok && network !== undefined) refuseOpen(network, report.open.get(network));
  return { place, shown: `${path}${name}`, report };
}

function refuseMissing(host: GitHost, { file, revision }: SidePlace, path: string): void {
  const { problem } = host.read(path);
  if (problem === undefined) return;
  if (problem.code !== "R0001") throw new SpecError([problem]);
  throw new UsageError(
    `there is no file ${file} at ${revision}`,
    `\`git log --oneline --follow -- ${file}\` lists the revisions that have it`,
  );
}

/** What git cannot do is wrong use of the command. */
export function asUsage<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof GitError) throw new UsageError(error.message, error.help);
    throw error;
  }
}
