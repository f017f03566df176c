/**
 * A side table of the check, kept only where a caller asks for it: which values flowed through each piece of
 * syntax, once for every time that it was elaborated. Editors read it; the check itself never does.
 */
import type { Graph } from "../graph/graph.js";
import type { TensorType } from "../shapes/index.js";
import type { SourceFile, Span } from "../source/source.js";
import type { Value } from "./value.js";

/** What flowed through one step, stage, head or branch in one elaboration of it. */
export interface Passage {
  /** The network that was elaborated, by the name of its graph. */
  readonly network: string;
  readonly before: TensorType;
  readonly after: TensorType;
  /** The node whose output is `after`. */
  readonly node: string;
  /** The nodes that it came to: from the first of these positions in the graph up to the second. */
  readonly nodes: readonly [number, number];
  /** Blocks that the network has come through at its end, blocks inside blocks not counted. */
  readonly blocks: number;
  /** Whether the shape rests on something that is in error. */
  readonly guessed: boolean;
  /** The values of the parameters that are seen there; undefined where one is in error. */
  readonly values: ReadonlyMap<string, Value | undefined>;
  /** Where this is: the instance, the stage, the call. Innermost first. */
  readonly notes: readonly string[];
}

/** A graph as far as it was built, and whether that is all of it. */
export interface TracedGraph {
  readonly graph: Graph;
  readonly whole: boolean;
}

/** Everything that one check saw flow. */
export class Trace {
  readonly #passages = new Map<SourceFile, Map<string, Passage[]>>();
  readonly #calls = new Map<string, Span>();
  readonly #graphs = new Map<string, TracedGraph>();

  /** The networks in the order in which they were elaborated. */
  get graphs(): ReadonlyMap<string, TracedGraph> {
    return this.#graphs;
  }

  /** The files through whose syntax anything flowed. */
  get files(): Iterable<SourceFile> {
    return this.#passages.keys();
  }

  /** Takes note of a passage through the syntax at `span`. */
  pass(span: Span, passage: Passage): void {
    const { file } = span;
    let places = this.#passages.get(file);
    if (places === undefined) this.#passages.set(file, (places = new Map()));
    const key = keyOf(span);
    const known = places.get(key);
    if (known) known.push(passage);
    else places.set(key, [passage]);
  }

  /** Takes note of the call that a note of a finding speaks of. */
  call(note: string, span: Span): void {
    if (!this.#calls.has(note)) this.#calls.set(note, span);
  }

  /** Takes note of a network's graph. */
  finish(traced: TracedGraph): void {
    this.#graphs.set(traced.graph.name, traced);
  }

  /** What flowed through the syntax at exactly this span, in the order of elaboration. */
  through(span: Span): readonly Passage[] {
    return this.#passages.get(span.file)?.get(keyOf(span)) ?? [];
  }

  /** The call that a note of a finding speaks of. */
  callOf(note: string): Span | undefined {
    return this.#calls.get(note);
  }
}

function keyOf({ start, end }: Span): string {
  return `${start}:${end}`;
}

/** The trace of one network, with the count of the blocks that it has come through. */
export class NetworkTrace {
  blocks = 0;

  constructor(
    readonly trace: Trace,
    readonly network: string,
  ) {}
}
