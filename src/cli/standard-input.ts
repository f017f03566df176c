/** What another program writes to the command, whole. */
import { UsageError } from "../api/errors.js";

/** Standard input to its end, with its byte order mark. @throws UsageError where it is no text. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(Buffer.concat(chunks));
  } catch {
    throw new UsageError("what stands on standard input is not UTF-8", "save it as UTF-8");
  }
}
