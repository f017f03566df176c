/**
 * The language server: speaks the Language Server Protocol over two streams, keeps the editor's documents, and lets
 * the services answer. It ends with the editor: after `exit`, when its input ends, or when the editor's process does.
 */
import { forgetFormatSettings } from "../host/format-settings.js";
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  ErrorCodes,
  LSPErrorCodes,
  MessageType,
  ProposedFeatures,
  ResponseError,
  ShowMessageNotification,
  TextDocuments,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver/node.js";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fileURLToPath } from "node:url";
import { NodeHost } from "../host/node-host.js";
import { packageVersion } from "../host/version.js";
import { standardImports, workspaceSpecs } from "../host/workspace-files.js";
import { configName } from "../lint/config/config.js";
import { textOfError } from "../storage/error-code.js";
import { answerRequests } from "./answers.js";
import { capabilities } from "./capabilities.js";
import { readClient, readSettings } from "./client.js";
import { LintConfigs } from "./lint-configs.js";
import { DocumentHost } from "./project/document-host.js";
import { Locations } from "./project/locations.js";
import { Project } from "./project/project.js";
import type { Session } from "./session.js";
import { shownFinding } from "./services/diagnostics.js";
import { warmUp } from "./services/graph-measures.js";
import { Validation } from "./validation.js";

/** Starts the server on two streams. The process ends with it. */
export function startServer(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(ProposedFeatures.all, input, output);
  new Server(connection).listen();
}

/** Specs, and what says how they are linted and laid out. */
const watchedFiles = [
  "**/*.resnet",
  `**/${configName}`,
  "**/.prettierrc*",
  "**/prettier.config.*",
  "**/.editorconfig",
];

/** How many files are read before other messages are looked at. */
const filesAtOnce = 20;

class Server {
  readonly #documents = new TextDocuments(TextDocument);
  #session: Session | undefined;
  #isShutDown = false;
  /** Ends when the files of the workspace have been looked for. */
  #found: Promise<void> = Promise.resolve();

  constructor(private readonly connection: Connection) {}

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => {
      if (this.#session) this.#search(this.#session);
      this.#guard(this.#initialized());
    });
    connection.onShutdown(() => this.#shutdown());
    connection.onDidChangeConfiguration(({ settings }) => this.#guard(this.#configure(settings)));
    connection.onDidChangeWatchedFiles(() => this.#guard(this.#filesChanged()));
    this.#listenToDocuments();
    answerRequests(connection, {
      ask: (token, answer) => this.#ask(token, answer),
      askAll: (token, answer) => this.#askAll(token, answer),
    });
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    if (this.#session) throw refused("`initialize` has been sent before");
    const client = readClient(params);
    const root = client.workspaceFolders.find((uri) => uri.startsWith("file:"));
    const files = new NodeHost(root === undefined ? process.cwd() : fileURLToPath(root));
    const locations = new Locations(files);
    const project = new Project(new DocumentHost(files));
    const validation = new Validation({
      project,
      locations,
      versionOf: (path) => this.#documents.get(locations.uriOf(path))?.version,
      publish: (published) => void this.connection.sendDiagnostics(published),
      done: () => {
        warmUp(project);
        this.#checked();
      },
      failed: (error) => this.#bug(error),
    });
    const configs = new LintConfigs(files, locations);
    const settings = readSettings(params.initializationOptions);
    const versionOf = (uri: string): number | null => this.#documents.get(uri)?.version ?? null;
    const standard = standardImports();
    this.#session = {
      ...{ client, project, locations, validation, configs, settings, versionOf, standard },
      folders: client.workspaceFolders,
    };
    // What the library has for it may be asked for only where the editor says that it tells of them.
    this.connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) =>
      this.#foldersChanged(event),
    );
    return { capabilities, serverInfo: { name: "resnetc", version: packageVersion() } };
  }

  #shutdown(): void {
    if (this.#isShutDown) throw refused("`shutdown` has been sent before");
    this.#isShutDown = true;
    this.#session?.validation.stop();
  }

  /** Takes up folders that are new in the workspace, and leaves those that are no longer of it. */
  #foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const session = this.#session;
    if (session === undefined) return;
    const plain = (uri: string): string => uri.replace(/\/+$/, "");
    const gone = new Set(removed.map(({ uri }) => plain(uri)));
    const kept = session.folders.filter((uri) => !gone.has(plain(uri)));
    session.folders = [...new Set([...kept, ...added.map(({ uri }) => uri)])];
    this.#search(session);
  }

  async #initialized(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    if (session.client.watchesFiles) {
      await this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: watchedFiles.map((globPattern) => ({ globPattern })),
      });
    }
    await this.#configure(undefined);
  }

  /** Reads the settings from the editor where it answers for them, else from what it sent. */
  async #configure(sent: unknown): Promise<void> {
    const session = this.#session;
    if (session?.client.configuration === true) {
      const given: unknown = await this.connection.workspace.getConfiguration("resnetc");
      if (given !== null && given !== undefined) session.settings = readSettings(given);
    } else if (session && typeof sent === "object" && sent !== null && "resnetc" in sent) {
      session.settings = readSettings(sent.resnetc);
    }
    this.#checked();
  }

  /** Looks for the files of the workspace; what asks for all of them waits for it. */
  #search(session: Session): void {
    this.#found = this.#findFiles(session).catch((error: unknown) => this.#bug(error));
  }

  async #findFiles(session: Session): Promise<void> {
    const { folders, project, locations } = session;
    const own = folders.filter((uri) => uri.startsWith("file:"));
    const found = await Promise.all(own.map((uri) => workspaceSpecs(fileURLToPath(uri))));
    // Others may be looked for by now.
    if (session.folders !== folders) return;
    project.setWorkspace(found.flat().map((path) => locations.shown(path)));
  }

  async #filesChanged(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    session.project.host.refresh();
    session.configs.forget();
    await forgetFormatSettings();
    for (const path of session.project.host.openPaths) await this.#configureLint(session, path);
    this.#showConfigs(session);
    session.validation.schedule();
    this.#search(session);
  }

  /** Takes a file's configuration; one that is in error is told once, and the file is not linted. */
  async #configureLint({ project, configs }: Session, path: string): Promise<void> {
    const { settings, fault } = await configs.settings(path);
    project.setLintSettings(path, settings);
    if (fault === undefined) return;
    // The library's own `showErrorMessage` is a question, which not every editor answers.
    const told = { type: MessageType.Error, message: fault };
    await this.connection.sendNotification(ShowMessageNotification.type, told);
  }

  /** Shows what is wrong with configurations where it is, and takes away what has been mended. */
  #showConfigs({ configs, locations }: Session): void {
    for (const [at, found] of configs.news()) {
      const diagnostics = found.map((each) => shownFinding(each, locations));
      void this.connection.sendDiagnostics({ uri: locations.uriOf(at), diagnostics });
    }
  }

  #listenToDocuments(): void {
    this.#documents.onDidOpen(({ document }) => {
      const session = this.#session;
      if (session === undefined) return;
      const path = session.locations.name(document.uri);
      const errand = this.#configureLint(session, path).then(() => {
        this.#showConfigs(session);
        session.validation.schedule();
      });
      this.#guard(errand);
    });
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
    if (this.#isShutDown)
      throw refused("`shutdown` has been sent, and nothing is answered after it");
    try {
      return answer(session);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.#bug(error);
      throw new ResponseError(ErrorCodes.InternalError, `internal error: ${textOfError(error)}`);
    }
  }

  /** The same for what needs every file of the project: reads them bit by bit, so that it can be taken back. */
  async #askAll<T>(token: CancellationToken, answer: (session: Session) => T): Promise<T> {
    await this.#found;
    const paths = this.#session?.project.paths ?? [];
    for (const [index, path] of paths.entries()) {
      this.#ask(token, ({ project }) => void project.unit(path));
      if (index % filesAtOnce === filesAtOnce - 1) await new Promise(setImmediate);
    }
    return this.#ask(token, answer);
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

/** The refusal of a message that may not be sent now. */
function refused(why: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidRequest, why);
}
