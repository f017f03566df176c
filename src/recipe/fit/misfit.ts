/** What of a recipe does not suit the network that it trains, as plain data: which setting, why, and how to mend it. */
import { catalog, fill, type Holes } from "../../diagnostics/catalog.js";
import type { Recipe } from "../recipe.js";

/** The codes of what can be wrong between a recipe and its network, each of which may be sound by itself. */
export const fitCodes = [
  "R0506",
  "R0507",
  "R0508",
  "R0509",
  "R0510",
  "R0511",
  "R0512",
  "R0513",
  "R0514",
  "R0515",
  "R0516",
  "R0517",
] as const;

export type FitCode = (typeof fitCodes)[number];

/** A setting of a recipe, or a part of it. */
export interface SettingPlace {
  readonly setting: keyof Recipe;
  /** Which step of a chain, from 0. */
  readonly step?: number;
  /** Which argument of the step, or of the setting's kind. */
  readonly argument?: string;
  /** Which item of a list, from 0. */
  readonly item?: number;
}

/** What of the network a misfit has to do with: its input, or one of its heads. */
export type NetworkPart =
  { readonly kind: "input" } | { readonly kind: "head"; readonly name: string };

/** What would stand there instead. */
export interface Mend {
  readonly text: string;
  /** The place of the recipe, where left out; else the number of classes of the head that the misfit is of. */
  readonly at?: "classes";
  readonly applicability: "safe" | "unsafe";
}

export interface Misfit {
  readonly code: FitCode;
  /** One line, no full stop. */
  readonly message: string;
  readonly place: SettingPlace;
  readonly of?: NetworkPart;
  readonly help: string;
  readonly mend?: Mend;
}

/** What a misfit says beside its message. */
export type MisfitDetails = Omit<Misfit, "code" | "message">;

export function misfit<C extends FitCode>(
  code: C,
  holes: Holes<C>,
  details: MisfitDetails,
): Misfit {
  return { code, message: fill<string>(catalog[code].message, holes), ...details };
}
