/** What the editor at the other end can show, and what it asks for, read from what it says when it begins. */
import type { ClientCapabilities, InitializeParams } from "vscode-languageserver";

export interface Client {
  readonly snippets: boolean;
  /** Whether an outline may have levels. */
  readonly outlineLevels: boolean;
  readonly configuration: boolean;
  readonly watchesFiles: boolean;
  readonly refreshesInlayHints: boolean;
  /** Whether edits can say which version of a document they are for. */
  readonly versionedEdits: boolean;
  readonly workspaceFolders: readonly string[];
}

/** Which operations have a hint of their shape: all, those that change it, or none. */
export type InlayHintMode = "all" | "changes" | "off";

export interface Settings {
  readonly inlayHints: InlayHintMode;
}

const defaultSettings: Settings = { inlayHints: "all" };

/** Reads what the client can. */
export function readClient({
  capabilities,
  workspaceFolders,
  ...others
}: InitializeParams): Client {
  // Clients before version 3.6 of the protocol name one folder, and then by one of these alone.
  const root = others.rootUri ?? null;
  const folders = workspaceFolders?.map(({ uri }) => uri) ?? (root === null ? [] : [root]);
  return { ...readCapabilities(capabilities), workspaceFolders: folders };
}

function readCapabilities({
  textDocument,
  workspace,
}: ClientCapabilities): Omit<Client, "workspaceFolders"> {
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    outlineLevels: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    configuration: workspace?.configuration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
  };
}

/** Reads the settings `resnetc` of an editor; what is none keeps its default. */
export function readSettings(given: unknown): Settings {
  const mode =
    typeof given === "object" && given !== null && "inlayHints" in given
      ? given.inlayHints
      : undefined;
  const known = mode === "all" || mode === "changes" || mode === "off";
  return { inlayHints: known ? mode : defaultSettings.inlayHints };
}
