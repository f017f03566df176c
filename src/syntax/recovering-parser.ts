/**
 * How the parser recovers: what is wrong inside an item is reported once and skipped, brace for
 * brace, to the end of that item. No token is ever inserted or deleted.
 */
import {
  EmbeddedActionsParser,
  EOF,
  tokenLabel,
  type IOrAlt,
  type IRecognitionException,
  type IToken,
  type ParserMethod,
  type TokenType,
} from "chevrotain";
import { SourceFile, type Span } from "../source/source.js";
import type * as A from "./ast.js";
import { isMisspelling } from "./misspelling.js";
import * as T from "./tokens.js";

/** What the parser wanted where it met `found`. */
export interface SyntaxFault {
  readonly found: IToken;
  readonly expected: string;
  /** The token before `found`. */
  readonly before: IToken;
  /** The name of the rule that was being read. */
  readonly rule: string;
  /** The first token of the item at hand, where that item is read but does not end. */
  readonly first?: IToken;
  /** The first token of the declaration around it. */
  readonly declaration?: IToken | undefined;
  /** Whether all that is missing is the brace before a body that is there. */
  readonly bodyFollows?: boolean;
  /** Whether it is in a condition, or right behind one: of `where`, or of what is expected. */
  readonly inCondition?: boolean;
  /** Whether it is within a setting of a recipe. */
  readonly inSetting?: boolean;
  /** The word of the language that `found` was most likely meant to be. */
  readonly meant?: string;
}

export type Rule<R> = ParserMethod<[], R>;

/** What an item is made of, for messages. */
interface ItemWords {
  /** What may begin it, and what may end it, in words. */
  readonly begins: string;
  readonly ends: string;
  /** The words of the language that may begin it. */
  readonly keywords?: readonly TokenType[];
  /** Whether what was read stands although something superfluous follows it. */
  readonly kept?: boolean;
}

const atItemEnd = (type: TokenType): boolean =>
  type === T.Newline || type === T.RightBrace || type === EOF;

export class RecoveringParser extends EmbeddedActionsParser {
  protected file = new SourceFile("", "");
  /** Chevrotain's own switch. */
  declare protected recoveryEnabled: boolean;
  #faults: SyntaxFault[] = [];
  #unreadable: Span[] = [];
  /** The first tokens of the items that are being read, innermost last. */
  #starts: IToken[] = [];
  /** Names that the file declares or imports: no word of the language was meant by one. */
  #declared: ReadonlySet<string> = new Set();
  /** The last token of the conditions that were read last. */
  #conditionEnd: IToken | undefined;
  readonly #keywords = new Map<unknown, readonly string[]>();
  /** Off: what is wrong inside a repetition is its item's fault, and ends with the item. */
  protected readonly attemptInRepetitionRecovery = (): void => undefined;

  /** @param validate whether chevrotain holds the grammar against its own rules, which costs time. */
  constructor(validate: boolean) {
    super([...T.tokenTypes], {
      skipValidations: !validate,
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: "none",
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
        buildNotAllInputParsedMessage: () => "nothing more",
        buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "",
        buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "",
      },
    });
  }

  protected begin(file: SourceFile, tokens: IToken[]): void {
    this.file = file;
    this.#faults = [];
    this.#unreadable = [];
    this.#starts = [];
    this.#conditionEnd = undefined;
    this.#declared = declaredNames(tokens);
    this.input = tokens;
  }

  protected get faultCount(): number {
    return this.#faults.length;
  }

  /** Everything that was wrong, in the order of the text. */
  protected get faults(): readonly SyntaxFault[] {
    return [...this.#faults].sort((a, b) => a.found.startOffset - b.found.startOffset);
  }

  /** The items that were skipped, in the order in which they end. */
  protected get unreadable(): readonly Span[] {
    return this.#unreadable;
  }

  /** Takes note of an error of chevrotain's. */
  protected fault(error: IRecognitionException): undefined {
    const before = (error as { previousToken?: IToken }).previousToken ?? error.token;
    const { ruleStack } = error.context;
    const rule = ruleStack.at(-1) ?? "";
    const inside = ruleStack.includes("conditions") || ruleStack.includes("expectation");
    const inCondition = inside || before === this.#conditionEnd;
    const inSetting = ruleStack.includes("setting");
    const where = { before, rule, inCondition, inSetting, declaration: this.#starts[0] };
    this.#faults.push({ found: error.token, expected: error.message, ...where });
  }

  /** Takes note that conditions end with what was read last. */
  protected endConditions(): void {
    this.ACTION(() => (this.#conditionEnd = this.LA(0)));
  }

  /** A rule whose errors rise to the item around it. */
  protected rule<R>(name: string, read: () => R): Rule<R> {
    return this.RULE(name, read, { resyncEnabled: false });
  }

  /**
   * One item of a list in braces or of the file; `undefined` where it could not be read to its end,
   * which is one fault.
   */
  protected item<R>(
    name: string,
    words: ItemWords,
    alternatives: () => IOrAlt<R>[],
  ): Rule<R | undefined> {
    const rule = this.RULE<() => R | undefined>(
      name,
      () => {
        const first = this.LA(1);
        this.ACTION(() => this.#starts.push(first));
        const unreadable: IOrAlt<undefined> = {
          ALT: () => this.#skipItem(this.CONSUME9(T.Anything), words.begins, name),
          IGNORE_AMBIGUITIES: true,
        };
        // One token tells the alternatives apart; with more, the last would shadow short items.
        const read = this.OR9<R | undefined>({
          DEF: [...alternatives(), unreadable],
          MAX_LOOKAHEAD: 1,
        });
        return this.ACTION(() => {
          this.#starts.pop();
          if (atItemEnd(this.LA(1).tokenType)) return read;
          this.#skipItem(this.LA(1), words.ends, name, first);
          return words.kept ? read : undefined;
        });
      },
      {
        resyncEnabled: true,
        recoveryValueFunc: (error?: IRecognitionException) => {
          this.#starts.pop();
          return error && this.fault(error);
        },
      },
    );
    this.#keywords.set(
      rule,
      (words.keywords ?? []).map(({ PATTERN }) => String(PATTERN)),
    );
    return rule;
  }

  /** Takes note of an item that could not be read. */
  protected lose(rule: unknown, start: IToken): Span {
    const span = this.spanFrom(start);
    this.#unreadable.push(span);
    const meant =
      start.tokenType === T.Identifier && !this.#declared.has(start.image)
        ? this.#keywords.get(rule)?.find((word) => isMisspelling(start.image, word))
        : undefined;
    // The last fault is this item's own; faults of items inside it came before.
    const last = this.#faults.at(-1);
    if (meant === undefined || last === undefined || last.found.startOffset < span.start) {
      return span;
    }
    this.#faults[this.#faults.length - 1] = {
      ...last,
      found: start,
      expected: `\`${meant}\``,
      meant,
    };
    return span;
  }

  /** `{ item newline item … }`; `hole` stands for an item that could not be read. */
  protected braced<R>(item: () => Rule<R | undefined>, hole?: (span: Span) => R): R[] {
    const items: R[] = [];
    this.CONSUME9(T.LeftBrace);
    this.MANY_SEP9({
      SEP: T.Newline,
      DEF: () => {
        const start = this.LA(1);
        const read = this.SUBRULE9(item());
        this.ACTION(() => {
          if (read !== undefined) items.push(read);
          else {
            const span = this.lose(item(), start);
            if (hole) items.push(hole(span));
          }
        });
      },
    });
    this.CONSUME9(T.RightBrace);
    return items;
  }

  /** Skips what is left of an item; `found` may have been consumed already. */
  #skipItem(found: IToken, expected: string, rule: string, first?: IToken): undefined {
    this.ACTION(() => {
      const consumed = found !== this.LA(1);
      const before = this.LA(consumed ? -1 : 0);
      const inCondition = rule === "expectation" || before === this.#conditionEnd;
      const inSetting = rule === "setting";
      const [declaration] = this.#starts;
      const where = { before, rule, inCondition, inSetting, declaration, ...(first && { first }) };
      this.#faults.push({ found, expected, ...where });
      if (consumed && found.tokenType === T.LeftBrace) this.#skipGroup(1);
      while (!atItemEnd(this.LA(1).tokenType)) this.SKIP_TOKEN();
    });
  }

  /** No token is inserted or deleted, so the search for one that fits is left out. */
  protected consumeInternalRecovery(_type: TokenType, _index: number, error: Error): never {
    throw error;
  }

  /** Skips a token, or a whole group in braces. Chevrotain, too, skips through this method. */
  protected override SKIP_TOKEN(): IToken {
    const { tokenType } = this.LA(1);
    const next = super.SKIP_TOKEN();
    return tokenType === T.LeftBrace ? this.#skipGroup(1) : next;
  }

  /** Skips to the end of the group in braces that is open `depth` braces deep. */
  #skipGroup(depth: number): IToken {
    let open = depth;
    let next = this.LA(1);
    while (open > 0 && next.tokenType !== EOF) {
      if (next.tokenType === T.LeftBrace) open++;
      else if (next.tokenType === T.RightBrace) open--;
      next = super.SKIP_TOKEN();
    }
    return next;
  }

  /** Skips to where the item at hand ends: a newline, the brace that closes what is around it, the file's end. */
  protected findReSyncTokenType(): TokenType {
    this.#skipGroup(this.#openBraces());
    while (!atItemEnd(this.LA(1).tokenType)) this.SKIP_TOKEN();
    return this.LA(1).tokenType;
  }

  /** How many braces the item at hand has opened so far. */
  #openBraces(): number {
    const start = this.#starts.at(-1);
    let open = 0;
    for (let back = 0; ; back--) {
      const token = this.LA(back);
      const before = token.startOffset < (start?.startOffset ?? Infinity);
      if (token.tokenType === EOF || before) return Math.max(0, open);
      if (token.tokenType === T.LeftBrace) open++;
      else if (token.tokenType === T.RightBrace) open--;
    }
  }

  /** From a token or a span to the end of what was read last. */
  protected spanFrom(start: IToken | Span): Span {
    if (this.RECORDING_PHASE) return this.file.span(0, 0);
    const last = this.LA(0);
    const begin = "startOffset" in start ? start.startOffset : start.start;
    return this.file.span(begin, Math.max(begin, (last.endOffset ?? last.startOffset) + 1));
  }

  /** A name, which is one token. */
  protected nameOf(token: IToken): A.Name {
    const { image, startOffset } = token;
    return { text: image, span: this.file.span(startOffset, startOffset + image.length) };
  }
}

/** The names after `block` and in the braces of imports. */
function declaredNames(tokens: readonly IToken[]): ReadonlySet<string> {
  const names = new Set<string>();
  let importing = false;
  for (const [index, { tokenType, image }] of tokens.entries()) {
    if (tokenType === T.Import) importing = true;
    else if (tokenType === T.RightBrace || tokenType === T.Newline) importing = false;
    const declared = importing || tokens[index - 1]?.tokenType === T.Block;
    if (declared && tokenType === T.Identifier) names.add(image);
  }
  return names;
}
