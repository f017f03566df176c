/** The rules of expressions: values, operators, lists, calls and their arguments. */
import type { IToken } from "chevrotain";
import type * as A from "./ast.js";
import { climb } from "./precedence.js";
import { RecoveringParser, type Rule } from "./recovering-parser.js";
import * as T from "./tokens.js";

export class ExpressionParser extends RecoveringParser {
  protected readonly expression: Rule<A.Expression> = this.rule("expression", () => {
    const operands = [this.SUBRULE(this.operand)];
    const operators: A.BinaryOperatorText[] = [];
    this.MANY({
      GATE: () => !this.#beginsStride(),
      DEF: () => {
        operators.push(this.CONSUME(T.BinaryOperator).image as A.BinaryOperatorText);
        operands.push(this.SUBRULE2(this.operand));
      },
    });
    return this.ACTION(() => climb(operands, operators)) as A.Expression;
  });

  /** `64 /2` is no division: a space before the slash and none behind it means the stride. */
  #beginsStride(): boolean {
    const [before, slash, after] = [this.LA(0), this.LA(1), this.LA(2)];
    if (slash.tokenType !== T.Slash) return false;
    const near = after.startOffset === slash.startOffset + 1;
    return near && (before.endOffset ?? 0) + 1 < slash.startOffset;
  }

  /** An operand with its signs and indices: `-depths[0]`. */
  protected readonly operand: Rule<A.Expression> = this.rule("operand", () => {
    const signs: IToken[] = [];
    this.MANY(() => {
      signs.push(
        this.OR([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Not) }]),
      );
    });
    let operand = this.SUBRULE(this.primary);
    this.MANY2(() => {
      this.CONSUME(T.LeftBracket);
      const at = this.SUBRULE(this.expression);
      this.CONSUME(T.RightBracket);
      operand = { kind: "index", list: operand, at, span: this.spanFrom(operand.span) };
    });
    return this.ACTION(() =>
      signs.reduceRight<A.Expression>((inside, sign) => {
        const operator = sign.image as "-" | "!";
        const span = this.file.span(sign.startOffset, inside.span.end);
        return { kind: "unary", operator, operand: inside, span };
      }, operand),
    );
  });

  protected readonly primary: Rule<A.Expression> = this.rule("primary", () => {
    const start = this.LA(1);
    return this.OR<A.Expression>({
      DEF: [
        {
          ALT: () => {
            const { image } = this.CONSUME(T.NumberLiteral);
            return { kind: "number", value: numberOf(image), span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const values = this.CONSUME(T.Dimensions).image.split("x").map(Number);
            return { kind: "dimensions", values, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const value = unquoted(this.CONSUME(T.StringLiteral));
            return { kind: "string", value, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const call = this.SUBRULE(this.call);
            return { kind: "call", call, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const name = this.nameOf(this.CONSUME(T.Identifier));
            const always = this.OPTION(() => this.CONSUME(T.Always));
            return { kind: always ? "always" : "name", name, span: this.spanFrom(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.list) },
        {
          ALT: () => {
            this.CONSUME(T.LeftParen);
            const inside = this.SUBRULE(this.expression);
            this.CONSUME(T.RightParen);
            return { ...inside, span: this.spanFrom(start) };
          },
        },
      ],
      ERR_MSG: "a value",
    });
  });

  protected readonly list: Rule<A.Expression> = this.rule("list", () => {
    const start = this.CONSUME(T.LeftBracket);
    const items: A.Expression[] = [];
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => items.push(this.SUBRULE(this.expression)),
    });
    this.CONSUME(T.RightBracket);
    return { kind: "list", items, span: this.spanFrom(start) };
  });

  /** A call inside an expression: `ResNet(Bottleneck, depths: [3, 4, 6, 3])`. */
  protected readonly call: Rule<A.Call> = this.rule("call", () => {
    const callee = this.CONSUME(T.Identifier);
    const given = this.SUBRULE(this.enclosedArguments);
    return { callee: this.nameOf(callee), arguments: given, span: this.spanFrom(callee) };
  });

  protected readonly enclosedArguments: Rule<A.Argument[]> = this.rule("enclosedArguments", () => {
    const given: A.Argument[] = [];
    this.CONSUME(T.LeftParen);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => given.push(this.SUBRULE(this.argument)),
    });
    this.CONSUME(T.RightParen);
    return given;
  });

  protected readonly argument: Rule<A.Argument> = this.rule("argument", () => {
    const start = this.LA(1);
    return this.OR<A.Argument>({
      DEF: [
        {
          ALT: () => {
            const slash = this.CONSUME(T.Slash);
            const name = { ...this.nameOf(slash), text: "stride" };
            const value = this.SUBRULE(this.operand);
            return { name, value, slash: true, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const name = this.nameOf(this.CONSUME(T.Identifier));
            this.CONSUME(T.Colon);
            const value = this.SUBRULE(this.expression);
            return { name, value, slash: false, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE2(this.expression);
            return { value, slash: false, span: this.spanFrom(start) };
          },
        },
      ],
      ERR_MSG: "an argument",
    });
  });

  protected readonly openArguments: Rule<A.Argument[]> = this.rule("openArguments", () => {
    const given: A.Argument[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => given.push(this.SUBRULE(this.argument)),
      ERR_MSG: "an argument",
    });
    return given;
  });

  /** `where a, b` */
  protected readonly conditions: Rule<A.Expression[]> = this.rule("conditions", () => {
    const conditions: A.Expression[] = [];
    this.CONSUME(T.Where);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => conditions.push(this.SUBRULE(this.expression)),
      ERR_MSG: "a condition",
    });
    this.endConditions();
    return conditions;
  });
}

const suffixes: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `25_557_032`, `0.1`, `1e-4`, `4.1G`. */
function numberOf(image: string): number {
  const factor = suffixes[image.at(-1) ?? ""];
  const digits = (factor === undefined ? image : image.slice(0, -1)).replaceAll("_", "");
  return factor === undefined ? Number(digits) : Number((Number(digits) * factor).toPrecision(15));
}

/** The text inside the quotes. */
export function unquoted(token: IToken): string {
  return token.image.replace(/^["'“”„]/, "").replace(/["'“”]$/, "");
}
