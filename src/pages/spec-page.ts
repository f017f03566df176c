/** The page of one spec: its networks, its recipes, what it declares for others, and its source. */
import { html, type Markup } from "../markup/markup.js";
import type { Recipe } from "../recipe/recipe.js";
import { recipeLines } from "../report/recipe-lines.js";
import { termList } from "../report/term-list.js";
import { textOf } from "../source/source.js";
import type { BlockDeclaration, Declaration, NetworkDeclaration } from "../syntax/ast.js";
import { familyTable } from "./architecture-table.js";
import { markdown } from "./markdown.js";
import { networkView } from "./network-view.js";
import { pageDocument, section } from "./page-document.js";
import {
  fileDocs,
  instanceCall,
  isBuilt,
  type BuiltNetwork,
  type DocumentedFile,
  type Site,
} from "./documented-file.js";
import { anchorOf } from "./source-names.js";
import { sourceView } from "./source-view.js";

export function specPage(documented: DocumentedFile, site: Site): string {
  const { title, unit, networks, recipes } = documented;
  const built = networks.filter(isBuilt);
  const [first, second] = built;
  const family = familyTable(built.map(({ graph }) => graph));
  const isOne = first !== undefined && second === undefined;
  const name = isOne ? first.name : (title.split("/").at(-1) ?? title).replace(/\.resnet$/, "");
  const about = fileDocs(documented);
  const open = unit.declarations.filter(isOpen(built));
  return pageDocument({
    title: name,
    where: title,
    main: [
      about !== "" && html`<div class="docs about-file">${markdown(about)}</div>`,
      second !== undefined && contents(built),
      family && section("The family", family),
      open.length > 0 &&
        section(
          "Declares",
          open.map((each) => openView(each)),
        ),
      ...built.flatMap((network) => networkView(network, instanceCall(unit, network.name))),
      recipes.length > 0 && section("Recipes", recipeViews(recipes, unit.declarations)),
      section("Source", sourceView(unit, site)),
    ],
  });
}

/** Blocks, and networks that are built with parameters only. */
function isOpen(built: readonly BuiltNetwork[]) {
  return (each: Declaration): each is BlockDeclaration | NetworkDeclaration =>
    each.kind === "block" ||
    (each.kind === "network" && !built.some(({ name }) => name === each.name.text));
}

function contents(networks: readonly BuiltNetwork[]): Markup {
  return html`<nav class="contents" aria-label="Networks">
    ${networks.map(({ name }) => html`<a href="#network-${name}">${name}</a>`)}
  </nav>`;
}

function openView({ kind, name, parameters, docs }: BlockDeclaration | NetworkDeclaration): Markup {
  const { file, start } = name.span;
  const given = parameters.map(({ span }) => textOf(span).replace(/\s+/g, " ")).join(", ");
  return html`<div class="declared">
    <h3>
      <a href="#${anchorOf(file.position(start))}"
        ><code><span class="name">${kind}</span> ${name.text}(${given})</code></a
      >
    </h3>
    <div class="docs">${markdown(docs)}</div>
  </div>`;
}

function recipeViews(
  recipes: readonly Recipe[],
  declarations: readonly Declaration[],
): readonly Markup[] {
  return recipes.map((recipe) => {
    const { name, network, data } = recipe;
    const declared = declarations.find((each) => each.kind === "train" && each.name.text === name);
    const written =
      declared?.kind === "train" && declared.settings.find(({ key }) => key.text === "data");
    const lines: readonly (readonly [string, string])[] = [
      // As it is written: the recipe has the path as it is on this machine.
      ["data", written ? textOf(written.value.span) : data.kind],
      ...recipeLines(recipe),
    ];
    return html`<div class="declared">
      <h3>${name} <span class="name">for ${network}</span></h3>
      <div class="docs">${markdown(declared?.docs ?? "")}</div>
      ${termList(lines)}
    </div>`;
  });
}
