/** Completion items, as the editor takes them: with placeholders where it fills them in, plain where it does not. */
import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type TextEdit,
} from "vscode-languageserver";
import { rangeOf } from "../../project/positions.js";
import type { CompletionContext } from "./context.js";

export { CompletionItemKind };

/** What is offered: the text may have placeholders, `${1:64}` and `$0`. */
export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** What is inserted, with placeholders; the label where left out. */
  readonly snippet?: string;
  /** What an editor without placeholders inserts; the label where left out. */
  readonly plain?: string;
  /** A few words beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly docs?: string;
  /** Lower comes first. */
  readonly rank?: number;
  /** Changes elsewhere in the document: an import. */
  readonly also?: readonly TextEdit[];
  /** Where what is inserted begins, where that is not the word at the cursor. */
  readonly from?: number;
}

/** The offers as items that replace the word at the cursor. */
export function itemsOf(
  { unit, cursor, offset, snippets }: CompletionContext,
  offers: readonly Offer[],
): CompletionItem[] {
  return offers.map((offer, index) => {
    const { label, kind, snippet, plain = label, detail, docs, rank = 5, also, from } = offer;
    const filled = snippets && snippet !== undefined;
    const range = rangeOf(unit.file.span(from ?? cursor.start, offset));
    return {
      label,
      kind,
      textEdit: { range, newText: filled ? snippet : plain },
      insertTextFormat: filled ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      filterText: label,
      sortText: `${rank}${String(index).padStart(4, "0")}`,
      ...(detail !== undefined && detail !== "" && { detail }),
      ...(docs !== undefined &&
        docs !== "" && { documentation: { kind: "markdown", value: docs } }),
      ...(also && also.length > 0 && { additionalTextEdits: [...also] }),
    };
  });
}
