/** An editor for tests: starts the built command and speaks the protocol with it, as a real one does. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from "vscode-languageserver-protocol/node.js";
import {
  ConfigurationRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  InlayHintRefreshRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  type ClientCapabilities,
  type InitializeResult,
  type PublishDiagnosticsParams,
} from "vscode-languageserver-protocol";

/** What a full editor can. */
export const fullCapabilities: ClientCapabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
  },
  workspace: {
    configuration: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    inlayHint: { refreshSupport: true },
  },
};

export interface EditorOptions {
  readonly folder?: string;
  readonly capabilities?: ClientCapabilities;
  readonly processId?: number | null;
  readonly settings?: object;
}

export class Editor {
  readonly child: ChildProcessWithoutNullStreams;
  readonly connection: ProtocolConnection;
  /** The last diagnostics of each document. */
  readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  /** What the server registered, what it logged, and what it wrote beside the protocol. */
  readonly registered: string[] = [];
  readonly logged: string[] = [];
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #waiting = new Set<() => void>();

  /** @param command the built `bin/resnetc.cjs`. */
  constructor(
    command: string,
    private readonly options: EditorOptions = {},
  ) {
    this.child = spawn(process.execPath, [command, "lsp", "--stdio"]);
    this.child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((done) => this.child.on("close", (code) => done(code)));
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout),
      new StreamMessageWriter(this.child.stdin),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.diagnostics.set(params.uri, params);
      for (const wake of this.#waiting) wake();
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.logged.push(message);
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(() => this.options.settings ?? null),
    );
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registered.push(...registrations.map(({ method }) => method));
    });
    this.connection.onRequest(InlayHintRefreshRequest.type, () => undefined);
    this.connection.listen();
  }

  async initialize(): Promise<InitializeResult> {
    const { folder, capabilities = fullCapabilities, processId = process.pid } = this.options;
    const uri = folder === undefined ? null : pathToFileURL(folder).href;
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId,
      rootUri: uri,
      workspaceFolders: uri === null ? null : [{ uri, name: "specs" }],
      capabilities,
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(uri: string, text: string, version = 1): Promise<void> {
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "resnet", version, text },
    });
  }

  async change(uri: string, text: string, version: number): Promise<void> {
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
  }

  /** Waits until the diagnostics of a document are as they should be. @throws Error after `patience` ms. */
  async until(
    uri: string,
    holds: (found: PublishDiagnosticsParams) => boolean,
    patience = 20_000,
  ): Promise<PublishDiagnosticsParams> {
    const late = Date.now() + patience;
    for (;;) {
      const found = this.diagnostics.get(uri);
      if (found && holds(found)) return found;
      const left = late - Date.now();
      if (left <= 0) throw new Error(`${uri} has ${JSON.stringify(found)}\n${this.stderr}`);
      await new Promise<void>((done) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          done();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
  }

  /** Ends the server as the protocol asks. @returns its exit status. */
  async quit(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.ended;
  }
}

/** The built command of a package in `folder`. */
export function commandIn(folder: string): string {
  return join(folder, "bin", "resnetc.cjs");
}
