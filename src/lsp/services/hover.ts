/**
 * What stands under the cursor: what it means, what it takes, and what flows through it in the network that is being
 * checked, with its receptive field, parameters and multiply-adds.
 */
import type { Hover } from "vscode-languageserver";
import { Budget } from "../../check/budget.js";
import { evaluate } from "../../check/evaluate.js";
import type { Unit } from "../../check/program.js";
import { Collector } from "../../diagnostics/diagnostic.js";
import { changeOf } from "../../diagnostics/edits.js";
import type { SourceFile, Span } from "../../source/source.js";
import { type Argument, type Call, type ChainStep, type Expression } from "../../syntax/ast.js";
import { occurrenceAt } from "../../names/occurrences.js";
import { innermost, syntaxPath, type SyntaxNode } from "../names/syntax-path.js";
import { pageBeginning } from "../project/pages.js";
import { offsetAt, rangeOf, wordAround } from "../project/positions.js";
import type { Project, Seen } from "../project/project.js";
import {
  calleeAt,
  isLiteral,
  printCallee,
  shownValue,
  slotOf,
  type Callee,
  type CalleeSlot,
} from "./callees.js";
import { callPlace, callsAt } from "./call-places.js";
import { entityText } from "./entity-text.js";
import { listedValues, settingText, slotText, wordText } from "./hover-text.js";
import { code, line, paragraphs } from "./markdown.js";
import { shapeLines } from "./shape-text.js";

/** What to show of a place of a document; undefined where there is nothing to say. */
export function hover(
  project: Project,
  path: string,
  position: { readonly line: number; readonly character: number },
): Hover | undefined {
  const file = project.file(path);
  if (file === undefined) return undefined;
  const offset = offsetAt(file, position);
  const last = project.isQuick(path) ? undefined : project.lastAnalysis(path);
  const before = last?.result.program?.entry;
  if (before) return hoverBefore(project, before, file, offset);
  const unit = project.unit(path);
  const found = unit && new HoverAt(project, unit, offset).find();
  return found && shown(found, rangeOf(found.span));
}

function shown({ text }: Found, range: Hover["range"] & object): Hover | undefined {
  return text === "" ? undefined : { contents: { kind: "markdown", value: text }, range };
}

/**
 * What the last check knew, where the check of a text takes longer than a question may and this text has not been
 * checked yet: nothing of what has changed since, and everything of what stands before and behind it.
 */
function hoverBefore(
  project: Project,
  unit: Unit,
  file: SourceFile,
  offset: number,
): Hover | undefined {
  const { span, text } = changeOf(unit.file, file.text);
  const shift = text.length - (span.end - span.start);
  const isBehind = offset >= span.start + text.length;
  if (offset >= span.start && !isBehind) return undefined;
  const found = new HoverAt(project, unit, isBehind ? offset - shift : offset).find();
  if (found === undefined) return undefined;
  const moved = (at: number): number => (at >= span.end ? at + shift : at);
  const range = rangeOf(file.span(moved(found.span.start), moved(found.span.end)));
  return shown(found, range);
}

interface Found {
  readonly text: string;
  readonly span: Span;
}

class HoverAt {
  readonly #path: readonly SyntaxNode[];
  readonly #word: Span;

  constructor(
    private readonly project: Project,
    private readonly unit: Unit,
    private readonly offset: number,
  ) {
    this.#path = syntaxPath(unit, offset);
    this.#word = wordAround(unit.file, offset);
  }

  find(): Found | undefined {
    if (this.#inComment()) return this.#code();
    return (
      this.#named() ??
      this.#setting() ??
      this.#callee() ??
      this.#argumentName() ??
      this.#keyword() ??
      this.#value() ??
      this.#flow()
    );
  }

  get #text(): string {
    return this.unit.file.text.slice(this.#word.start, this.#word.end);
  }

  #inComment(): boolean {
    const { comments } = this.project.parsed(this.unit.file).unit;
    return comments.some(({ span }) => span.start <= this.offset && this.offset < span.end);
  }

  /** A code or a rule in a comment: what its page says first. */
  #code(): Found | undefined {
    const { file } = this.unit;
    const { line } = file.position(this.offset);
    const start = file.lineStarts[line - 1] ?? 0;
    for (const { 0: text, index } of file.line(line).matchAll(/[A-Za-z0-9]+(?:-[a-z0-9]+)*/g)) {
      const span = file.span(start + index, start + index + text.length);
      if (covers(span, this.offset)) return { text: pageBeginning(text), span };
    }
    return undefined;
  }

  #named(): Found | undefined {
    const occurrence = occurrenceAt(this.unit, this.offset);
    if (occurrence === undefined) return undefined;
    const { entity, span, role } = occurrence;
    const step = innermost(this.#path, "step");
    const isCallee = step?.kind === "call" && step.call.callee.span.start === span.start;
    const isUse = role !== "definition" && role !== "import";
    const value = entity.kind === "parameter" && isUse ? this.#valueHere(entity.name.text) : "";
    const flow = isCallee ? line(...shapeLines(this.#through(step))) : "";
    const text = isCallee && flow !== "" ? this.#calleeText(step.call) : undefined;
    return { text: paragraphs(text ?? entityText(this.project, entity), flow, value), span };
  }

  /** What flowed through a step; the step of a stage is the whole stage. */
  #through(step: ChainStep): readonly Seen[] {
    const item = innermost(this.#path, "item");
    const span = item?.kind === "stage" && item.step === step ? item.span : step.span;
    return this.project.passages(span);
  }

  /** The block that a step calls, without what flowed through its other calls. */
  #calleeText(call: Call): string | undefined {
    const place = callPlace(this.#path, this.#values());
    const callee = place && calleeAt(this.unit, call.callee.text, place);
    return callee && paragraphs(code(`${callee.kind} ${printCallee(callee)}`), callee.docs);
  }

  #values(): ReadonlyMap<string, ReturnType<typeof evaluate>> | undefined {
    return this.#seen()[0]?.passage.values;
  }

  /** What flowed through the innermost syntax around the cursor through which anything did. */
  #seen(): readonly Seen[] {
    for (const each of [...this.#path].reverse()) {
      const span =
        each.is === "declaration" && "name" in each.node ? each.node.name.span : each.node.span;
      const seen = this.project.passages(span);
      if (seen.length > 0) return seen;
    }
    return [];
  }

  #valueHere(name: string): string {
    const values = new Set(
      this.#seen().map(({ passage }) =>
        passage.values.has(name) ? shownValue(passage.values.get(name)) : "",
      ),
    );
    values.delete("");
    return values.size === 0 ? "" : `in this place ${listedValues(values)}`;
  }

  #setting(): Found | undefined {
    const setting = innermost(this.#path, "setting");
    if (setting === undefined || !covers(setting.key.span, this.offset)) return undefined;
    return { text: settingText(setting), span: setting.key.span };
  }

  /** The callee of the innermost call, if the cursor is on its name. */
  #callee(): Found | undefined {
    const call = callsAt(this.#path).find(({ callee }) => covers(callee.span, this.offset));
    const callee = call && this.#calleeOf(call);
    if (call === undefined || callee === undefined) return undefined;
    const step = innermost(this.#path, "step");
    const flow = step?.kind === "call" && step.call === call ? shapeLines(this.#through(step)) : [];
    const text = paragraphs(code(printCallee(callee)), callee.docs, line(...flow));
    return { text, span: call.callee.span };
  }

  #calleeOf(call: Call): Callee | undefined {
    const place = callPlace(this.#path, this.#values(), call);
    return place && calleeAt(this.unit, call.callee.text, place);
  }

  #slot(): { slot: CalleeSlot; argument: Argument; callee: Callee } | undefined {
    const argument = innermost(this.#path, "argument");
    const call = argument && callsAt(this.#path).find((each) => each.arguments.includes(argument));
    const callee = call && this.#calleeOf(call);
    const slot = callee && slotOf(callee, call, argument);
    return slot && { slot, argument, callee };
  }

  #argumentName(): Found | undefined {
    const found = this.#slot();
    const name = found?.argument.name;
    if (found === undefined || name === undefined || !covers(name.span, this.offset)) {
      return undefined;
    }
    return { text: slotText(found.slot, found.callee), span: name.span };
  }

  #keyword(): Found | undefined {
    const word = this.#text;
    const docs = wordText(word, this.#path);
    if (docs === undefined) return undefined;
    const flow = shapeLines(this.#flowOfWord(word));
    return { text: paragraphs(line(...flow), `**${word}**: ${docs}`), span: this.#word };
  }

  /** What flows through the construct that a word begins. */
  #flowOfWord(word: string): readonly Seen[] {
    const item = innermost(this.#path, "item");
    const step = innermost(this.#path, "step");
    if (word === "shortcut" && step?.kind === "residual") {
      return this.project.passages(step.shortcutSpan);
    }
    if ((word === "stem" || word === "head") && item && "chain" in item) {
      return this.project.passages(item.chain.span);
    }
    if ((word === "stage" || word === "input") && item) return this.project.passages(item.span);
    const isStep = ["residual", "branches", "gate", "from"].includes(word);
    return isStep && step ? this.project.passages(step.span) : [];
  }

  /** A value: what it is for, and what it comes to. */
  #value(): Found | undefined {
    const expression = innermost(this.#path, "expression");
    if (expression === undefined) return this.#settingValue();
    const found = this.#slot();
    const outer = found?.argument.value ?? expression;
    const result = isLiteral(outer) ? "" : this.#evaluated(outer);
    const text = found ? paragraphs(slotText(found.slot, found.callee), result) : result;
    return text === "" ? this.#settingValue() : { text, span: outer.span };
  }

  #settingValue(): Found | undefined {
    const setting = innermost(this.#path, "setting");
    if (setting === undefined) return undefined;
    return { text: settingText(setting), span: setting.value.span };
  }

  /** What an expression comes to in the elaborations of its place. */
  #evaluated(expression: Expression): string {
    const results = new Set<string>();
    for (const { passage } of this.#seen().slice(0, 1000)) {
      const values = new Map(passage.values);
      const scope = { unit: this.unit, values, given: new Map(), notes: [] };
      const silent = { found: new Collector(), budget: new Budget() };
      const value = evaluate(expression, { ...scope, ...silent });
      if (value) results.add(shownValue(value));
    }
    return results.size === 0 ? "" : `in this place ${listedValues(results)}`;
  }

  /** Between the steps: what flows there. */
  #flow(): Found | undefined {
    const node = this.#path.findLast(({ is }) => is === "step" || is === "item");
    if (node === undefined) return undefined;
    const seen = this.project.passages(node.node.span);
    return { text: line(...shapeLines(seen)), span: node.node.span };
  }
}

function covers({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
