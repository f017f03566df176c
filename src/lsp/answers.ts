/** Which service answers which request, and how what it says is put into the words of the protocol. */
import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type CodeAction,
  type Connection,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node.js";
import type { Edit } from "../diagnostics/diagnostic.js";
import { editsByPath } from "../diagnostics/edits.js";
import { ConfigurationError } from "../host/format-settings.js";
import { isShipped } from "../host/node-host.js";
import { formatting } from "./formatting.js";
import { contextIn, positionIn, positionsIn, rangeIn, textIn, uriIn } from "./params.js";
import { rangeOf, spanOf } from "./project/positions.js";
import { codeActions, type Action } from "./services/code-actions.js";
import { completion } from "./services/completion/completion.js";
import { hover } from "./services/hover.js";
import { inlayHints } from "./services/inlay-hints.js";
import { definition, highlights, references } from "./services/navigation.js";
import { foldingRanges, selectionRanges } from "./services/ranges.js";
import { prepareRename, rename, RenameRefused } from "./services/rename.js";
import { semanticTokens } from "./services/semantic-tokens.js";
import { signature } from "./services/signature.js";
import { documentSymbols, flatSymbols, workspaceSymbols } from "./services/symbols.js";
import type { Session } from "./session.js";

/** How a question reaches a service. */
export interface Asking {
  /** Lets a service answer from what stands. */
  ask<T>(token: CancellationToken, answer: (session: Session) => T): T;
  /** Lets a service answer after every file of the project has been read. */
  askAll<T>(token: CancellationToken, answer: (session: Session) => T): Promise<T>;
}

interface At {
  readonly textDocument: { readonly uri: string };
}

const pathOf = ({ locations }: Session, at: At): string => locations.pathOf(uriIn(at));

/** Answers every request that the server is able to. */
export function answerRequests(connection: Connection, asking: Asking): void {
  answerAtPlaces(connection, asking);
  answerForDocuments(connection, asking);
  answerForProject(connection, asking);
  answerFormatting(connection, asking);
}

function answerAtPlaces(connection: Connection, { ask }: Asking): void {
  connection.onHover((at, token) =>
    ask(token, (session) => hover(session.project, pathOf(session, at), positionIn(at)) ?? null),
  );
  connection.onCompletion((at, token) =>
    ask(token, (session) => {
      const { project, client, standard } = session;
      const options = { snippets: client.snippets, standard };
      return [...completion(project, pathOf(session, at), positionIn(at), options)];
    }),
  );
  connection.onSignatureHelp((at, token) =>
    ask(
      token,
      (session) => signature(session.project, pathOf(session, at), positionIn(at)) ?? null,
    ),
  );
  connection.onDefinition((at, token) =>
    ask(token, (session) => [
      ...definition(session.project, session.locations, pathOf(session, at), positionIn(at)),
    ]),
  );
  connection.onDocumentHighlight((at, token) =>
    ask(token, (session) => [...highlights(session.project, pathOf(session, at), positionIn(at))]),
  );
  connection.onCodeAction((at, token) =>
    ask(token, (session) => {
      const { project, locations, standard } = session;
      const path = pathOf(session, at);
      const file = project.file(path);
      if (file === undefined) return [];
      const { only } = contextIn(at);
      const request = {
        path,
        span: spanOf(file, rangeIn(at)),
        standard,
        isOurs: isOursIn(session),
      };
      const actions = codeActions(project, locations, { ...request, ...(only && { only }) });
      return actions.map((action) => toCodeAction(session, action));
    }),
  );
}

function answerForDocuments(connection: Connection, { ask }: Asking): void {
  const { languages } = connection;
  languages.inlayHint.on((at, token) =>
    ask(token, (session) => {
      const { inlayHints: which } = session.settings;
      if (which === "off") return [];
      const path = pathOf(session, at);
      // Editors keep the hints that they have, and are told to ask again after the check.
      if (!session.project.isQuick(path))
        throw new ResponseError(LSPErrorCodes.ContentModified, "");
      return [...inlayHints(session.project, path, rangeIn(at), which)];
    }),
  );
  languages.semanticTokens.on((at, token) =>
    ask(token, (session) => semanticTokens(session.project, pathOf(session, at))),
  );
  connection.onDocumentSymbol((at, token) =>
    ask(token, (session) => {
      const symbols = [...documentSymbols(session.project, pathOf(session, at))];
      return session.client.outlineLevels ? symbols : flatSymbols(symbols, uriIn(at));
    }),
  );
  connection.onFoldingRanges((at, token) =>
    ask(token, (session) => [...foldingRanges(session.project, pathOf(session, at))]),
  );
  connection.onSelectionRanges((at, token) =>
    ask(token, (session) => [
      ...selectionRanges(session.project, pathOf(session, at), positionsIn(at)),
    ]),
  );
}

function answerForProject(connection: Connection, { ask, askAll }: Asking): void {
  connection.onReferences((at, token) =>
    askAll(token, (session) => {
      const { project, locations } = session;
      const withDeclaration = contextIn(at).includeDeclaration;
      return [
        ...references(project, locations, pathOf(session, at), positionIn(at), withDeclaration),
      ];
    }),
  );
  connection.onPrepareRename((at, token) =>
    ask(token, (session) =>
      refusing(() =>
        prepareRename(session.project, pathOf(session, at), positionIn(at), isOursIn(session)),
      ),
    ),
  );
  connection.onRenameRequest((at, token) =>
    askAll(token, (session) => {
      const path = pathOf(session, at);
      const change = (): readonly Edit[] =>
        rename(session.project, path, positionIn(at), textIn(at, "newName"), isOursIn(session));
      return toWorkspaceEdit(session, refusing(change));
    }),
  );
  connection.onWorkspaceSymbol((asked, token) =>
    askAll(token, ({ project, locations }) => [
      ...workspaceSymbols(project, locations, textIn(asked, "query")),
    ]),
  );
}

/** Whoever formats waits for the formatter, which is loaded by the first who does. */
function answerFormatting(connection: Connection, { ask }: Asking): void {
  const format = async (session: Session, at: At, range?: Range): Promise<TextEdit[]> => {
    try {
      return await formatting(session, pathOf(session, at), range);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
    }
  };
  connection.onDocumentFormatting((at, token) => ask(token, (session) => format(session, at)));
  connection.onDocumentRangeFormatting((at, token) =>
    ask(token, (session) => format(session, at, rangeIn(at))),
  );
}

/** Whether a file is the user's to change: no other package's, and not what ships with the compiler. */
function isOursIn({ locations }: Session): (path: string) => boolean {
  return (path) => {
    const absolute = locations.absolute(path);
    return !isShipped(absolute) && !absolute.split(/[\\/]/).includes("node_modules");
  };
}

/** A refusal in the words of the protocol, which editors show. */
function refusing<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof RenameRefused)) throw error;
    throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
  }
}

/** Edits with the versions of the documents that they are for, where the editor can take these. */
function toWorkspaceEdit(session: Session, edits: readonly Edit[]): WorkspaceEdit {
  const { client, locations, versionOf } = session;
  const byUri = new Map<string, TextEdit[]>();
  for (const [path, own] of editsByPath(edits)) {
    const changed = own.map(({ span, text }) => ({ range: rangeOf(span), newText: text }));
    byUri.set(locations.uriOf(path), changed);
  }
  if (!client.versionedEdits) return { changes: Object.fromEntries(byUri) };
  return {
    documentChanges: [...byUri].map(([uri, changed]) => ({
      textDocument: { uri, version: versionOf(uri) },
      edits: changed,
    })),
  };
}

function toCodeAction(session: Session, action: Action): CodeAction {
  const { title, kind, edits, diagnostics, preferred } = action;
  return {
    title,
    kind,
    edit: toWorkspaceEdit(session, edits),
    ...(diagnostics.length > 0 && { diagnostics: [...diagnostics] }),
    ...(preferred && { isPreferred: true }),
  };
}
