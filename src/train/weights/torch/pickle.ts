/**
 * Reads pickles (protocols 2 to 5 of Python's `pickle`) as plain data. No code of a file is ever run: what it
 * calls is looked up among the few functions that are given, and whatever another would have made is kept as an
 * `Opaque`, of which its class alone is known. Every step takes at least one byte and makes at most one value, and
 * their number is bounded, so that no file keeps the reader busy. Source: Python's `Lib/pickletools.py`.
 */
import { CutShortError, TorchFileError } from "./torch-file-error.js";

/** A function or a class by its module and its name, such as `collections.OrderedDict`. */
export class Global {
  constructor(readonly path: string) {}
}

/** What a function or class made that is not known here. */
export class Opaque {
  /** @param maker the function or class, as `module.name`. */
  constructor(readonly maker: string) {}
}

/** What is known of the world outside of a pickle. */
export interface KnownObjects {
  /** What a persistent id stands for, which is data outside of the pickle. */
  persistent(id: unknown): unknown;
  /** What a function or class makes of its arguments; undefined where it is not known. */
  call(path: string, given: readonly unknown[]): unknown;
}

export interface Unpickled {
  /**
   * None, bools, texts and bytes as those of JavaScript, numbers as numbers (as bigints where they are not
   * exact), dictionaries as maps, lists, tuples and sets as arrays; of other objects what `KnownObjects` makes of
   * them, or an `Opaque`. It may contain itself.
   */
  readonly value: unknown;
  /** Where the next byte after the pickle stands. */
  readonly end: number;
}

/** Of what a long training run saves with its weights, not a tenth. */
const maximumSteps = 2_000_000;
const newestProtocol = 5;
/** No number of a state dictionary is longer. */
const longestInteger = 64;

/**
 * Reads one pickle.
 *
 * @param start where it begins.
 * @throws CutShortError where the bytes end within it.
 * @throws TorchFileError where it is none, or has steps that PyTorch does not write.
 */
export function unpickle(bytes: Uint8Array, known: KnownObjects, start = 0): Unpickled {
  const machine = new Machine(new PickleBytes(bytes, start), known);
  return { value: machine.run(), end: machine.bytes.at };
}

/** The bytes of a pickle, taken from the front. */
class PickleBytes {
  readonly #view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next `length` bytes begin, which are there. */
  #next(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw new CutShortError("its pickle is cut short");
    this.at += length;
    return start;
  }

  take(length: number): Uint8Array {
    const start = this.#next(length);
    return this.bytes.subarray(start, start + length);
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1));
  }

  short(): number {
    return this.#view.getUint16(this.#next(2), true);
  }

  unsigned(): number {
    return this.#view.getUint32(this.#next(4), true);
  }

  signed(): number {
    return this.#view.getInt32(this.#next(4), true);
  }

  /** Eight bytes that say a length, which may be more than there is. */
  long(): number {
    return Number(this.#view.getBigUint64(this.#next(8), true));
  }

  /** The only number of a pickle with its highest byte first. */
  float(): number {
    return this.#view.getFloat64(this.#next(8), false);
  }

  text(length: number): string {
    return utf8.decode(this.take(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new CutShortError("its pickle is cut short");
    const line = this.text(end - this.at);
    this.at = end + 1;
    return line;
  }

  /** A two's complement of `length` bytes, its lowest byte first. */
  integer(length: number): number | bigint {
    if (length > longestInteger)
      throw new TorchFileError(`its pickle has a number of ${length} bytes`);
    const digits = Buffer.from(this.take(length)).reverse().toString("hex");
    return narrow(BigInt.asIntN(8 * length, BigInt(`0x0${digits}`)));
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The stack, the marks in it and the memo of a pickle that is being read. */
class Machine {
  readonly #stack: unknown[] = [];
  /** How high the stack stood at each mark. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(
    readonly bytes: PickleBytes,
    readonly known: KnownObjects,
  ) {}

  /** The value with which the pickle ends. */
  run(): unknown {
    for (let count = 0; count < maximumSteps; count++) {
      const code = this.bytes.byte();
      if (code === stopCode) return this.pop();
      const step = steps.get(code);
      if (step === undefined) {
        const shown = `0x${code.toString(16).padStart(2, "0")}`;
        throw new TorchFileError(`its pickle has the step ${shown}, which PyTorch does not write`);
      }
      step(this, this.bytes);
    }
    throw new TorchFileError(`its pickle has more than ${maximumSteps} steps`);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    this.#refuseEmpty();
    return this.#stack.pop();
  }

  top(): unknown {
    this.#refuseEmpty();
    return this.#stack.at(-1);
  }

  /** Nothing is taken from below a mark. */
  #refuseEmpty(): void {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw new TorchFileError("its pickle takes a value that it has not");
    }
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Whether a mark is what was put down last. */
  isMarked(): boolean {
    return this.#marks.at(-1) === this.#stack.length;
  }

  /** All values above the last mark, and the mark with them. */
  popMarked(): unknown[] {
    const start = this.#marks.pop();
    if (start === undefined)
      throw new TorchFileError("its pickle goes back to a mark that it has not");
    return this.#stack.splice(start);
  }

  /** The last `count` values, in the order in which they were put down. */
  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  keep(place = this.#memo.size): void {
    this.#memo.set(place, this.top());
  }

  recall(place: number): void {
    if (!this.#memo.has(place)) {
      throw new TorchFileError(`its pickle recalls value ${place}, which it has not kept`);
    }
    this.push(this.#memo.get(place));
  }

  /** Puts down what a function or class makes of its arguments. */
  call(callee: unknown, given: unknown): void {
    const list = Array.isArray(given) ? (given as readonly unknown[]) : [];
    if (callee instanceof Global) {
      this.push(this.known.call(callee.path, list) ?? new Opaque(callee.path));
    } else {
      this.push(callee instanceof Opaque ? callee : new Opaque("a function of its own"));
    }
  }
}

type Step = (machine: Machine, bytes: PickleBytes) => void;

function appendTo(list: unknown, values: readonly unknown[]): void {
  if (Array.isArray(list)) for (const value of values) list.push(value);
  else if (!(list instanceof Opaque)) throw new TorchFileError("its pickle appends to no list");
}

/** @param pairs a key, its value, the next key and so on. */
function setIn(map: unknown, pairs: readonly unknown[]): void {
  if (map instanceof Opaque) return;
  if (!(map instanceof Map) || pairs.length % 2 !== 0) {
    throw new TorchFileError("its pickle puts no pairs, or not into a dictionary");
  }
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1]);
}

function mapOf(pairs: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  setIn(map, pairs);
  return map;
}

const stopCode = ".".charCodeAt(0);

/** By their codes, as `pickletools` names them. Those of protocols 0 and 1 alone, and of extensions, are not known. */
const steps: ReadonlyMap<number, Step> = new Map<number, Step>(
  (
    [
      // PROTO, FRAME
      [0x80, (_, bytes) => refuseNewer(bytes.byte())],
      [0x95, (_, bytes) => void bytes.long()],
      // MARK, POP, POP_MARK, DUP
      ["(", (machine) => machine.mark()],
      ["0", (machine) => void (machine.isMarked() ? machine.popMarked() : machine.pop())],
      ["1", (machine) => void machine.popMarked()],
      ["2", (machine) => machine.push(machine.top())],
      // NONE, NEWTRUE, NEWFALSE
      ["N", (machine) => machine.push(null)],
      [0x88, (machine) => machine.push(true)],
      [0x89, (machine) => machine.push(false)],
      // BININT, BININT1, BININT2, INT (of Python 2, for longer ones), LONG1, LONG4, BINFLOAT
      ["J", (machine, bytes) => machine.push(bytes.signed())],
      ["K", (machine, bytes) => machine.push(bytes.byte())],
      ["M", (machine, bytes) => machine.push(bytes.short())],
      ["I", (machine, bytes) => machine.push(decimal(bytes.line()))],
      [0x8a, (machine, bytes) => machine.push(bytes.integer(bytes.byte()))],
      [0x8b, (machine, bytes) => machine.push(bytes.integer(bytes.unsigned()))],
      ["G", (machine, bytes) => machine.push(bytes.float())],
      // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8, BINSTRING, SHORT_BINSTRING
      ["X", (machine, bytes) => machine.push(bytes.text(bytes.unsigned()))],
      [0x8c, (machine, bytes) => machine.push(bytes.text(bytes.byte()))],
      [0x8d, (machine, bytes) => machine.push(bytes.text(bytes.long()))],
      ["T", (machine, bytes) => machine.push(bytes.text(bytes.unsigned()))],
      ["U", (machine, bytes) => machine.push(bytes.text(bytes.byte()))],
      // BINBYTES, SHORT_BINBYTES, BINBYTES8, BYTEARRAY8
      ["B", (machine, bytes) => machine.push(bytes.take(bytes.unsigned()))],
      ["C", (machine, bytes) => machine.push(bytes.take(bytes.byte()))],
      [0x8e, (machine, bytes) => machine.push(bytes.take(bytes.long()))],
      [0x96, (machine, bytes) => machine.push(bytes.take(bytes.long()))],
      // EMPTY_LIST, APPEND, APPENDS, LIST
      ["]", (machine) => machine.push([])],
      ["a", (machine) => appendTo(...putInto(machine, 1))],
      ["e", (machine) => appendTo(...putInto(machine))],
      ["l", (machine) => machine.push(machine.popMarked())],
      // EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
      [")", (machine) => machine.push([])],
      ["t", (machine) => machine.push(machine.popMarked())],
      [0x85, (machine) => machine.push(machine.popMany(1))],
      [0x86, (machine) => machine.push(machine.popMany(2))],
      [0x87, (machine) => machine.push(machine.popMany(3))],
      // EMPTY_DICT, SETITEM, SETITEMS, DICT
      ["}", (machine) => machine.push(new Map())],
      ["s", (machine) => setIn(...putInto(machine, 2))],
      ["u", (machine) => setIn(...putInto(machine))],
      ["d", (machine) => machine.push(mapOf(machine.popMarked()))],
      // EMPTY_SET, ADDITEMS, FROZENSET
      [0x8f, (machine) => machine.push([])],
      [0x90, (machine) => appendTo(...putInto(machine))],
      [0x91, (machine) => machine.push(machine.popMarked())],
      // GLOBAL, STACK_GLOBAL
      ["c", (machine, bytes) => machine.push(new Global(`${bytes.line()}.${bytes.line()}`))],
      [0x93, (machine) => machine.push(new Global(machine.popMany(2).map(String).join(".")))],
      // REDUCE, NEWOBJ, NEWOBJ_EX, and BUILD, which gives an object attributes
      ["R", (machine) => machine.call(...asPair(machine.popMany(2)))],
      [0x81, (machine) => machine.call(...asPair(machine.popMany(2)))],
      [0x92, (machine) => machine.call(...asPair(machine.popMany(3)))],
      ["b", (machine) => void machine.pop()],
      // BINPERSID
      ["Q", (machine) => machine.push(machine.known.persistent(machine.pop()))],
      // BINGET, LONG_BINGET, BINPUT, LONG_BINPUT, MEMOIZE
      ["h", (machine, bytes) => machine.recall(bytes.byte())],
      ["j", (machine, bytes) => machine.recall(bytes.unsigned())],
      ["q", (machine, bytes) => machine.keep(bytes.byte())],
      ["r", (machine, bytes) => machine.keep(bytes.unsigned())],
      [0x94, (machine) => machine.keep()],
    ] satisfies [number | string, Step][]
  ).map(([code, step]) => [typeof code === "string" ? code.charCodeAt(0) : code, step]),
);

/** The container that stays on the stack, and what is put into it: the last values, or all above the mark. */
function putInto(machine: Machine, count?: number): [container: unknown, values: unknown[]] {
  const values = count === undefined ? machine.popMarked() : machine.popMany(count);
  return [machine.top(), values];
}

function asPair([callee, given]: readonly unknown[]): [callee: unknown, given: unknown] {
  return [callee, given];
}

function refuseNewer(protocol: number): void {
  if (protocol <= newestProtocol) return;
  throw new TorchFileError(
    `its pickle is of protocol ${protocol}, and ${newestProtocol} is the newest`,
  );
}

/** A number in digits; `00` and `01` are how Python wrote what is false and true. */
function decimal(digits: string): number | bigint | boolean {
  if (digits === "00" || digits === "01") return digits === "01";
  if (!/^-?\d{1,40}$/.test(digits))
    throw new TorchFileError("its pickle has digits that are no number");
  return narrow(BigInt(digits));
}
