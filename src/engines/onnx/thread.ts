/** A session's end of the connection to its thread: requests, their answers, and the death of the thread. */
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { EngineError } from "../engine.js";
import { startThread } from "../own-thread.js";
import { refuseTelemetry } from "./library.js";
import type { Answer, Request, Result, ThreadData } from "./protocol.js";

interface Waiting {
  readonly resolve: (result: readonly Result[]) => void;
  readonly reject: (error: Error) => void;
}

/** What a thread says first, without being asked. */
const loaded = 0;

export class RuntimeThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** What the thread is at; the library cannot be cut off in it without taking the process with it. */
  readonly #unanswered = new Set<number>([loaded]);
  #next = loaded + 1;
  #ended: Error | undefined;

  /**
   * @param library the path of the runtime's entry.
   * @param profile the beginning of the paths of traces, where models are profiled.
   */
  constructor(library: string, profile?: string) {
    refuseTelemetry();
    const threads = availableParallelism();
    const data: ThreadData = { library, threads, ...(profile !== undefined && { profile }) };
    this.#worker = startThread(new URL("./worker.js", import.meta.url), data);
    this.#worker.on("message", (answer: Answer) => this.#take(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("its thread has ended")));
  }

  /** @throws RuntimeFailure as the runtime says it. @throws EngineError where the thread has died. */
  ask(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<readonly Result[]> {
    if (this.#ended !== undefined) return Promise.reject(died(this.#ended));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#unanswered.add(id);
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id }, transfer);
    });
  }

  /** Ends the thread and all that it holds, as soon as it is at nothing. */
  end(): void {
    this.#end(new Error("the session was disposed of"));
    if (this.#unanswered.size === 0) void this.#worker.terminate();
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#unanswered.delete(answer.id);
    if (this.#unanswered.size === 0) {
      this.#worker.unref();
      if (this.#ended !== undefined) void this.#worker.terminate();
    }
    if ("error" in answer) waiting?.reject(new RuntimeFailure(answer.error));
    else waiting?.resolve(answer.result);
  }

  #end(why: Error): void {
    this.#ended ??= why;
    for (const { reject } of this.#waiting.values()) reject(died(this.#ended));
    this.#waiting.clear();
  }
}

/** What the runtime said when something failed in it. */
export class RuntimeFailure extends Error {
  override readonly name = "RuntimeFailure";
}

function died(why: Error): EngineError {
  return new EngineError(
    `ONNX Runtime does not go on: ${why.message}`,
    "resume from the last checkpoint, or use another engine (`resnetc engines`)",
  );
}
