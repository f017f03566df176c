/** The diagram of a spec beside its text: drawn by resnetc, drawn again when the spec is saved. */
import {
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type WebviewPanel,
} from "vscode";
import { pageOf } from "./diagram-page.js";
import { runToEnd } from "./run.js";
import type { Server } from "./server.js";

export class Diagrams implements Disposable {
  /** By the spec's address. */
  readonly #panels = new Map<string, WebviewPanel>();
  /** The network that was chosen of a spec with several. */
  readonly #chosen = new Map<string, string>();
  readonly #saves: Disposable;

  constructor(private readonly server: Server) {
    this.#saves = workspace.onDidSaveTextDocument(async (document) => {
      const panel = this.#panels.get(document.uri.toString());
      if (panel !== undefined) await this.#draw(panel, document);
    });
  }

  /** Opens the diagram of the spec that is being edited. */
  async show(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (document?.languageId !== "resnet" || document.uri.scheme !== "file") {
      void window.showInformationMessage("Open a .resnet file to see its diagram.");
      return;
    }
    const key = document.uri.toString();
    const opened = this.#panels.get(key) ?? this.#open(key, document.uri);
    opened.reveal(ViewColumn.Beside, true);
    await this.#draw(opened, document);
  }

  dispose(): void {
    this.#saves.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #open(key: string, uri: Uri): WebviewPanel {
    const title = `Diagram of ${workspace.asRelativePath(uri)}`;
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const panel = window.createWebviewPanel("resnetc.diagram", title, place, {
      localResourceRoots: [],
    });
    panel.onDidDispose(() => this.#panels.delete(key));
    this.#panels.set(key, panel);
    return panel;
  }

  async #draw(panel: WebviewPanel, document: TextDocument): Promise<void> {
    const resnetc = await this.server.resnetc();
    if (resnetc === undefined) return;
    const network = await this.#network(document);
    if (network === undefined) return;
    const spec = `${document.uri.fsPath}${network}`;
    const folder = workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
    const { status, stdout, stderr } = await runToEnd(
      resnetc,
      ["diagram", spec, "--format", "svg"],
      folder,
    );
    panel.webview.html = status === 0 ? pageOf({ svg: stdout }) : pageOf({ problem: stderr });
  }

  /** `#Name` of the network that is meant; asked for where the spec has several. */
  async #network(document: TextDocument): Promise<string | undefined> {
    const names = [...document.getText().matchAll(/^network[ \t]+([A-Za-z_]\w*)/gm)].map(
      ([, name = ""]) => name,
    );
    if (names.length < 2) return "";
    const key = document.uri.toString();
    const chosen = this.#chosen.get(key);
    if (chosen !== undefined && names.includes(chosen)) return `#${chosen}`;
    const picked = await window.showQuickPick(names, { title: "Which network?" });
    if (picked === undefined) return undefined;
    this.#chosen.set(key, picked);
    return `#${picked}`;
  }
}
