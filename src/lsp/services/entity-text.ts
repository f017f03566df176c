/** What an entity is, as Markdown: how it is written, what its docs say, and what the check knows of it. */
import { counted, grouped, scaled } from "../../diagnostics/numbers.js";
import { graphCost } from "../../graph/cost.js";
import { printDomain } from "../../shapes/index.js";
import { textOf } from "../../source/source.js";
import type {
  InstanceDeclaration,
  NetworkDeclaration,
  TrainDeclaration,
} from "../../syntax/ast.js";
import { kindWords, type Entity, type PlaceEntity } from "../../names/entity.js";
import type { Project } from "../project/project.js";
import { declaredCallee, parameterDocs, printCallee, shownValue } from "./callees.js";
import { listedValues } from "./hover-text.js";
import { code, line, paragraphs } from "./markdown.js";
import { shapeLines } from "./shape-text.js";

/** The hover text of an entity. */
export function entityText(project: Project, entity: Entity): string {
  switch (entity.kind) {
    case "block": {
      const { declaration } = entity;
      const seen = project.passages(declaration.name.span);
      const header = code(`block ${printCallee(declaredCallee(declaration))}`);
      return paragraphs(header, declaration.docs, line(...shapeLines(seen)));
    }
    case "network":
      return networkText(project, entity.declaration);
    case "recipe":
      return recipeText(project, entity.declaration);
    case "parameter": {
      const { declaration, parameter } = entity;
      const header = code(`${kindWords.parameter} ${textOf(parameter.span)}`);
      const of = `of ${declaration.kind} ${declaration.name.text}`;
      const docs = parameterDocs(declaration.docs, parameter.name.text);
      return paragraphs(header, line(of, parameterValues(project, entity)), docs);
    }
    case "stage":
    case "head":
    case "place": {
      const seen = project.passages(entity.at);
      const header = code(`${entity.kind} ${entity.name.text}`);
      const shown = entity.kind === "head" ? headText(project, entity) : line(...shapeLines(seen));
      return paragraphs(header, shown);
    }
    case "size":
      return paragraphs(
        code(`size ${entity.name.text}`),
        `a height or width of the input of network ${entity.declaration.name.text}`,
        domainText(project, entity),
      );
    case "alias":
      return paragraphs(
        `\`${entity.name.text}\` stands for \`${entity.target.name.text}\``,
        entityText(project, entity.target),
      );
  }
}

function headText(project: Project, entity: PlaceEntity): string {
  const { declaration } = entity;
  if (declaration.kind !== "network") return "";
  const item = declaration.items.find((each) => each.kind === "head" && each.name === entity.name);
  return item?.kind === "head" ? line(...shapeLines(project.passages(item.chain.span))) : "";
}

/** The values that a parameter had, in the order of elaboration. */
function parameterValues(
  project: Project,
  { declaration, name }: Extract<Entity, { kind: "parameter" }>,
): string {
  const seen = project.passages(declaration.name.span);
  const values = new Set(seen.map(({ passage }) => shownValue(passage.values.get(name.text))));
  if (values.size === 0) return "";
  return `here ${listedValues(values)}`;
}

function networkText(
  project: Project,
  declaration: NetworkDeclaration | InstanceDeclaration,
): string {
  const { name, docs, span } = declaration;
  const header =
    declaration.kind === "network"
      ? `network ${printCallee(declaredCallee(declaration))}`
      : `network ${name.text} = ${textOf(declaration.call.span).replace(/\s+/g, " ")}`;
  const { trace, result } = project.analysisOf(span.file);
  const traced = trace.graphs.get(name.text);
  const needs = result.open.get(name.text);
  const known = [
    ...(traced?.whole ? [graphText(traced.graph)] : []),
    ...(needs ? [`is checked where it is used, as it needs ${needs.join(", ")}`] : []),
  ];
  return paragraphs(code(header), docs, line(...known));
}

function graphText(graph: Parameters<typeof graphCost>[0]): string {
  const { parameters, macs } = graphCost(graph);
  const parts = [`${grouped(parameters)} parameters`];
  if (macs !== undefined) parts.push(`${scaled(macs)} multiply-adds`);
  const blocks = graph.regions.filter(({ kind }) => kind === "stage");
  const count = blocks.reduce((sum, region) => sum + region.count, 0);
  if (count > 0) parts.push(counted(count, "block"));
  if (graph.domains.length > 0)
    parts.push(`for every ${graph.domains.map(printDomain).join(", ")}`);
  return parts.join(", ");
}

function domainText(project: Project, entity: Extract<Entity, { kind: "size" }>): string {
  const { name, declaration } = entity;
  const { trace } = project.analysisOf(declaration.span.file);
  for (const { graph } of trace.graphs.values()) {
    const domain = graph.domains.find(({ symbol }) => symbol === name.text);
    if (domain) return `every ${printDomain(domain)}`;
  }
  return "";
}

function recipeText(project: Project, { name, network, docs, span }: TrainDeclaration): string {
  const header = code(`train ${name.text} for ${network.text}`);
  const { recipes } = project.analysisOf(span.file).result;
  const recipe = recipes.find((each) => each.name === name.text);
  const known = recipe && `${counted(recipe.epochs, "epoch")} at batch ${grouped(recipe.batch)}`;
  return paragraphs(header, docs, known ?? "");
}
