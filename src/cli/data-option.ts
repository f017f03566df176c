/** `--data`: a path, of which it is found out what lies there, or a call as a recipe would write it. */
import { readdir, stat } from "node:fs/promises";
import { UsageError } from "./status.js";

/** The recipe's `data` that `--data` comes to, as text of the language. */
export async function dataSetting(given: string): Promise<string> {
  if (/^[a-z]\w*\s*\(.*\)$/s.test(given) || given === "shapes") return given;
  let names: string[];
  try {
    const status = await stat(given);
    if (!status.isDirectory()) {
      throw new UsageError(`--data takes a folder, and ${given} is a file`, "extract it first");
    }
    names = await readdir(given);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such folder" : message;
    throw new UsageError(
      `--data ${given}: ${reason}`,
      "a folder, or a call such as shapes(size: 32)",
    );
  }
  const has = (name: string): boolean => names.includes(name);
  const kind =
    has("data_batch_1.bin") || has("cifar-10-batches-bin")
      ? "cifar10"
      : has("fine_label_names.txt") || has("cifar-100-binary")
        ? "cifar100"
        : "folder";
  if (given.includes('"') || /[\r\n]/.test(given)) {
    throw new UsageError(`--data: the path must not have quotes or line ends in it`);
  }
  return `${kind}("${given}")`;
}
