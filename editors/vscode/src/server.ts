/** The language server of the workspace: one process, of the resnetc that fits, restarted on request. */
import { commands, window, workspace, type Disposable, type ExtensionContext } from "vscode";
import {
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node.js";
import { hasCommand } from "./run.js";
import { candidates, type Resnetc } from "./server-choice.js";

const settings = "Open Settings";
const log = "Show Output";

export class Server implements Disposable {
  readonly #output = window.createOutputChannel("resnetc");
  readonly #bundled: string;
  #client: LanguageClient | undefined;
  #resnetc: Promise<Resnetc | undefined> | undefined;
  /** Starts and stops come one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(context: ExtensionContext) {
    this.#bundled = context.asAbsolutePath("server/dist/resnetc.cjs");
  }

  /** The resnetc of the workspace, for other commands too; `undefined` where there is none that runs. */
  async resnetc(): Promise<Resnetc | undefined> {
    this.#resnetc ??= this.#choose();
    return this.#resnetc;
  }

  start(): Promise<void> {
    return this.#after(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#after(() => this.#stop());
  }

  /** Looks for the server anew, too. */
  restart(): Promise<void> {
    return this.#after(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  dispose(): void {
    this.#output.dispose();
  }

  #after(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work, work);
    return this.#last;
  }

  async #start(): Promise<void> {
    this.#resnetc = undefined;
    const resnetc = await this.resnetc();
    if (resnetc === undefined) return;
    const client = new LanguageClient("resnetc", "resnetc", serverOf(resnetc), this.#options());
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#client = undefined;
      await this.#complain(`The language server did not start: ${messageOf(error)}`, log);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      // It is to be gone either way.
      this.#output.appendLine(`The language server did not stop in order: ${messageOf(error)}`);
    }
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: "file", language: "resnet" },
        { scheme: "untitled", language: "resnet" },
      ],
      // Which files it wants to hear of, the server says itself.
      synchronize: { configurationSection: "resnetc" },
      outputChannel: this.#output,
    };
  }

  /** The first candidate that knows the language server. */
  async #choose(): Promise<Resnetc | undefined> {
    try {
      for (const each of this.#candidates()) {
        if (await hasCommand(each, "lsp")) {
          this.#output.appendLine(`resnetc of the ${each.from}: ${each.path}`);
          const diagrams = await hasCommand(each, "diagram");
          await commands.executeCommand("setContext", "resnetc.hasDiagram", diagrams);
          return each;
        }
        this.#output.appendLine(`resnetc of the ${each.from} has no language server: ${each.path}`);
      }
      await this.#complain(
        "The resnetc of the setting resnetc.path has no language server.",
        settings,
      );
    } catch (error) {
      await this.#complain(`resnetc cannot be started: ${messageOf(error)}`, settings);
    }
    return undefined;
  }

  #candidates(): readonly Resnetc[] {
    return candidates({
      setting: workspace.getConfiguration("resnetc").get<string>("path", ""),
      folders: (workspace.workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === "file")
        .map(({ uri }) => uri.fsPath),
      trusted: workspace.isTrusted,
      bundled: this.#bundled,
    });
  }

  async #complain(message: string, button: string): Promise<void> {
    this.#output.appendLine(message);
    // Nobody is waited for: what goes on does not depend on the answer.
    void window.showErrorMessage(message, button).then(async (chosen) => {
      if (chosen === log) this.#output.show();
      if (chosen === settings) {
        await commands.executeCommand("workbench.action.openSettings", "resnetc.path");
      }
    });
  }
}

function serverOf({ kind, path }: Resnetc): ServerOptions {
  if (kind === "program") return { command: path, args: ["lsp"], transport: TransportKind.stdio };
  return { module: path, args: ["lsp"], transport: TransportKind.stdio };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
