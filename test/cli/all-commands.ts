/** The commands as they are declared, of which none can be run. */
import { makeProgram } from "../../src/cli/grammar/program.js";
import { quietTerminal } from "./quiet-terminal.js";

const nothing = (): Promise<never> => Promise.reject(new Error("nothing is run"));

export const { commands } = makeProgram({
  terminal: quietTerminal(() => undefined),
  load: { tensor: nothing, tool: nothing },
  finish: () => undefined,
});
