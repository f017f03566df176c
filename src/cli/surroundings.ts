/** What a command runs in, where that is what ends it: its folder, the system's limits, and what node was told. */

/** What is wrong, and how to mend it. */
export interface Fault {
  readonly message: string;
  readonly help: string;
}

/** What of the surroundings an error is of; undefined where they are not at fault. */
export function faultOfSurroundings(error: unknown): Fault | undefined {
  // An error of Node's is no `Error` of code that runs in a context of its own: it goes by what it carries.
  if (typeof error !== "object" || error === null) return undefined;
  const { name, code, syscall, permission, resource } = error as Failure;
  if (name === "EvalError") return noCode;
  // Nothing that is named relative to the working folder can be found.
  if (syscall === "uv_cwd") return noFolder;
  if (code === "EMFILE" || code === "ENFILE") return noFile;
  return code === "ERR_ACCESS_DENIED" ? refused(permission ?? "", resource ?? "") : undefined;
}

/** An error of the system, or of node's permissions. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly permission?: string;
  readonly resource?: string;
}

const noFolder: Fault = {
  message: "the working folder is not there any more",
  help: "change into a folder that is there, and run the command again",
};

const noFile: Fault = {
  message: "the system opens no more files at once for this command",
  help: "raise the limit, as with `ulimit -n 1024`, and run the command again",
};

const noCode: Fault = {
  message: "node was told to run no code that is made of texts, which the writer of ONNX models is",
  help: "leave out `--disallow-code-generation-from-strings`, or use another engine",
};

/** What node's permissions are about, and the option that gives each. */
const permissions: Readonly<Record<string, readonly [what: string, option: string]>> = {
  FileSystemRead: ["to read", "--allow-fs-read"],
  FileSystemWrite: ["to write", "--allow-fs-write"],
  ChildProcess: ["to start a process", "--allow-child-process"],
  WorkerThreads: ["to start a thread", "--allow-worker"],
};

function refused(permission: string, resource: string): Fault {
  const [what, option] = permissions[permission] ?? [permission, "--allow-…"];
  return {
    message: `node has no permission ${what}${resource === "" ? "" : ` ${resource}`}`,
    help: `give it to node, with \`${option}\`, or run node without its model of permissions`,
  };
}
