/** What a callee takes: an operation, a block, a network, a kind of a recipe. */
import type { Span } from "../source/source.js";
import type { Parameter } from "../syntax/ast.js";
import type { Value } from "./value.js";

/** What a callee takes, whatever it is. */
export interface Slot {
  readonly name: string;
  readonly positional: boolean;
  readonly required: boolean;
  /** Where it is declared, for what a file declares. */
  readonly declared?: Span;
  /** What reads its value, for what a recipe takes; undefined for a value that is none. */
  readonly reader?: { read(value: Value): unknown };
}

/** The slots of a block's or a network's parameters. */
export function parameterSlots(parameters: readonly Parameter[]): Slot[] {
  return parameters.map(({ name, default: value }) => ({
    name: name.text,
    positional: true,
    required: value === undefined,
    declared: name.span,
  }));
}

/** How many slots a message lists. */
const slotsShown = 10;

/** What a callee takes, in words. */
export function takes(slots: readonly Slot[]): string {
  if (slots.length === 0) return "it takes none";
  const shown = slots.slice(0, slotsShown).map(printSlot);
  return `it takes ${shown.join(", ")}${slots.length > slotsShown ? ", …" : ""}`;
}

function printSlot({ name, required }: Slot): string {
  const shown = name === "stride" ? "/stride" : name;
  return required ? `\`${shown}\`` : `\`${shown}\` (optional)`;
}
