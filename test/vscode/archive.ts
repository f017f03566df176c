/** Reads a .vsix, which is a zip. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import yauzl from "yauzl";

/** Every file of a zip by its path. */
export function readZip(path: string): Promise<ReadonlyMap<string, Buffer>> {
  return new Promise((done, failed) => {
    const files = new Map<string, Buffer>();
    yauzl.open(path, { lazyEntries: true }, (problem, zip) => {
      if (problem !== null) return failed(problem);
      zip.on("error", failed);
      zip.on("end", () => done(files));
      zip.on("entry", (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (unreadable, stream) => {
          if (unreadable !== null) return failed(unreadable);
          const chunks: Buffer[] = [];
          stream.on("data", (chunk: Buffer) => chunks.push(chunk));
          stream.on("error", failed);
          stream.on("end", () => {
            files.set(entry.fileName, Buffer.concat(chunks));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}

/** Writes the files of a zip below a folder. */
export function unpack(files: ReadonlyMap<string, Buffer>, folder: string): void {
  for (const [name, data] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  }
}
