/**
 * The shape after each operation, beside it. In a block, and in a network that is checked several times, they are the
 * shapes of the first time, which is said beside its header.
 */
import { InlayHintKind, type InlayHint, type Range } from "vscode-languageserver";
import { grouped } from "../../diagnostics/numbers.js";
import { printType } from "../../shapes/index.js";
import type { Span } from "../../source/source.js";
import type { ChainStep } from "../../syntax/ast.js";
import { childrenOf, type SyntaxNode } from "../names/syntax-path.js";
import { positionAt, spanOf } from "../project/positions.js";
import type { Project, Seen } from "../project/project.js";
import { printedIn, printWhere, shapeLines } from "./shape-text.js";
import { line } from "./markdown.js";

/** Which operations have a hint: all, or those that change the shape. */
export type HintedSteps = "all" | "changes";

/** The hints within a range of a document. */
export function inlayHints(
  project: Project,
  path: string,
  range: Range,
  which: HintedSteps,
): readonly InlayHint[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  const within = spanOf(unit.file, range);
  const hints: InlayHint[] = [];
  const visit = (node: SyntaxNode): void => {
    const { span } = node.node;
    if (span.end < within.start || span.start > within.end) return;
    if (node.is === "declaration") {
      if (node.node.kind === "train" || node.node.kind === "import") return;
      hints.push(...headerHint(project, node.node));
    }
    for (const child of childrenOf(node)) {
      if (child.is !== "expression" && child.is !== "argument" && child.is !== "parameter") {
        visit(child);
      }
    }
    if (node.is === "step") hints.push(...stepHint(project, node.node, which));
    if (node.is === "item" && node.node.kind === "stage") {
      hints.push(...stageHint(project, node.node.span, node.node.step));
    }
  };
  for (const node of unit.declarations) visit({ is: "declaration", node });
  return hints.filter(({ position }) => isWithin(position, range));
}

function isWithin({ line: at, character }: InlayHint["position"], { start, end }: Range): boolean {
  const after = at > start.line || (at === start.line && character >= start.character);
  return after && (at < end.line || (at === end.line && character <= end.character));
}

/** Beside a header: which of several elaborations the shapes below are of. */
function headerHint(
  project: Project,
  declaration: Extract<SyntaxNode, { is: "declaration" }>["node"],
): readonly InlayHint[] {
  if (declaration.kind !== "block" && declaration.kind !== "network") return [];
  const seen = project.passages(declaration.name.span);
  const [first] = seen;
  if (first === undefined) return [];
  if (declaration.kind === "network" && seen.length === 1) return [];
  const where = printWhere(first).replace(/^in /, "") || first.passage.network;
  const count = seen.length === 1 ? "" : `, the first of ${grouped(seen.length)}`;
  const last = declaration.parameters.at(-1)?.span.end ?? declaration.name.span.end;
  const closing =
    declaration.parameters.length > 0 ? declaration.span.file.text.indexOf(")", last) + 1 : last;
  const label = `shapes of ${where}${count}`;
  return [
    { position: positionAt(declaration.span.file, closing || last), label, paddingLeft: true },
  ];
}

function stepHint(project: Project, step: ChainStep, which: HintedSteps): readonly InlayHint[] {
  // A stage has its own hint, of all its blocks.
  const [first] = project.passages(step.span);
  if (first === undefined || step.kind === "unreadable") return [];
  const changes = printType(first.passage.before) !== printType(first.passage.after);
  if (which === "changes" && !changes && step.kind !== "from") return [];
  const end =
    step.kind === "call"
      ? step.call.span.end
      : step.kind === "residual"
        ? step.shortcutSpan.end
        : step.span.end;
  return [hintOf(project, first, step.span, end)];
}

function stageHint(project: Project, span: Span, step: ChainStep): readonly InlayHint[] {
  const [first] = project.passages(span);
  return first ? [hintOf(project, first, span, step.span.end)] : [];
}

function hintOf(project: Project, seen: Seen, span: Span, end: number): InlayHint {
  const { passage } = seen;
  const value = line(...shapeLines(project.passages(span)));
  return {
    position: positionAt(span.file, end),
    label: `${printedIn(seen, passage.after)}${passage.guessed ? "?" : ""}`,
    kind: InlayHintKind.Type,
    paddingLeft: true,
    tooltip: { kind: "markdown", value },
  };
}
