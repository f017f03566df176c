/**
 * Addresses of the protocol as the paths that the checker knows, and back. A document that is no file
 * (`untitled:Untitled-1`) is known by its address; what it imports is relative to the working directory.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { NodeHost } from "../../host/node-host.js";

/** A scheme of at least two letters: one letter is a drive. */
const address = /^[A-Za-z][A-Za-z0-9+.-]+:/;

export class Locations {
  /** How the client writes the addresses of files that it has named. */
  readonly #named = new Map<string, string>();

  constructor(private readonly host: NodeHost) {}

  /** The path of a document, which is remembered to be called `uri`. */
  name(uri: string): string {
    const path = this.pathOf(uri);
    this.#named.set(path, uri);
    return path;
  }

  pathOf(uri: string): string {
    if (!uri.startsWith("file:")) return uri;
    return this.host.shown(fileURLToPath(uri));
  }

  /** A path of the file system as it is known here. */
  shown(path: string): string {
    return this.host.shown(path);
  }

  /** The absolute path of a file; the address of a document that is none. */
  absolute(path: string): string {
    return address.test(path) ? path : this.host.absolute(path);
  }

  uriOf(path: string): string {
    const named = this.#named.get(path);
    if (named !== undefined) return named;
    return address.test(path) ? path : pathToFileURL(this.host.absolute(path)).href;
  }
}
