/**
 * The grammar, as a chevrotain parser that builds the syntax tree as it goes. It expects balanced
 * braces and newlines put in by the layout.
 */
import { EOF, type IOrAlt, type IToken } from "chevrotain";
import type { SourceFile, Span } from "../source/source.js";
import type * as A from "./ast.js";
import { ChainParser } from "./chain-parser.js";
import { unquoted } from "./expression-parser.js";
import type { Rule, SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";

export class ResnetParser extends ChainParser {
  #declarations: A.Declaration[] = [];
  #docs: ReadonlyMap<number, string> = new Map();
  /** Names of declarations that could not be read. */
  #lost: string[] = [];

  /** @param validate whether the grammar itself is validated; a test does so once. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Parses the laid-out tokens of a file; `docs` has the `///` text by the line that it stands above. */
  parseUnit(
    file: SourceFile,
    tokens: IToken[],
    docs: ReadonlyMap<number, string>,
  ): {
    declarations: readonly A.Declaration[];
    lost: readonly string[];
    unreadable: readonly Span[];
    faults: readonly SyntaxFault[];
  } {
    this.#docs = docs;
    this.#lost = [];
    this.#declarations = [];
    this.begin(file, tokens);
    this.unit();
    const { faults, unreadable } = this;
    return { declarations: this.#declarations, lost: this.#lost, unreadable, faults };
  }

  /** Parses laid-out tokens that are one expression, for values from a command line. */
  parseExpression(
    file: SourceFile,
    tokens: IToken[],
  ): { expression: A.Expression | undefined; faults: readonly SyntaxFault[] } {
    this.begin(file, tokens);
    const expression = this.expression();
    const { errors } = this;
    for (const error of errors) this.fault(error);
    return { expression: errors.length > 0 ? undefined : expression, faults: this.faults };
  }

  protected readonly unit: Rule<void> = this.rule("unit", () => {
    this.MANY_SEP({
      SEP: T.Newline,
      DEF: () => {
        const keyword = this.LA(1);
        const names = this.ACTION(() => this.#namesOnLine());
        const faultsBefore = this.faultCount;
        const declared = this.SUBRULE(this.declaration);
        this.ACTION(() => {
          const docs = this.#docs.get(keyword.startLine ?? 0) ?? "";
          if (declared) {
            const broken = this.faultCount > faultsBefore;
            this.#declarations.push({ ...declared, docs, broken });
          } else {
            this.lose(this.declaration, keyword);
            for (const name of names) this.#lost.push(name);
          }
        });
      },
    });
    this.CONSUME(EOF);
  });

  /** The names that the line ahead speaks of, in case it cannot be read. */
  #namesOnLine(): string[] {
    const names: string[] = [];
    const line = this.LA(1).startLine;
    for (let ahead = 1; this.LA(ahead).startLine === line; ahead++) {
      if (this.LA(ahead).tokenType === T.Identifier) names.push(this.LA(ahead).image);
    }
    return names;
  }

  protected readonly declaration: Rule<A.Declaration | undefined> = this.item(
    "declaration",
    {
      begins: "`import`, `block`, `network` or `train`",
      ends: "a new line",
      keywords: [T.Import, T.Block, T.Network, T.Train],
      kept: true,
    },
    (): IOrAlt<A.Declaration>[] => [
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.blockDeclaration) },
      { ALT: () => this.SUBRULE(this.networkDeclaration) },
      { ALT: () => this.SUBRULE(this.trainDeclaration) },
    ],
  );

  protected readonly importDeclaration: Rule<A.ImportDeclaration> = this.rule(
    "importDeclaration",
    () => {
      const start = this.CONSUME(T.Import);
      const names: { name: A.Name; alias?: A.Name }[] = [];
      this.CONSUME(T.LeftBrace);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const name = this.nameOf(this.CONSUME(T.Identifier));
          const alias = this.OPTION(() => {
            this.CONSUME(T.As);
            return this.nameOf(this.CONSUME2(T.Identifier));
          });
          names.push({ name, ...(alias && { alias }) });
        },
        ERR_MSG: "a name to import",
      });
      this.CONSUME(T.RightBrace);
      this.CONSUME(T.From);
      const path = this.CONSUME(T.StringLiteral);
      const from = { value: unquoted(path), span: this.spanFrom(path) };
      return { kind: "import", names, from, docs: "", broken: false, span: this.spanFrom(start) };
    },
  );

  protected readonly blockDeclaration: Rule<A.BlockDeclaration> = this.rule(
    "blockDeclaration",
    () => {
      const start = this.CONSUME(T.Block);
      const name = this.nameOf(this.CONSUME(T.Identifier));
      const parameters = this.OPTION(() => this.SUBRULE(this.parameters)) ?? [];
      const where = this.OPTION2(() => this.SUBRULE(this.conditions)) ?? [];
      const body = this.SUBRULE(this.chain);
      const span = this.spanFrom(start);
      return { kind: "block", name, parameters, where, body, docs: "", broken: false, span };
    },
  );

  protected readonly parameters: Rule<A.Parameter[]> = this.rule("parameters", () => {
    const parameters: A.Parameter[] = [];
    this.CONSUME(T.LeftParen);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => {
        const token = this.CONSUME(T.Identifier);
        const name = this.nameOf(token);
        const value = this.OPTION(() => {
          this.CONSUME(T.Assign);
          return this.SUBRULE(this.expression);
        });
        parameters.push({ name, ...(value && { default: value }), span: this.spanFrom(token) });
      },
    });
    this.CONSUME(T.RightParen);
    return parameters;
  });

  protected readonly networkDeclaration: Rule<A.NetworkDeclaration | A.InstanceDeclaration> =
    this.rule("networkDeclaration", () => {
      const start = this.CONSUME(T.Network);
      const name = this.nameOf(this.CONSUME(T.Identifier));
      return this.OR<A.NetworkDeclaration | A.InstanceDeclaration>({
        DEF: [
          {
            ALT: () => {
              this.CONSUME(T.Assign);
              const call = this.SUBRULE(this.call);
              const expects = this.OPTION(() => this.SUBRULE(this.expectations)) ?? [];
              const span = this.spanFrom(start);
              return { kind: "instance", name, call, expects, docs: "", broken: false, span };
            },
          },
          {
            ALT: () => {
              const parameters = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? [];
              const where = this.OPTION3(() => this.SUBRULE(this.conditions)) ?? [];
              const items = this.SUBRULE(this.networkItems);
              const span = this.spanFrom(start);
              const rest = { parameters, where, items, docs: "", broken: false, span };
              return { kind: "network", name, ...rest };
            },
          },
        ],
        ERR_MSG: "`(`, `{` or `=`",
      });
    });

  protected readonly networkItems: Rule<A.NetworkItem[]> = this.rule("networkItems", () =>
    this.braced(
      () => this.networkItem,
      (span): A.NetworkItem[] => [{ kind: "step", step: { kind: "unreadable", span }, span }],
    ).flat(),
  );

  protected readonly networkItem: Rule<A.NetworkItem[] | undefined> = this.item(
    "networkItem",
    {
      begins: "`input`, `stem`, `stage`, `head`, `expect` or an operation",
      ends: "`,`, `->` or a new line",
      keywords: [
        ...[T.Input, T.Stem, T.Stage, T.Head, T.Expect],
        ...[T.Residual, T.Branches, T.Gate, T.From],
      ],
    },
    () => [
      { ALT: () => [this.SUBRULE(this.inputItem)] },
      { ALT: () => [this.SUBRULE(this.stemItem)] },
      { ALT: () => [this.SUBRULE(this.stageItem)] },
      { ALT: () => [this.SUBRULE(this.headItem)] },
      { ALT: () => [this.SUBRULE(this.expectItem)] },
      {
        ALT: () => {
          const steps = this.SUBRULE(this.steps);
          return this.ACTION(() => steps.map((step) => ({ kind: "step", step, span: step.span })));
        },
      },
    ],
  );

  protected readonly inputItem: Rule<A.NetworkItem> = this.rule("inputItem", () => {
    const start = this.CONSUME(T.Input);
    const shape = this.SUBRULE(this.expression);
    const where = this.OPTION(() => this.SUBRULE(this.conditions)) ?? [];
    return { kind: "input", shape, where, span: this.spanFrom(start) };
  });

  protected readonly stemItem: Rule<A.NetworkItem> = this.rule("stemItem", () => {
    const start = this.CONSUME(T.Stem);
    const chain = this.SUBRULE(this.chain);
    return { kind: "stem", chain, span: this.spanFrom(start) };
  });

  protected readonly stageItem: Rule<A.NetworkItem> = this.rule("stageItem", () => {
    const start = this.CONSUME(T.Stage);
    const name = this.nameOf(this.CONSUME(T.Identifier));
    this.CONSUME(T.Colon);
    const step = this.SUBRULE(this.callStep);
    return { kind: "stage", name, step, span: this.spanFrom(start) };
  });

  protected readonly headItem: Rule<A.NetworkItem> = this.rule("headItem", () => {
    const start = this.CONSUME(T.Head);
    const name = this.OPTION(() => this.nameOf(this.CONSUME(T.Identifier)));
    const chain = this.SUBRULE(this.chain);
    return { kind: "head", chain, ...(name && { name }), span: this.spanFrom(start) };
  });

  protected readonly expectItem: Rule<A.ExpectItem> = this.rule("expectItem", () => {
    const start = this.CONSUME(T.Expect);
    const conditions = this.braced(() => this.expectation);
    return { kind: "expect", conditions, span: this.spanFrom(start) };
  });

  protected readonly expectation: Rule<A.Expression | undefined> = this.item(
    "expectation",
    { begins: "a condition such as `params == 25_557_032`", ends: "an operator or a new line" },
    () => [{ ALT: () => this.SUBRULE(this.expression) }],
  );

  /** The braces of an instance: nothing but `expect` stands in them. */
  protected readonly expectations: Rule<A.ExpectItem[]> = this.rule("expectations", () =>
    this.braced(() => this.instanceItem),
  );

  protected readonly instanceItem: Rule<A.ExpectItem | undefined> = this.item(
    "instanceItem",
    { begins: "`expect`", ends: "a new line", keywords: [T.Expect] },
    () => [{ ALT: () => this.SUBRULE(this.expectItem) }],
  );

  protected readonly trainDeclaration: Rule<A.TrainDeclaration> = this.rule(
    "trainDeclaration",
    () => {
      const start = this.CONSUME(T.Train);
      const name = this.nameOf(this.CONSUME(T.Identifier));
      this.CONSUME(T.For);
      const network = this.nameOf(this.CONSUME2(T.Identifier));
      const settings = this.braced(() => this.setting);
      const span = this.spanFrom(start);
      return { kind: "train", name, network, settings, docs: "", broken: false, span };
    },
  );

  protected readonly setting: Rule<A.Setting | undefined> = this.item(
    "setting",
    { begins: "a setting such as `batch 128`", ends: "a new line" },
    () => [{ ALT: () => this.SUBRULE(this.settingPair) }],
  );

  protected readonly settingPair: Rule<A.Setting> = this.rule("settingPair", () => {
    const key = this.nameOf(this.CONSUME(T.Identifier));
    const value = this.OR<A.Chain | A.Expression>({
      DEF: [{ ALT: () => this.SUBRULE(this.chain) }, { ALT: () => this.SUBRULE(this.expression) }],
      ERR_MSG: "a value or `{ … }`",
    });
    return { key, value, span: this.spanFrom(key.span) };
  });
}
