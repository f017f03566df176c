/** What the server tells an editor that it can do. */
import {
  CodeActionKind,
  TextDocumentSyncKind,
  type ServerCapabilities,
} from "vscode-languageserver/node.js";
import { fixAllKind } from "./services/code-actions.js";
import { legend } from "./services/semantic-tokens.js";

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  completionProvider: { triggerCharacters: ["/", " ", "(", ",", ":", '"', ">", "{"] },
  signatureHelpProvider: { triggerCharacters: ["(", ",", " "], retriggerCharacters: [":", "/"] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  inlayHintProvider: true,
  semanticTokensProvider: { legend, full: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
