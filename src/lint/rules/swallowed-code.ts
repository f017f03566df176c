/** A comment whose text is the rest of a step: `width // 4 -> relu`, where `//` was meant to divide. */
import { functionNames } from "../../check/functions.js";
import type { Unit } from "../../check/program.js";
import { usesOf } from "../../check/name-uses.js";
import { constantNames } from "../../check/scope.js";
import { writtenOperations } from "../../ops/registry.js";
import { SourceFile } from "../../source/source.js";
import type { BlockDeclaration, Declaration, Expression, SourceComment } from "../../syntax/ast.js";
import { parse } from "../../syntax/parse.js";
import { defineRule } from "../rule.js";
import { parametersOf } from "../uses.js";

export const rule = defineRule({
  name: "swallowed-code",
  group: "correctness",
  level: "warn",
  description: "No comment holds the rest of the step that it stands behind",
  needs: "syntax",
  messages: { swallowed: "`//` begins a comment, so `{text}` is none of the network" },
  options: {},

  check({ unit, file, report }) {
    for (const comment of unit.comments) {
      const { start } = comment.span;
      const declaration = unit.declarations.find(
        ({ span }) => span.start < start && start <= span.end,
      );
      const { line, column } = file.position(start);
      const before = file.line(line).slice(0, column - 1);
      const divided = dividedBy(before, declaration);
      if (divided === undefined || !goesOnAsCode(divided, comment, unit, declaration)) continue;
      const text = comment.text.slice(2).trim();
      const from = start - (before.length - before.trimEnd().length);
      const space = /^\/\/\s*/.exec(comment.text)?.[0].length ?? 2;
      const edits = [{ span: file.span(from, start + space), text: " / " }];
      const words = `a division is written \`a / b\`, and one that rounds down \`floor(a / b)\``;
      const help = { text: words, edits, applicability: "unsafe" as const };
      report("swallowed", comment.span, { text }, { help });
    }
  },
});

/** What stands before a comment, as far as it can be divided. */
interface Divided {
  /** The parameter that it is, where it is one. */
  readonly parameter?: string;
}

function dividedBy(before: string, declaration: Declaration | undefined): Divided | undefined {
  const word = /(?<![\w/]|\/\s+)([A-Za-z_]\w*|\d[\d_]*|[)\]])\s*$/.exec(before)?.[1];
  if (word === undefined || declaration === undefined) return undefined;
  if (!/^[A-Za-z_]/.test(word)) return {};
  const known = parametersOf(declaration).some(({ name }) => name.text === word);
  return known ? { parameter: word } : undefined;
}

/** How large a number is that is by itself a divisor rather than a remark on what stands before it. */
const largestDivisor = 32;

/** Whether a comment reads as a divisor and what follows it in a chain, all of whose names mean something. */
function goesOnAsCode(
  { parameter }: Divided,
  { text }: SourceComment,
  unit: Unit,
  declaration: Declaration | undefined,
): boolean {
  if (!/^\/\/(?!\/)/.test(text)) return false;
  const rest = text.slice(2).replace(/[\s}]+$/, "");
  const read = parse(new SourceFile("", `block B {\nconv 1x1, 1 / ${rest}\n}`));
  const [block] = read.unit.declarations;
  if (block?.kind !== "block" || read.diagnostics.length > 0) return false;
  const parameters = declaration === undefined ? [] : parametersOf(declaration);
  if (!meansSomething(block, unit, new Set(parameters.map(({ name }) => name.text)))) return false;
  const divisor = divisorOf(block);
  if (divisor === undefined) return /->|,/.test(rest);
  // A divisor by itself may be a remark: of a parameter's value, of the size that comes out.
  if (parameter === undefined) return false;
  if (divisor.kind === "name") return divisor.name.text !== parameter;
  if (divisor.kind !== "number") return false;
  const given = parameters.find(({ name }) => name.text === parameter)?.default;
  const isValue = given?.kind === "number" && given.value === divisor.value;
  return !isValue && divisor.value >= 2 && divisor.value <= largestDivisor;
}

/** The divisor, where nothing else follows it. */
function divisorOf({ body: { steps } }: BlockDeclaration): Expression | undefined {
  const [step, ...others] = steps;
  if (step?.kind !== "call" || others.length > 0 || step.label) return undefined;
  const [, channels, ...more] = step.call.arguments;
  if (more.length > 0 || channels?.value.kind !== "binary") return undefined;
  const { left, right } = channels.value;
  return left.kind === "number" ? right : undefined;
}

function meansSomething(
  block: BlockDeclaration,
  unit: Unit,
  parameters: ReadonlySet<string>,
): boolean {
  const { values, functions, places } = usesOf(block);
  const known = (name: string): boolean =>
    parameters.has(name) ||
    unit.names.has(name) ||
    constantNames.includes(name) ||
    writtenOperations.some((each) => each === name);
  return (
    places.length === 0 &&
    values.every(({ text }) => known(text)) &&
    functions.every(({ text }) => functionNames.includes(text))
  );
}
