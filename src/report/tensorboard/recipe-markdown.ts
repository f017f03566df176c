/** A recipe as a table of Markdown, in which names that hold markup stand as they are. */
import type { Recipe } from "../../recipe/recipe.js";
import { recipeLines } from "../recipe-lines.js";

export function recipeMarkdown(network: string, recipe: Recipe): string {
  const rows = recipeLines(recipe).map(([name, words]) => `| ${name} | ${literal(words)} |`);
  const heading = `${literal(network)} by the recipe ${literal(recipe.name)}`;
  return [heading, "", "| setting | value |", "| --- | --- |", ...rows].join("\n");
}

function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#&]/g, (character) => `\\${character}`).replace(/\s+/g, " ");
}
