/**
 * Serves the live page of a run on this machine alone. It never slows the run: it draws at most twice a
 * second, only while somebody looks, and what a slow reader has not taken is not sent again but
 * replaced by what is new. It holds no process open.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorCode, textOfError } from "../storage/error-code.js";
import type { Account } from "./account.js";
import { liveDocument, livePolicy, pageScript } from "./document.js";
import { ReportError } from "./errors.js";
import type { Illustrator } from "./illustrations.js";
import { regionsOf, type Regions } from "./regions.js";
import { pageStyle } from "./style.js";

/** The least time between two drawings, in milliseconds. */
const drawingInterval = 500;
/** Drawing takes at most one part in so many of the time. */
const drawingShare = 20;
/** How long readers may take for the end of the run, in milliseconds. */
const closingTime = 1000;
/** The most pages that are open at once. */
const mostReaders = 16;

const address = "127.0.0.1";

/** One page that is open. */
interface Reader {
  readonly response: ServerResponse;
  /** What it was sent last of every region. */
  readonly sent: Map<string, string>;
}

interface Subject {
  readonly account: Account;
  readonly illustrator: Illustrator;
}

export class LiveServer {
  readonly #id = randomUUID();
  readonly #readers = new Set<Reader>();
  readonly #server: Server;
  #subject: Subject | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawn = -1;
  #newcomers = false;
  #failure: unknown;
  #closed = false;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.unref();
    this.#server.on("connection", (socket) => socket.unref());
  }

  /**
   * @param port 0 takes one that is free.
   * @throws ReportError if the port cannot be had.
   */
  static async listen(port: number): Promise<LiveServer> {
    const live = new LiveServer();
    live.#server.listen({ host: address, port });
    try {
      await once(live.#server, "listening");
    } catch (error) {
      throw portFailure(port, error);
    }
    return live;
  }

  get url(): string {
    return `http://${address}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Shows a run from now on. */
  show(subject: Subject): void {
    this.#subject = subject;
    this.#later(drawingInterval);
  }

  /** What drawing the page failed with, if it did: a fault of the program, not of the run. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Tells the open pages the state in which the account is now, and `words`, and ends them. */
  async close(words: string): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#drawSafely();
    const ends = [...this.#readers].map(({ response }) => ended(response, words));
    await atMost(closingTime, Promise.all(ends));
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #later(milliseconds: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#tick(), milliseconds).unref();
  }

  async #tick(): Promise<void> {
    const began = performance.now();
    await this.#drawSafely();
    this.#later(Math.max(drawingInterval, drawingShare * (performance.now() - began)));
  }

  /** The run goes on whatever happens to its page; `failure` tells of it at the end. */
  async #drawSafely(): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await this.#draw();
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Sends every page what has changed, if anybody looks. */
  async #draw(): Promise<void> {
    const { account } = this.#subject ?? {};
    if (account === undefined || this.#readers.size === 0) return;
    if (account.version === this.#drawn && !this.#newcomers) return;
    this.#drawn = account.version;
    this.#newcomers = false;
    const regions = await this.#regions();
    for (const reader of this.#readers) {
      // It has not taken the last yet: it gets the next.
      if (reader.response.writableNeedDrain && !this.#closed) this.#newcomers = true;
      else send(reader, regions);
    }
  }

  async #regions(): Promise<Regions> {
    const { account, illustrator } = this.#subject as Subject;
    return regionsOf(account, await illustrator.of(account.shown));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of headers) response.setHeader(name, value);
    const reply = (status: number, text: string, type = "text/plain"): void => {
      response.writeHead(status, { "Content-Type": `${type}; charset=utf-8` });
      response.end(request.method === "HEAD" ? undefined : text);
    };
    if (!isLoopback(request.headers.host)) {
      return reply(403, "This page is for this machine alone, by the name of localhost.\n");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return reply(405, "This page can only be read.\n");
    }
    const path = (request.url ?? "/").replace(/\?.*$/s, "");
    if (path === "/style.css") return reply(200, pageStyle, "text/css");
    if (path === "/script.js") return reply(200, pageScript(), "text/javascript");
    if (path !== "/" && path !== "/events") return reply(404, "There is no such page here.\n");
    const { account } = this.#subject ?? {};
    if (account === undefined || this.#closed) {
      response.setHeader("Refresh", "1");
      return reply(503, this.#closed ? "The run has ended.\n" : "The run is starting.\n");
    }
    if (path === "/events") return this.#follow(request, response, reply);
    try {
      reply(200, liveDocument(account, await this.#regions(), this.#id), "text/html");
    } catch (error) {
      this.#failure ??= error;
      reply(500, `The page cannot be drawn: ${textOfError(error)}\n`);
    }
  }

  #follow(
    request: IncomingMessage,
    response: ServerResponse,
    reply: (status: number, text: string) => void,
  ): void {
    if (this.#readers.size >= mostReaders) {
      return reply(503, "Too many pages of this run are open; close one.\n");
    }
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    if (request.method === "HEAD") return void response.end();
    response.write(eventText("hello", this.#id));
    const reader = { response, sent: new Map<string, string>() };
    this.#readers.add(reader);
    this.#newcomers = true;
    response.on("close", () => this.#readers.delete(reader));
  }
}

const headers: ReadonlyMap<string, string> = new Map([
  ["Content-Security-Policy", livePolicy],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cache-Control", "no-store"],
]);

/**
 * Whether a request was made to this machine by a name of its own. A page from elsewhere whose name
 * was made to point here (DNS rebinding) sends its own name. Any port is right, as a tunnel has another.
 */
function isLoopback(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? "");
}

function send({ response, sent }: Reader, regions: Regions): void {
  for (const [name, { text }] of Object.entries(regions)) {
    if (sent.get(name) === text) continue;
    sent.set(name, text);
    response.write(eventText("region", JSON.stringify({ name, html: text })));
  }
}

function eventText(event: string, line: string): string {
  return `event: ${event}\ndata: ${line}\n\n`;
}

/** Ends a page's stream. Resolves when everything is written, or the page is gone. */
function ended(response: ServerResponse, words: string): Promise<void> {
  return new Promise((resolve) => {
    response.on("close", resolve);
    response.end(eventText("end", JSON.stringify(words)), () => resolve());
  });
}

/** Waits for `what`, but not for ever. */
async function atMost(milliseconds: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([what, enough]);
  clearTimeout(timer);
}

function portFailure(port: number, error: unknown): ReportError {
  const code = errorCode(error);
  const help = "name another port, or leave it out for one that is free: `--ui`";
  if (code === "EADDRINUSE") {
    return new ReportError(`the live page cannot have port ${port}: it is in use`, help);
  }
  if (code === "EACCES") {
    return new ReportError(`the live page may not have port ${port}: it is reserved`, help);
  }
  const message = textOfError(error);
  return new ReportError(`the live page cannot be served: ${message}`, help, { cause: error });
}
