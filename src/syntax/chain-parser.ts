/** The rules of chains: calls, residuals, branches, gates and places. */
import { EOF, type TokenType } from "chevrotain";
import type * as A from "./ast.js";
import { ExpressionParser } from "./expression-parser.js";
import { isMisspelling } from "./misspelling.js";
import type { Rule } from "./recovering-parser.js";
import * as T from "./tokens.js";

const endsStep: ReadonlySet<TokenType> = new Set([
  T.Newline,
  T.Arrow,
  T.LeftBrace,
  T.RightBrace,
  EOF,
]);

export class ChainParser extends ExpressionParser {
  protected readonly chain: Rule<A.Chain> = this.rule("chain", () => {
    const start = this.LA(1);
    const steps = this.braced(
      () => this.chainItem,
      (unreadable): A.ChainStep[] => [{ kind: "unreadable", span: unreadable }],
    ).flat();
    return { steps, span: this.spanFrom(start) };
  });

  protected readonly chainItem: Rule<A.ChainStep[] | undefined> = this.item(
    "chainItem",
    {
      begins: "an operation",
      ends: "`,`, `->` or a new line",
      keywords: [T.Residual, T.Branches, T.Gate, T.From],
    },
    () => [{ ALT: () => this.SUBRULE(this.steps) }],
  );

  /** `a -> b -> c` */
  protected readonly steps: Rule<A.ChainStep[]> = this.rule("steps", () => {
    const steps: A.ChainStep[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Arrow,
      DEF: () => steps.push(this.SUBRULE(this.step)),
      ERR_MSG: "an operation",
    });
    return steps;
  });

  protected readonly step: Rule<A.ChainStep> = this.rule("step", () =>
    this.OR<A.ChainStep>({
      DEF: [
        { ALT: () => this.SUBRULE(this.residualStep) },
        { ALT: () => this.SUBRULE(this.branchesStep) },
        { ALT: () => this.SUBRULE(this.gateStep) },
        { ALT: () => this.SUBRULE(this.fromStep) },
        { ALT: () => this.SUBRULE(this.callStep) },
      ],
      ERR_MSG: "an operation",
    }),
  );

  protected readonly label: Rule<A.Name> = this.rule("label", () => {
    this.CONSUME(T.As);
    return this.nameOf(this.CONSUME(T.Identifier));
  });

  protected readonly residualStep: Rule<A.ResidualStep> = this.rule("residualStep", () => {
    const start = this.CONSUME(T.Residual);
    const chain = this.SUBRULE(this.chain);
    this.ACTION(() => this.#meetMisspeltShortcut());
    const word = this.CONSUME(T.Shortcut);
    const form = this.OR<A.ShortcutForm>({
      DEF: [
        {
          ALT: () => {
            const own = this.SUBRULE2(this.chain);
            return { kind: "chain", chain: own, span: own.span };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE(this.expression);
            return { kind: "named", value, span: value.span };
          },
        },
      ],
      ERR_MSG: "`identity`, `project`, `pad`, `none` or `{ … }`",
    });
    const shortcutSpan = this.spanFrom(word);
    const label = this.OPTION(() => this.SUBRULE(this.label));
    const span = this.spanFrom(start);
    const rest = { shortcut: form, shortcutSpan, ...(label && { label }), span };
    return { kind: "residual", chain, ...rest };
  });

  /** Goes on over the line's end to what was meant to be `shortcut`, so that it is one fault. */
  #meetMisspeltShortcut(): void {
    const [newline, word] = [this.LA(1), this.LA(2)];
    if (newline.tokenType !== T.Newline || word.tokenType !== T.Identifier) return;
    if (isMisspelling(word.image, "shortcut")) this.SKIP_TOKEN();
  }

  protected readonly branchesStep: Rule<A.BranchesStep> = this.rule("branchesStep", () => {
    const start = this.CONSUME(T.Branches);
    const merge = this.nameOf(this.CONSUME(T.Identifier));
    const branches: A.Chain[] = [];
    this.CONSUME(T.LeftBrace);
    this.MANY(() => branches.push(this.SUBRULE(this.chain)));
    this.CONSUME(T.RightBrace);
    const label = this.OPTION(() => this.SUBRULE(this.label));
    const span = this.spanFrom(start);
    return { kind: "branches", merge, branches, ...(label && { label }), span };
  });

  protected readonly gateStep: Rule<A.GateStep> = this.rule("gateStep", () => {
    const start = this.CONSUME(T.Gate);
    const chain = this.SUBRULE(this.chain);
    const label = this.OPTION(() => this.SUBRULE(this.label));
    return { kind: "gate", chain, ...(label && { label }), span: this.spanFrom(start) };
  });

  protected readonly fromStep: Rule<A.FromStep> = this.rule("fromStep", () => {
    const start = this.CONSUME(T.From);
    const place = this.nameOf(this.CONSUME(T.Identifier));
    const label = this.OPTION(() => this.SUBRULE(this.label));
    return { kind: "from", place, ...(label && { label }), span: this.spanFrom(start) };
  });

  /** `conv 3x3, 64, /2`, `4 x Bottleneck(128), /2` */
  protected readonly callStep: Rule<A.CallStep> = this.rule("callStep", () => {
    const start = this.LA(1);
    const count = this.OPTION({
      GATE: () => this.#hasCount(),
      DEF: () => {
        const value = this.SUBRULE(this.expression);
        this.CONSUME(T.Times);
        return value;
      },
    });
    const callee = this.CONSUME(T.Identifier);
    const given: A.Argument[][] = [];
    this.OR({
      DEF: [
        {
          ALT: () => {
            given.push(this.SUBRULE(this.enclosedArguments));
            this.OPTION2(() => {
              this.CONSUME(T.Comma);
              given.push(this.SUBRULE(this.openArguments));
            });
          },
        },
        { ALT: () => given.push(this.SUBRULE2(this.openArguments)), IGNORE_AMBIGUITIES: true },
        { ALT: () => undefined },
      ],
    });
    const call = {
      callee: this.nameOf(callee),
      arguments: given.flat(),
      span: this.spanFrom(callee),
    };
    const label = this.OPTION3(() => this.SUBRULE(this.label));
    const span = this.spanFrom(start);
    return { kind: "call", call, ...(count && { count }), ...(label && { label }), span };
  });

  /** Whether an `x` and a name stand ahead on this line, outside brackets: `depths[0] x Block`. */
  #hasCount(): boolean {
    let depth = 0;
    for (let ahead = 1; ; ahead++) {
      const { tokenType } = this.LA(ahead);
      if (tokenType === T.LeftParen || tokenType === T.LeftBracket) depth++;
      else if (tokenType === T.RightParen || tokenType === T.RightBracket) depth--;
      else if (endsStep.has(tokenType)) return false;
      else if (depth === 0 && (tokenType === T.Comma || tokenType === T.Colon)) return false;
      else if (depth === 0 && ahead > 1 && tokenType === T.Times) {
        const next = this.LA(ahead + 1).tokenType;
        return next === T.Identifier || T.softWords.includes(next);
      }
    }
  }
}
