/** Tasks that run resnetc over the specs of a folder; the problem matcher reads what they find. */
import {
  ProcessExecution,
  Task,
  TaskGroup,
  TaskScope,
  window,
  workspace,
  type TaskDefinition,
  type TaskProvider,
  type WorkspaceFolder,
} from "vscode";
import { invocation } from "./run.js";
import type { Server } from "./server.js";
import type { Resnetc } from "./server-choice.js";

/** As the manifest declares it. */
interface Definition extends TaskDefinition {
  readonly command: "check" | "lint";
  readonly specs?: readonly string[];
}

const everySpec = ["**/*.resnet"];

export class ResnetcTasks implements TaskProvider {
  constructor(private readonly server: Server) {}

  async provideTasks(): Promise<Task[]> {
    const resnetc = await this.server.resnetc();
    if (resnetc === undefined) return [];
    return (workspace.workspaceFolders ?? []).flatMap((folder) =>
      (["check", "lint"] as const).map((command) =>
        taskOf(resnetc, { type: "resnetc", command }, folder),
      ),
    );
  }

  async resolveTask(task: Task): Promise<Task | undefined> {
    const resnetc = await this.server.resnetc();
    if (resnetc === undefined) return undefined;
    return taskOf(resnetc, task.definition as Definition, task.scope ?? TaskScope.Workspace);
  }
}

/** The check of every spec of the workspace's first folder; `undefined`, which is said, where there is none. */
export async function checkTask(server: Server): Promise<Task | undefined> {
  const resnetc = await server.resnetc();
  const [folder] = workspace.workspaceFolders ?? [];
  if (resnetc === undefined) return undefined;
  if (folder === undefined) {
    void window.showInformationMessage("Open a folder to check the specs in it.");
    return undefined;
  }
  return taskOf(resnetc, { type: "resnetc", command: "check" }, folder);
}

function taskOf(
  resnetc: Resnetc,
  definition: Definition,
  scope: WorkspaceFolder | TaskScope.Global | TaskScope.Workspace,
): Task {
  const words = [definition.command, ...(definition.specs ?? everySpec)];
  const { command, arguments: given, environment } = invocation(resnetc, words);
  const run = new ProcessExecution(command, [...given], { env: { ...environment } });
  const task = new Task(definition, scope, definition.command, "resnetc", run, ["$resnetc"]);
  task.group = TaskGroup.Build;
  return task;
}
