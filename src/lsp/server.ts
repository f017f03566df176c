/**
 * The language server: speaks the Language Server Protocol over two streams, keeps the editor's documents, and lets
 * the services answer. It ends with the editor: after `exit`, when its input ends, or when the editor's process does.
 */
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
} from "vscode-languageserver/node.js";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fileURLToPath } from "node:url";
import { NodeHost } from "../host/node-host.js";
import { packageVersion } from "../host/version.js";
import { workspaceSpecs } from "../host/workspace-files.js";
import { defaultSettings, readClient, readSettings, type Client, type Settings } from "./client.js";
import { DocumentHost } from "./project/document-host.js";
import { Locations } from "./project/locations.js";
import { Project } from "./project/project.js";
import { hover } from "./services/hover.js";
import { inlayHints } from "./services/inlay-hints.js";
import { Validation } from "./validation.js";

/** Starts the server on two streams. The process ends with it. */
export function startServer(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(ProposedFeatures.all, input, output);
  new Server(connection).listen();
}

/** What stands once the editor has said who it is. */
interface Session {
  readonly client: Client;
  readonly project: Project;
  readonly locations: Locations;
  readonly validation: Validation;
}

class Server {
  readonly #documents = new TextDocuments(TextDocument);
  #session: Session | undefined;
  #settings: Settings = defaultSettings;

  constructor(private readonly connection: Connection) {}

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#guard(this.#initialized()));
    connection.onShutdown(() => this.#session?.validation.stop());
    connection.onDidChangeConfiguration(({ settings }) => this.#guard(this.#configure(settings)));
    connection.onDidChangeWatchedFiles(() => this.#guard(this.#filesChanged()));
    this.#listenToDocuments();
    this.#answer();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const client = readClient(params);
    this.#settings = readSettings(params.initializationOptions);
    const root = client.workspaceFolders.find((uri) => uri.startsWith("file:"));
    const files = new NodeHost(root === undefined ? process.cwd() : fileURLToPath(root));
    const locations = new Locations(files);
    const project = new Project(new DocumentHost(files));
    const validation = new Validation({
      project,
      locations,
      versionOf: (path) => this.#documents.get(locations.uriOf(path))?.version,
      publish: (published) => void this.connection.sendDiagnostics(published),
      done: () => this.#checked(),
      failed: (error) => this.#bug(error),
    });
    this.#session = { client, project, locations, validation };
    return {
      capabilities,
      serverInfo: { name: "resnetc", version: packageVersion() },
    };
  }

  async #initialized(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    if (session.client.watchesFiles) {
      await this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: "**/*.resnet" }],
      });
    }
    await this.#configure(undefined);
    await this.#findFiles(session);
  }

  /** Reads the settings from the editor where it answers for them, else from what it sent. */
  async #configure(sent: unknown): Promise<void> {
    const client = this.#session?.client;
    if (client?.configuration === true) {
      const given: unknown = await this.connection.workspace.getConfiguration("resnetc");
      if (given !== null && given !== undefined) this.#settings = readSettings(given);
    } else if (typeof sent === "object" && sent !== null && "resnetc" in sent) {
      this.#settings = readSettings(sent.resnetc);
    }
    this.#checked();
  }

  async #findFiles({ client, project, locations }: Session): Promise<void> {
    const folders = client.workspaceFolders.filter((uri) => uri.startsWith("file:"));
    const found = await Promise.all(folders.map((uri) => workspaceSpecs(fileURLToPath(uri))));
    project.setWorkspace(found.flat().map((path) => locations.shown(path)));
  }

  async #filesChanged(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    session.project.host.refresh();
    session.validation.schedule();
    await this.#findFiles(session);
  }

  #listenToDocuments(): void {
    this.#documents.onDidChangeContent(({ document }) => {
      const session = this.#session;
      if (session === undefined) return;
      session.project.host.open(session.locations.name(document.uri), document.getText());
      session.validation.schedule();
    });
    this.#documents.onDidClose(({ document }) => {
      const session = this.#session;
      if (session === undefined) return;
      const path = session.locations.pathOf(document.uri);
      session.project.host.close(path);
      session.project.forget(path);
      session.validation.schedule();
    });
  }

  #answer(): void {
    const { connection } = this;
    connection.onHover((params, token) =>
      this.#ask(token, ({ project, locations }) => {
        return hover(project, locations.pathOf(params.textDocument.uri), params.position) ?? null;
      }),
    );
    connection.languages.inlayHint.on(({ textDocument, range }, token) =>
      this.#ask(token, ({ project, locations }) => {
        const { inlayHints: which } = this.#settings;
        if (which === "off") return [];
        return [...inlayHints(project, locations.pathOf(textDocument.uri), range, which)];
      }),
    );
  }

  /**
   * Lets a service answer, unless the question has been taken back.
   * @throws ResponseError where it has been, and where the service fails: a bug, which is logged with its stack.
   */
  #ask<T>(token: CancellationToken, answer: (session: Session) => T): T {
    if (token.isCancellationRequested) {
      throw new ResponseError(LSPErrorCodes.RequestCancelled, "the request was cancelled");
    }
    const session = this.#session;
    if (session === undefined) {
      throw new ResponseError(ErrorCodes.ServerNotInitialized, "`initialize` has not been sent");
    }
    try {
      return answer(session);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.#bug(error);
      const text = error instanceof Error ? error.message : String(error);
      throw new ResponseError(ErrorCodes.InternalError, `internal error: ${text}`);
    }
  }

  /** After a check: shapes may be others now. */
  #checked(): void {
    if (this.#session?.client.refreshesInlayHints) {
      this.#guard(this.connection.languages.inlayHint.refresh());
    }
  }

  /** Logs what an errand of the server's own ends with, if it fails. */
  #guard(errand: Promise<void>): void {
    errand.catch((error: unknown) => this.#bug(error));
  }

  #bug(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.connection.console.error(`this is a bug in resnetc: please report it: ${text}`);
  }
}

const capabilities: ServerCapabilities = {
  textDocumentSync: {
    openClose: true,
    change: TextDocumentSyncKind.Incremental,
  },
  hoverProvider: true,
  inlayHintProvider: true,
};
