/** `resnetc profile SPEC`: where the time and memory of a training step go. */
import { profileSpec } from "../api/profile.js";
import type { EngineName } from "../engines/engine.js";
import { assignments, sizeOf, type SpecFlags } from "./given.js";
import { printProfile } from "./profile-text.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface ProfileFlags extends SpecFlags {
  readonly recipe?: string;
  readonly engine?: EngineName | "auto";
  readonly device?: string;
  readonly with?: readonly string[];
  readonly batch?: number;
  readonly steps?: number;
  readonly at?: string;
}

/** @returns the exit status. */
export async function profileCommand(
  spec: string,
  flags: ProfileFlags,
  terminal: Terminal,
): Promise<number> {
  const { recipe: recipeName, engine, device, batch, steps } = flags;
  const report = await profileSpec(spec, {
    parameters: assignments("--set", flags.set),
    recipe: assignments("--with", flags.with),
    recipeName,
    engine,
    device,
    batch,
    steps,
    at: sizeOf(flags.at),
  });
  if (flags.json) terminal.out(`${JSON.stringify(report, undefined, 2)}\n`);
  else printProfile(report, terminal);
  return status.fine;
}
