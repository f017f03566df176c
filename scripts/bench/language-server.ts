/**
 * Measures the language server as an editor meets it, over the protocol: from a keystroke to the diagnostics of that
 * version, and from the question to the answer of a hover, on a version that is checked and on one that is not yet.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from "vscode-languageserver-protocol/node.js";
import { median, table } from "./measure.js";

interface Effort {
  readonly changes: number;
  readonly hovers: number;
}

const whole: Effort = { changes: 20, hovers: 200 };
const little: Effort = { changes: 2, hovers: 4 };

interface Spec {
  readonly name: string;
  readonly uri: string;
  readonly text: string;
}

/** A spec of `count` stages of blocks, each block of its own with ten convolutions. */
function hugeSpec(count: number): string {
  const blocks = Array.from(
    { length: count },
    (_each, index) => `/// Block ${index}.
block B${index}(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
${"    conv 3x3, width -> batchnorm -> relu\n".repeat(8)}    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}
`,
  );
  const stages = blocks.map((_each, index) => `  stage s${index}: 3 x B${index}(16)`);
  return `${blocks.join("\n")}
network Huge {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
${stages.join("\n")}
  head classify { globalavgpool -> dense 10 }
}
`;
}

/** The latencies on the largest spec there is, and on generated ones. @param tiny on the first alone, and a small one. */
export async function benchLanguageServer(tiny: boolean): Promise<string> {
  const rows = [
    [
      "spec",
      "kB",
      "first answer (ms)",
      "diagnostics p50",
      "p95",
      "hover p50",
      "p95",
      "after a change p50",
      "p95",
    ],
  ];
  const folder = join(process.cwd(), "specs");
  const file = (name: string): Spec => ({
    name: `specs/${name}`,
    uri: pathToFileURL(join(folder, name)).href,
    text: readFileSync(join(folder, name), "utf8"),
  });
  const generated = (count: number): Spec => ({
    name: `generated, ${count} blocks`,
    uri: `untitled:Generated-${count}`,
    text: hugeSpec(count),
  });
  const largest = file("resnet152.resnet");
  const specs = tiny
    ? [largest, generated(3)]
    : [largest, file("resnet.resnet"), generated(100), generated(300)];
  for (const spec of specs) {
    const figures = await measure(spec, tiny ? little : whole);
    rows.push([spec.name, (spec.text.length / 1000).toFixed(0), ...figures]);
  }
  return table(rows);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function measure(spec: Spec, { changes, hovers }: Effort): Promise<string[]> {
  const child = spawn(process.execPath, [join("bin", "resnetc.cjs"), "lsp", "--stdio"]);
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const session = new Session(connection, spec);
  const first = await session.open();
  const diagnostics: number[] = [];
  const fresh: number[] = [];
  for (let change = 0; change < changes; change++) {
    diagnostics.push(await session.change());
    fresh.push(await session.hoverAfterChange(change));
  }
  const warm: number[] = [];
  for (let hover = 0; hover < hovers; hover++) warm.push(await session.hover(hover));
  connection.dispose();
  child.kill();
  const shown = [diagnostics, warm, fresh].flatMap((values) => [
    median(values).toFixed(1),
    percentile(values, 0.95).toFixed(1),
  ]);
  return [first.toFixed(0), ...shown];
}

/** One open document, with as many places to hover over as it has words. */
class Session {
  #version = 1;
  #text: string;
  #published: (version: number) => void = () => undefined;

  constructor(
    private readonly connection: ProtocolConnection,
    private readonly spec: Spec,
  ) {
    this.#text = spec.text;
    connection.onNotification("textDocument/publishDiagnostics", (params: unknown) => {
      const { uri, version } = params as { uri: string; version?: number };
      if (uri === spec.uri && version !== undefined) this.#published(version);
    });
    connection.onRequest("workspace/configuration", () => [null]);
    connection.listen();
  }

  /** Starts the server and opens the document. @returns milliseconds to the first diagnostics. */
  async open(): Promise<number> {
    const start = performance.now();
    const rootUri = pathToFileURL(process.cwd()).href;
    await this.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri,
      capabilities: {},
    });
    await this.connection.sendNotification("initialized", {});
    const checked = this.#checked(1);
    const { uri, text } = this.spec;
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "resnet", version: 1, text },
    });
    await checked;
    return performance.now() - start;
  }

  /** Types a letter into a comment in the first line. @returns milliseconds until it is checked. */
  async change(): Promise<number> {
    const start = performance.now();
    const version = await this.#type();
    await this.#checked(version);
    return performance.now() - start;
  }

  /** Types a letter and asks at once. @returns milliseconds to the answer. */
  async hoverAfterChange(seed: number): Promise<number> {
    const version = await this.#type();
    const checked = this.#checked(version);
    const elapsed = await this.hover(seed);
    await checked;
    return elapsed;
  }

  /** Asks what a word is. @returns milliseconds to the answer. */
  async hover(seed: number): Promise<number> {
    const lines = this.#text.split("\n");
    const line = (seed * 7919) % lines.length;
    const character = Math.min(4, (lines[line] ?? "").length);
    const start = performance.now();
    await this.connection.sendRequest("textDocument/hover", {
      textDocument: { uri: this.spec.uri },
      position: { line, character },
    });
    return performance.now() - start;
  }

  async #type(): Promise<number> {
    const version = ++this.#version;
    const begins = this.#text.startsWith("// ");
    const text = begins ? "x" : "// \n";
    const at = { line: 0, character: begins ? 3 : 0 };
    this.#text = begins ? `// x${this.#text.slice(3)}` : `// \n${this.#text}`;
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: this.spec.uri, version },
      contentChanges: [{ range: { start: at, end: at }, text }],
    });
    return version;
  }

  #checked(wanted: number): Promise<void> {
    return new Promise((done) => {
      this.#published = (version) => {
        if (version === wanted) done();
      };
    });
  }
}
