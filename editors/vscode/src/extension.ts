/** The extension: starts the language server, and offers the commands of the palette. */
import { commands, tasks, workspace, type ExtensionContext } from "vscode";
import { Diagrams } from "./diagram.js";
import { Server } from "./server.js";
import { checkTask, ResnetcTasks } from "./tasks.js";

let server: Server | undefined;

/** Called by the editor when a spec is opened, or the workspace has one. */
export async function activate(context: ExtensionContext): Promise<void> {
  const running = new Server(context);
  server = running;
  const diagrams = new Diagrams(running);
  context.subscriptions.push(
    running,
    diagrams,
    commands.registerCommand("resnetc.restartServer", () => running.restart()),
    commands.registerCommand("resnetc.checkWorkspace", async () => {
      const task = await checkTask(running);
      if (task !== undefined) await tasks.executeTask(task);
    }),
    commands.registerCommand("resnetc.showDiagram", () => diagrams.show()),
    tasks.registerTaskProvider("resnetc", new ResnetcTasks(running)),
    workspace.onDidGrantWorkspaceTrust(() => running.restart()),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("resnetc.path")) await running.restart();
    }),
  );
  await running.start();
}

/** Called by the editor before it ends the extension. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}
