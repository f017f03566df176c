/** A run that is looked at: its account, its live page, its events for TensorBoard, and its report at the end. */
import { existsSync } from "node:fs";
import { Account } from "../report/account.js";
import { Illustrator } from "../report/illustrations.js";
import type { LiveServer } from "../report/live-server.js";
import { EventLog } from "../report/tensorboard/event-log.js";
import { recipeMarkdown } from "../report/tensorboard/recipe-markdown.js";
import { writeReport } from "../report/write-report.js";
import { textOfError } from "../storage/error-code.js";
import type { DataSet } from "../train/data/data-set.js";
import type { TrainEvent, TrainResult } from "../train/events.js";
import { runFiles } from "../train/run-folder.js";
import type { PreparedEvent, RunEvent } from "./run-events.js";

interface Watched {
  readonly prepared: PreparedEvent;
  readonly dataSet: DataSet;
  readonly live: LiveServer | undefined;
  readonly onEvent: ((event: RunEvent) => void) | undefined;
}

/**
 * Runs a training with its account kept, its live page served and its report written. The event `end`
 * is passed on last, when the report is there.
 */
export async function watched(
  { prepared, dataSet, live, onEvent }: Watched,
  run: (onEvent: (event: TrainEvent) => void) => Promise<TrainResult>,
): Promise<TrainResult> {
  const account = new Account(prepared);
  const illustrator = new Illustrator(dataSet);
  const events = new EventLog(recipeMarkdown(prepared.graph.name, prepared.recipe), (failure) =>
    onEvent?.({ kind: "warning", message: `${failure}; ${withoutEvents}` }),
  );
  if (live !== undefined) {
    live.show({ account, illustrator });
    onEvent?.({ kind: "page", url: live.url });
  }
  try {
    const result = await run((event) => {
      account.take(event);
      if (event.kind !== "end") onEvent?.(event);
      events.event(event);
    });
    events.close();
    const path = runFiles(result.folder).report;
    try {
      if (account.hasNews || !existsSync(path)) {
        await writeReport(path, account, illustrator);
        onEvent?.({ kind: "report", path });
      }
    } finally {
      onEvent?.({ kind: "end", result });
    }
    await live?.close(`The run has ended; this page stays as it is. Its report is ${path}.`);
    if (live?.failure !== undefined) throw live.failure;
    return result;
  } catch (error) {
    account.fail(textOfError(error));
    await live?.close("The run has ended with an error; this page stays as it is.");
    throw error;
  } finally {
    events.close();
  }
}

const withoutEvents = "the run goes on, and TensorBoard shows nothing of what comes from here on";
