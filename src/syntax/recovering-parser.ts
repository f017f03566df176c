/**
 * How the parser recovers: what is wrong inside an item is reported once and skipped, brace for
 * brace, to the end of that item. No token is ever inserted or deleted.
 */
import {
  EmbeddedActionsParser,
  EOF,
  tokenLabel,
  type IOrAlt,
  type IToken,
  type ParserMethod,
  type TokenType,
} from "chevrotain";
import { SourceFile, type Span } from "../source/source.js";
import type * as A from "./ast.js";
import * as T from "./tokens.js";

/** What the parser wanted where it met `found`. */
export interface SyntaxFault {
  readonly found: IToken;
  readonly expected: string;
}

export type Rule<R> = ParserMethod<[], R>;

/** What may begin an item and what may end it, in words. */
interface ItemWords {
  readonly begins: string;
  readonly ends: string;
}

const atItemEnd = (type: TokenType): boolean =>
  type === T.Newline || type === T.RightBrace || type === EOF;

export class RecoveringParser extends EmbeddedActionsParser {
  protected file = new SourceFile("", "");
  /** Chevrotain's own switch. */
  declare protected recoveryEnabled: boolean;
  #ownFaults: SyntaxFault[] = [];

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
    this.#ownFaults = [];
    this.input = tokens;
  }

  protected get faultCount(): number {
    return this.errors.length + this.#ownFaults.length;
  }

  /** Everything that was wrong, in the order of the text. */
  protected get faults(): readonly SyntaxFault[] {
    const thrown = this.errors.map((error) => ({ found: error.token, expected: error.message }));
    return [...thrown, ...this.#ownFaults].sort(
      (a, b) => a.found.startOffset - b.found.startOffset,
    );
  }

  /** A rule whose errors rise to the item around it. */
  protected rule<R>(name: string, read: () => R): Rule<R> {
    return this.RULE(name, read, { resyncEnabled: false });
  }

  /** One item of a list in braces or of the file; `undefined` where it could not be read. */
  protected item<R>(
    name: string,
    words: ItemWords,
    alternatives: () => IOrAlt<R>[],
  ): Rule<R | undefined> {
    return this.RULE(
      name,
      () => {
        const unreadable: IOrAlt<undefined> = {
          ALT: () => this.skipItem(this.CONSUME9(T.Anything), words.begins),
          IGNORE_AMBIGUITIES: true,
        };
        // One token tells the alternatives apart; with more, the last would shadow short items.
        const read = this.OR9<R | undefined>({
          DEF: [...alternatives(), unreadable],
          MAX_LOOKAHEAD: 1,
        });
        return this.ACTION(() => {
          if (atItemEnd(this.LA(1).tokenType)) return read;
          // What follows may belong to it: half an item would only raise further errors.
          return this.skipItem(this.LA(1), words.ends);
        });
      },
      { resyncEnabled: true, recoveryValueFunc: () => undefined },
    );
  }

  /** `{ item newline item … }` */
  protected braced<R>(item: () => Rule<R | undefined>): R[] {
    const items: R[] = [];
    this.CONSUME9(T.LeftBrace);
    this.MANY_SEP9({
      SEP: T.Newline,
      DEF: () => {
        const read = this.SUBRULE9(item());
        if (read !== undefined) items.push(read);
      },
    });
    this.CONSUME9(T.RightBrace);
    return items;
  }

  private skipItem(found: IToken, expected: string): undefined {
    this.ACTION(() => {
      this.#ownFaults.push({ found, expected });
      while (!atItemEnd(this.LA(1).tokenType)) this.SKIP_TOKEN();
    });
  }

  /** Items alone recover, and all of them end alike: chevrotain's follow sets are not worth their time. */
  protected override performSelfAnalysis(): void {
    this.recoveryEnabled = false;
    super.performSelfAnalysis();
    this.recoveryEnabled = true;
  }

  protected isInCurrentRuleReSyncSet(): boolean {
    return true;
  }

  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return false;
  }

  /** Skips a token, or a whole group in braces. Chevrotain, too, skips through this method. */
  protected override SKIP_TOKEN(): IToken {
    let depth = 0;
    for (;;) {
      const { tokenType } = this.LA(1);
      if (tokenType === T.LeftBrace) depth++;
      else if (tokenType === T.RightBrace) depth--;
      const next = super.SKIP_TOKEN();
      if (depth <= 0 || next.tokenType === EOF) return next;
    }
  }

  /** Where the item at hand ends: a newline, the brace that closes what is around it, the file's end. */
  protected findReSyncTokenType(): TokenType {
    let depth = 0;
    for (let ahead = 1; ; ahead++) {
      const { tokenType } = this.LA(ahead);
      if (tokenType === EOF || (depth === 0 && atItemEnd(tokenType))) return tokenType;
      if (tokenType === T.LeftBrace) depth++;
      else if (tokenType === T.RightBrace) depth--;
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
