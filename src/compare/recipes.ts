/** The settings in which two recipes differ, each as the language names it: `optimizer.rate`. */
import type { Recipe } from "../recipe/recipe.js";

export interface SettingChange {
  readonly setting: string;
  /** Absent where the other recipe alone has it. */
  readonly before?: string;
  readonly after?: string;
}

/** The differing settings, in the order of a recipe. */
export function compareRecipes(before: Recipe, after: Recipe): readonly SettingChange[] {
  const [from, to] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((setting) => {
    const [one, other] = [from.get(setting), to.get(setting)];
    if (one === other) return [];
    return [
      {
        setting,
        ...(one !== undefined && { before: one }),
        ...(other !== undefined && { after: other }),
      },
    ];
  });
}

/** What is no setting, or is compared by itself. */
const unsaid: ReadonlySet<string> = new Set(["name", "network"]);

function settingsOf(recipe: Recipe): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(recipe)) {
    if (!unsaid.has(name)) flatten(name, value, settings);
  }
  return settings;
}

function flatten(name: string, value: unknown, into: Map<string, string>): void {
  if (Array.isArray(value)) {
    into.set(name, value.length === 0 ? "none" : value.map(inWords).join(", "));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "options") flatten(name, inner, into);
      else flatten(key === "kind" ? name : `${name}.${key}`, inner, into);
    }
  } else into.set(name, String(value));
}

/** `crop(height: 32, width: 32, padding: 4)`; a number or a name as it is. */
function inWords(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { kind, ...rest } = value as Readonly<Record<string, unknown>>;
  const given = Object.entries(rest).map(([name, inner]) => {
    const text = Array.isArray(inner) ? `[${inner.join(", ")}]` : String(inner);
    return `${name}: ${text}`;
  });
  return given.length === 0 ? String(kind) : `${String(kind)}(${given.join(", ")})`;
}
